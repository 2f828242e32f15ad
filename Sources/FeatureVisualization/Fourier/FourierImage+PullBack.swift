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
                            partRows(first, second, colour)
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
        for part in 0..<3 {
            var tile = Tile(repeating: .zero)
            for row in 0..<vectorWidth {
                let place = ((first + row) * width + x) * 3 + part * vectorWidth
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

    /// From spectra of sixteen complex rows a + i b to those of the real rows a and b, into `half`.
    private func partRows(_ first: Int, _ second: Int, _ colour: Int) {
        let row = work.base + colour * width
        let half = Vector(repeating: 0.5)
        rows.places.withUnsafeBufferPointer { places in
            for (block, start) in frequencyStarts.enumerated() {
                var (aReal, aImaginary) = (Tile(repeating: .zero), Tile(repeating: .zero))
                var (bReal, bImaginary) = (aReal, aReal)
                for column in 0..<vectorWidth {
                    let frequency = start + column
                    let here = row[places[frequency]]
                    let mirror = row[places[frequency == 0 ? 0 : width - frequency]]
                    // a = (X(f) + conj X(-f)) / 2, b = (X(f) - conj X(-f)) / 2i
                    aReal[column] = (here.imaginary + mirror.imaginary) * half
                    aImaginary[column] = (here.real - mirror.real) * half
                    bReal[column] = (here.real + mirror.real) * half
                    bImaginary[column] = (mirror.imaginary - here.imaginary) * half
                }
                let target = self.half.base + (colour * frequencyStarts.count + block) * height
                store(transposed(aReal), transposed(aImaginary), to: target + first)
                store(transposed(bReal), transposed(bImaginary), to: target + second)
            }
        }
    }

    @inline(__always) private func store(
        _ real: Tile, _ imaginary: Tile, to target: UnsafeMutablePointer<ComplexVector>
    ) {
        // Exchanged, for the columns' forward transform.
        for row in 0..<vectorWidth { target[row] = ComplexVector(imaginary[row], real[row]) }
    }

    /// From spectra of rows in `half` to the gradient by z.
    private func transformColumns(to result: UnsafeMutablePointer<Float>) {
        let imaginary = 3 * height * halfWidth
        adjointGains.withUnsafeBufferPointer { gains in
            columns.places.withUnsafeBufferPointer { places in
                guard let gains = gains.baseAddress else { return }
                for colour in 0..<3 {
                    for (block, start) in frequencyStarts.enumerated() {
                        let source = half.base + (colour * frequencyStarts.count + block) * height
                        columns.transform(source)
                        let target = result + colour * height * halfWidth
                        for y in 0..<height {
                            let place = y * halfWidth + start
                            let (value, gain) = (source[places[y]], gains.vector(at: place))
                            target.setVector(at: place, to: value.imaginary * gain)
                            target.setVector(at: imaginary + place, to: value.real * gain)
                        }
                    }
                }
            }
        }
    }
}
