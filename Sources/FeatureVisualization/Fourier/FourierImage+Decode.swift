import ConvNet

extension FourierImage {
    /// The image of some parameters, `[height, width, channel]` in -1...1.
    func decode(_ parameters: [Float], into image: inout Image) {
        precondition(
            parameters.count == parameterCount && image.height == height && image.width == width, "sizes agree")
        parameters.withUnsafeBufferPointer { parameters in
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                guard let parameters = parameters.baseAddress, let pixels = pixels.baseAddress else { return }
                transformColumns(of: parameters)
                for pair in stride(from: 0, to: rowStarts.count, by: 2) {
                    let (first, second) = (rowStarts[pair], rowStarts[pair + 1])
                    for colour in 0..<3 {
                        joinRows(first, second, colour)
                        rows.transform(work.base + colour * width)
                    }
                    for x in pixelStarts {
                        color(x)
                        store(pixelWork.base, rows: first, x, to: pixels)
                        store(pixelWork.base + 3 * vectorWidth, rows: second, x, to: pixels)
                    }
                }
            }
        }
    }

    /// From z to spectra of rows in `half`: sixteen neighbouring column frequencies at a time.
    private func transformColumns(of parameters: UnsafePointer<Float>) {
        let imaginary = 3 * height * halfWidth
        gains.withUnsafeBufferPointer { gains in
            guard let gains = gains.baseAddress else { return }
            for colour in 0..<3 {
                for (block, start) in frequencyStarts.enumerated() {
                    let z = parameters + colour * height * halfWidth
                    for y in 0..<height {
                        let place = y * halfWidth + start
                        let gain = gains.vector(at: place)
                        work.base[y] = ComplexVector(z.vector(at: place) * gain, z.vector(at: imaginary + place) * gain)
                    }
                    columns.transform(work.base)
                    let target = half.base + (colour * frequencyStarts.count + block) * height
                    columns.places.withUnsafeBufferPointer { places in
                        for y in 0..<height { target[y] = work.base[places[y]] }
                    }
                }
            }
        }
    }

    /// Spectra of one complex row a + i b for each of sixteen real rows a and b, in `work`.
    private func joinRows(_ first: Int, _ second: Int, _ colour: Int) {
        let row = work.base + colour * width
        for (block, start) in frequencyStarts.enumerated() {
            let source = half.base + (colour * frequencyStarts.count + block) * height
            let (aReal, aImaginary) = tiles(source + first)
            let (bReal, bImaginary) = tiles(source + second)
            for column in 0..<vectorWidth {
                let frequency = start + column
                let a = ComplexVector(aReal[column], aImaginary[column])
                let b = ComplexVector(bReal[column], bImaginary[column])
                if frequency == 0 || 2 * frequency == width {
                    // The imaginary parts of the constant and of Nyquist's frequency have no meaning in a real row.
                    row[frequency] = ComplexVector(a.real, b.real)
                } else {
                    row[frequency] = a + b.turned
                    // conj(a) + i conj(b)
                    row[width - frequency] = ComplexVector(a.real + b.imaginary, b.real - a.imaginary)
                }
            }
        }
    }

    /// Sixteen rows of sixteen frequencies as sixteen frequencies of sixteen rows: real parts, imaginary parts.
    @inline(__always) private func tiles(_ source: UnsafeMutablePointer<ComplexVector>) -> (Tile, Tile) {
        var (real, imaginary) = (Tile(repeating: .zero), Tile(repeating: .zero))
        for row in 0..<vectorWidth { (real[row], imaginary[row]) = (source[row].real, source[row].imaginary) }
        return (transposed(real), transposed(imaginary))
    }

    /// Sixteen pixels of both blocks of rows from decorrelated colours to the image's channels, in `pixelWork`.
    private func color(_ start: Int) {
        let matrix = colors
        rows.places.withUnsafeBufferPointer { places in
            for pixel in 0..<vectorWidth {
                let place = places[start + pixel]
                let (t0, t1, t2) = (work.base[place], work.base[width + place], work.base[2 * width + place])
                for channel in 0..<3 {
                    // The half of tanh(C t / 2) goes into C.
                    let row = (matrix[3 * channel] / 2, matrix[3 * channel + 1] / 2, matrix[3 * channel + 2] / 2)
                    let first = mix(t0.real, t1.real, t2.real, row)
                    let second = mix(t0.imaginary, t1.imaginary, t2.imaginary, row)
                    pixelWork.base[3 * pixel + channel] = hyperbolicTangent(first)
                    pixelWork.base[3 * (vectorWidth + pixel) + channel] = hyperbolicTangent(second)
                }
            }
        }
    }

    /// Writes sixteen pixels of sixteen rows, `[pixel][channel]` with a lane a row, to the image.
    private func store(
        _ block: UnsafeMutablePointer<Vector>, rows first: Int, _ x: Int, to pixels: UnsafeMutablePointer<Float>
    ) {
        for part in 0..<3 {
            var tile = Tile(repeating: .zero)
            for index in 0..<vectorWidth { tile[index] = block[part * vectorWidth + index] }
            tile = transposed(tile)
            for row in 0..<vectorWidth {
                pixels.setVector(at: ((first + row) * width + x) * 3 + part * vectorWidth, to: tile[row])
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
