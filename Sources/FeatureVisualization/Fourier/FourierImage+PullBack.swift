import CPlatform
import ConvNet

extension FourierImage {
    /// The adjoint of `decode`'s derivative at `image`, which it decoded: a gradient by the image becomes a gradient by
    /// the parameters.
    ///
    /// It runs `decode` backwards. Forward Fourier sums are inverse ones with real and imaginary parts exchanged: the
    /// work buffers hold them the other way round here.
    func pullBack(_ gradient: Image, at image: Image, into result: inout [Float]) {
        precondition(
            result.count == parameterCount && image.height == height && image.width == width
                && gradient.height == height && gradient.width == width, "sizes agree")
        result.withUnsafeMutableBufferPointer { result in
            gradient.pixels.withUnsafeBufferPointer { gradient in
                image.pixels.withUnsafeBufferPointer { image in
                    guard let result = result.baseAddress, let gradient = gradient.baseAddress,
                        let image = image.baseAddress
                    else { return }
                    for pair in stride(from: 0, to: rowStarts.count, by: 2) {
                        let (first, second) = (rowStarts[pair], rowStarts[pair + 1])
                        for x in pixelStarts {
                            load(gradient, image, rows: first, x, to: pixelWork.base)
                            load(gradient, image, rows: second, x, to: pixelWork.base + 3 * vectorWidth)
                            decorrelate(x)
                        }
                        for colour in 0..<3 {
                            rows.transform(work.base + colour * width)
                            partRows(work.base + colour * width, spectra(colour, pair), spectra(colour, pair + 1))
                        }
                    }
                    transformColumns(to: result)
                }
            }
        }
    }

    /// Sixteen pixels of sixteen rows, through the derivative of tanh, as `[pixel][channel]` with a lane a row.
    private func load(
        _ gradient: UnsafePointer<Float>, _ image: UnsafePointer<Float>, rows first: Int, _ x: Int,
        to block: UnsafeMutablePointer<Vector>
    ) {
        let half = Vector(repeating: 0.5)
        let (start, rowLength) = ((first * width + x) * 3, 3 * width)
        for part in 0..<3 {
            let start = start + part * vectorWidth
            var tile = Tile(repeating: .zero)
            for row in 0..<vectorWidth {
                let place = start &+ row &* rowLength
                facetreel_prefetch(image + place + 6 * vectorWidth)
                facetreel_prefetch(gradient + place + 6 * vectorWidth)
                let value = image.vector(at: place)
                // (1 - tanh^2) / 2, the half being that of tanh(C t / 2).
                let slope = half.addingProduct(value * value, -half)
                tile[row] = gradient.vector(at: place) * slope
            }
            tile = transposed(tile)
            for index in 0..<vectorWidth { block[part * vectorWidth + index] = tile[index] }
        }
    }

    /// C^T: from the channels in `pixelWork` to decorrelated colours in `work`, the first block of rows as imaginary part.
    private func decorrelate(_ start: Int) {
        let matrix = colors
        for pixel in 0..<vectorWidth {
            let first = pixelWork.base + 3 * pixel
            let second = pixelWork.base + 3 * (vectorWidth + pixel)
            for colour in 0..<3 {
                let column = (matrix[colour], matrix[3 + colour], matrix[6 + colour])
                work.base[colour * width + start + pixel] = ComplexVector(
                    mix(second[0], second[1], second[2], column), mix(first[0], first[1], first[2], column))
            }
        }
    }

    /// From spectra of complex rows a + i b to those of the real rows a and b, real and imaginary parts exchanged on
    /// both sides.
    private func partRows(
        _ row: UnsafePointer<ComplexVector>, _ first: UnsafeMutablePointer<ComplexVector>,
        _ second: UnsafeMutablePointer<ComplexVector>
    ) {
        let half = Vector(repeating: 0.5)
        rows.places.withUnsafeBufferPointer { places in
            for frequency in 0..<halfWidth {
                let here = row[places[frequency]]
                let mirror = row[places[frequency == 0 ? 0 : width - frequency]]
                // a = (X(f) + conj X(-f)) / 2, b = (X(f) - conj X(-f)) / 2i
                first[frequency] = ComplexVector(
                    (here.real - mirror.real) * half, (here.imaginary + mirror.imaginary) * half)
                second[frequency] = ComplexVector(
                    (mirror.imaginary - here.imaginary) * half, (here.real + mirror.real) * half)
            }
        }
    }

    /// From spectra of rows in `half` to the gradient by z.
    private func transformColumns(to result: UnsafeMutablePointer<Float>) {
        let imaginary = 3 * height * halfWidth
        columns.places.withUnsafeBufferPointer { places in
            for colour in 0..<3 {
                for (block, start) in frequencyStarts.enumerated() {
                    for (rowBlock, first) in rowStarts.enumerated() {
                        turnRows(spectra(colour, rowBlock) + start, into: work.base + first)
                    }
                    columns.transform(work.base)
                    let target = result + colour * height * halfWidth + start
                    let gains = adjointGains.base + block * height
                    for y in 0..<height {
                        let (value, gain) = (work.base[places[y]], gains[y])
                        facetreel_prefetch_for_writing(target + y * halfWidth + 2 * vectorWidth)
                        facetreel_prefetch_for_writing(target + imaginary + y * halfWidth + 2 * vectorWidth)
                        target.setVector(at: y * halfWidth, to: value.imaginary * gain)
                        target.setVector(at: imaginary + y * halfWidth, to: value.real * gain)
                    }
                }
            }
        }
    }

    /// Sixteen frequencies of sixteen rows as sixteen rows of sixteen frequencies.
    private func turnRows(
        _ source: UnsafePointer<ComplexVector>, into target: UnsafeMutablePointer<ComplexVector>
    ) {
        var (real, imaginary) = (Tile(repeating: .zero), Tile(repeating: .zero))
        for column in 0..<vectorWidth {
            facetreel_prefetch(source + vectorWidth + column)
            facetreel_prefetch(UnsafeRawPointer(source + vectorWidth + column) + 64)
            (real[column], imaginary[column]) = (source[column].real, source[column].imaginary)
        }
        (real, imaginary) = (transposed(real), transposed(imaginary))
        for row in 0..<vectorWidth { target[row] = ComplexVector(real[row], imaginary[row]) }
    }
}
