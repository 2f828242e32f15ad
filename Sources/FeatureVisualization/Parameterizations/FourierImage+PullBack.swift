import CPlatform
import ConvNet

extension FourierImage {
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float]) {
        pullBack(&gradient, at: image, into: &result) { gradient, whenFinished in
            gradient.pixels.withUnsafeBufferPointer { if let base = $0.baseAddress { whenFinished(height, base) } }
        }
    }

    /// Runs `decode` backwards. A forward Fourier sum is an inverse one with real and imaginary parts exchanged, so
    /// here the work buffers hold the two parts exchanged.
    func pullBack(
        _ gradient: inout Image, at image: Image, into result: inout [Float],
        produce: (inout Image, RowObserver) -> Void
    ) {
        precondition(
            gradient.height == height && gradient.width == width && result.count == parameterCount, "sizes agree")
        var taken = 0
        produce(&gradient) { count, rows in pullBackRows(from: &taken, upTo: count, of: rows, at: image) }
        result.withUnsafeMutableBufferPointer { result in
            if let result = result.baseAddress { transformColumns(to: result) }
        }
    }

    /// Processes the blocks of rows that the first `count` rows of a gradient complete.
    /// - Parameter taken: how many blocks have been processed; 0 at first.
    private func pullBackRows(
        from taken: inout Int, upTo count: Int, of gradient: UnsafePointer<Float>, at image: Image
    ) {
        precondition(image.height == height && image.width == width, "sizes agree")
        image.pixels.withUnsafeBufferPointer { image in
            guard let image = image.baseAddress else { return }
            while taken < rowStarts.count, rowStarts[taken + 1] + vectorWidth <= count {
                let (first, second) = (rowStarts[taken], rowStarts[taken + 1])
                for x in pixelStarts {
                    load(gradient, image, rows: first, x, to: pixelWork.base)
                    load(gradient, image, rows: second, x, to: pixelWork.base + 3 * vectorWidth)
                    decorrelate(x)
                }
                for color in 0..<3 {
                    rows.transform(work.base + color * width)
                    partRows(work.base + color * width, spectra(color, taken), spectra(color, taken + 1))
                }
                taken += 2
            }
        }
    }

    /// Loads sixteen pixels of sixteen rows, multiplied by tanh's derivative: `[pixel][channel]`, one lane for each
    /// row.
    private func load(
        _ gradient: UnsafePointer<Float>, _ image: UnsafePointer<Float>, rows first: Int, _ x: Int,
        to block: UnsafeMutablePointer<Vector>
    ) {
        let half = Vector(repeating: 0.5)
        let (start, rowLength) = ((first * width + x) * 3, 3 * width)
        for part in 0..<3 {
            let start = start + part * vectorWidth
            @inline(__always) func value(_ row: Int) -> Vector {
                let place = start &+ row &* rowLength
                facetreel_prefetch(image + place + 6 * vectorWidth)
                facetreel_prefetch(gradient + place + 6 * vectorWidth)
                let value = image.vector(at: place)
                // (1 - tanh^2) / 2; the factor 1/2 is that of tanh(C t / 2).
                return gradient.vector(at: place) * half.addingProduct(value * value, -half)
            }
            transpose(value) { block[part &* vectorWidth &+ $0] = $1 }
        }
    }

    /// Multiplies the channels in `pixelWork` by C^T, which gives decorrelated colours in `work`. The first block of
    /// rows becomes the imaginary part.
    private func decorrelate(_ start: Int) {
        // Read before the loop: in it, each element would copy the matrix.
        let m = colors
        let columns = ((m[0], m[3], m[6]), (m[1], m[4], m[7]), (m[2], m[5], m[8]))
        let (target, pixels, width) = (work.base + start, pixelWork.base, width)
        for pixel in 0..<vectorWidth {
            let first = pixels + 3 &* pixel
            let second = pixels + 3 &* (vectorWidth &+ pixel)
            let (a, b) = ((first[0], first[1], first[2]), (second[0], second[1], second[2]))
            target[pixel] = ComplexVector(mix(b.0, b.1, b.2, columns.0), mix(a.0, a.1, a.2, columns.0))
            target[width &+ pixel] = ComplexVector(mix(b.0, b.1, b.2, columns.1), mix(a.0, a.1, a.2, columns.1))
            target[2 &* width &+ pixel] = ComplexVector(mix(b.0, b.1, b.2, columns.2), mix(a.0, a.1, a.2, columns.2))
        }
    }

    /// Turns the spectra of the complex rows a + i b into those of the real rows a and b. Real and imaginary parts are
    /// exchanged on both sides.
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

    /// Turns the spectra of the rows in `half` into the gradient by z.
    private func transformColumns(to result: UnsafeMutablePointer<Float>) {
        let imaginary = 3 * height * halfWidth
        columns.places.withUnsafeBufferPointer { places in
            for color in 0..<3 {
                for (block, start) in frequencyStarts.enumerated() {
                    for (rowBlock, first) in rowStarts.enumerated() {
                        turnRows(spectra(color, rowBlock) + start, into: work.base + first)
                    }
                    columns.transform(work.base)
                    let target = result + color * height * halfWidth + start
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

    /// Transposes sixteen frequencies of sixteen rows into sixteen rows of sixteen frequencies.
    private func turnRows(
        _ source: UnsafePointer<ComplexVector>, into target: UnsafeMutablePointer<ComplexVector>
    ) {
        for column in 0..<vectorWidth {
            facetreel_prefetch(source + vectorWidth + column)
            facetreel_prefetch(UnsafeRawPointer(source + vectorWidth + column) + 64)
        }
        transpose {
            source[$0].real
        } _: {
            target[$0].real = $1
        }
        transpose {
            source[$0].imaginary
        } _: {
            target[$0].imaginary = $1
        }
    }
}
