import CPlatform
import ConvNet

extension FourierImage {
    func decode(_ parameters: [Float], into image: inout Image) {
        decode(parameters, into: &image) { _, _ in }
    }

    func decode(_ parameters: [Float], into image: inout Image, whenFinished: RowObserver) {
        precondition(
            parameters.count == parameterCount && image.height == height && image.width == width, "sizes agree")
        parameters.withUnsafeBufferPointer { parameters in
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                guard let parameters = parameters.baseAddress, let pixels = pixels.baseAddress else { return }
                transformColumns(of: parameters)
                for pair in stride(from: 0, to: rowStarts.count, by: 2) {
                    let (first, second) = (rowStarts[pair], rowStarts[pair + 1])
                    for color in 0..<3 {
                        joinRows(spectra(color, pair), spectra(color, pair + 1), into: work.base + color * width)
                        rows.transform(work.base + color * width)
                    }
                    for x in pixelStarts {
                        color(x)
                        store(pixelWork.base, rows: first, x, to: pixels)
                        store(pixelWork.base + 3 * vectorWidth, rows: second, x, to: pixels)
                    }
                    whenFinished(second + vectorWidth, pixels)
                }
            }
        }
    }

    /// Turns z into the spectra of the rows, in `half`: sixteen neighbouring column frequencies at a time.
    private func transformColumns(of parameters: UnsafePointer<Float>) {
        let imaginary = 3 * height * halfWidth
        for color in 0..<3 {
            for (block, start) in frequencyStarts.enumerated() {
                let z = parameters + color * height * halfWidth + start
                let gains = gains.base + block * height
                for y in 0..<height {
                    let place = y * halfWidth
                    // The numbers of the next block lie a row of the spectrum apart, so no processor prefetches them by
                    // itself.
                    facetreel_prefetch(z + place + 2 * vectorWidth)
                    facetreel_prefetch(z + imaginary + place + 2 * vectorWidth)
                    work.base[y] = ComplexVector(
                        z.vector(at: place) * gains[y], z.vector(at: imaginary + place) * gains[y])
                }
                columns.transform(work.base)
                for (rowBlock, first) in rowStarts.enumerated() {
                    let target = spectra(color, rowBlock) + start
                    for column in 0..<vectorWidth {
                        facetreel_prefetch_for_writing(target + vectorWidth + column)
                        facetreel_prefetch_for_writing(UnsafeRawPointer(target + vectorWidth + column) + 64)
                    }
                    turnColumns(first, into: target)
                }
            }
        }
    }

    /// Transposes sixteen rows of sixteen frequencies, which lie in `work`.
    private func turnColumns(_ first: Int, into target: UnsafeMutablePointer<ComplexVector>) {
        columns.places.withUnsafeBufferPointer { places in
            transpose {
                work.base[places[first &+ $0]].real
            } _: {
                target[$0].real = $1
            }
            transpose {
                work.base[places[first &+ $0]].imaginary
            } _: {
                target[$0].imaginary = $1
            }
        }
    }

    /// Makes the spectra of the complex rows a + i b from the spectra of the real rows a and b.
    private func joinRows(
        _ first: UnsafePointer<ComplexVector>, _ second: UnsafePointer<ComplexVector>,
        into row: UnsafeMutablePointer<ComplexVector>
    ) {
        for frequency in 1..<halfWidth {
            let (a, b) = (first[frequency], second[frequency])
            row[frequency] = a + b.turned
            // conj(a) + i conj(b)
            row[width - frequency] = ComplexVector(a.real + b.imaginary, b.real - a.imaginary)
        }
        // The imaginary parts of the constant and of Nyquist's frequency have no meaning in a real row.
        row[0] = ComplexVector(first[0].real, second[0].real)
        if width.isMultiple(of: 2) {
            row[width / 2] = ComplexVector(first[width / 2].real, second[width / 2].real)
        }
    }

    /// Turns the decorrelated colours of sixteen pixels of both blocks of rows into the image's channels, in
    /// `pixelWork`.
    private func color(_ start: Int) {
        // The factor 1/2 of tanh(C t / 2) goes into C. The elements are read before the loop: in it, each of them would
        // copy the matrix.
        let m = colors
        let (red, green, blue) = (
            (m[0] / 2, m[1] / 2, m[2] / 2), (m[3] / 2, m[4] / 2, m[5] / 2), (m[6] / 2, m[7] / 2, m[8] / 2)
        )
        let (work, pixels, width) = (work.base, pixelWork.base, width)
        rows.places.withUnsafeBufferPointer { places in
            for pixel in 0..<vectorWidth {
                let place = places[start &+ pixel]
                let (t0, t1, t2) = (work[place], work[width &+ place], work[2 &* width &+ place])
                let (first, second) = (pixels + 3 &* pixel, pixels + 3 &* (vectorWidth &+ pixel))
                first[0] = hyperbolicTangent(mix(t0.real, t1.real, t2.real, red))
                first[1] = hyperbolicTangent(mix(t0.real, t1.real, t2.real, green))
                first[2] = hyperbolicTangent(mix(t0.real, t1.real, t2.real, blue))
                second[0] = hyperbolicTangent(mix(t0.imaginary, t1.imaginary, t2.imaginary, red))
                second[1] = hyperbolicTangent(mix(t0.imaginary, t1.imaginary, t2.imaginary, green))
                second[2] = hyperbolicTangent(mix(t0.imaginary, t1.imaginary, t2.imaginary, blue))
            }
        }
    }

    /// Writes sixteen pixels of sixteen rows, `[pixel][channel]` with one lane for each row, to the image.
    private func store(
        _ block: UnsafeMutablePointer<Vector>, rows first: Int, _ x: Int, to pixels: UnsafeMutablePointer<Float>
    ) {
        for part in 0..<3 {
            let target = pixels + (first * width + x) * 3 + part * vectorWidth
            transpose {
                block[part &* vectorWidth &+ $0]
            } _: { row, value in
                facetreel_prefetch_for_writing(target + row &* 3 &* width + 3 * vectorWidth)
                target.setVector(at: row &* 3 &* width, to: value)
            }
        }
    }
}

/// The sum of three vectors, each with its weight.
@inline(__always) func mix(_ a: Vector, _ b: Vector, _ c: Vector, _ weights: (Float, Float, Float)) -> Vector {
    (a * Vector(repeating: weights.0))
        .addingProduct(b, Vector(repeating: weights.1))
        .addingProduct(c, Vector(repeating: weights.2))
}
