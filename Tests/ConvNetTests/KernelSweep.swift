@testable import ConvNet

/// Each kernel over many shapes against the plainest loops.
enum KernelSweep {
    /// Deterministic values in -1...1 with every sign and no structure.
    static func noise(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
    }

    /// `[channel][pixel]` to the blocked layout.
    static func blocked(_ values: [Float], channels: Int, pixels: Int) -> AlignedBuffer {
        let buffer = AlignedBuffer(count: blockCount(channels) * pixels * laneWidth)
        for channel in 0..<channels {
            for pixel in 0..<pixels {
                buffer.floats[(channel / laneWidth * pixels + pixel) * laneWidth + channel % laneWidth] =
                    values[channel * pixels + pixel]
            }
        }
        return buffer
    }

    static func value(_ buffer: AlignedBuffer, _ channel: Int, _ pixel: Int, pixels: Int) -> Float {
        buffer.floats[(channel / laneWidth * pixels + pixel) * laneWidth + channel % laneWidth]
    }

    static func isAlive(_ mask: AlignedBuffer, _ channel: Int, _ pixel: Int, pixels: Int) -> Bool {
        let word = mask.base.maskWord(channel / laneWidth * maskWordCount(pixels) + pixel / maskPixels)
        return word[channel % laneWidth] >> UInt32(pixel % maskPixels) & 1 == 1
    }

    static let channelCounts = Array(1...64) + [96, 144, 160, 192, 320, 384, 576, 960]

    static func matrixProducts() -> Findings {
        var found = Findings()
        for (index, depth) in Self.channelCounts.enumerated() {
            // Every number of columns with some depth, every depth with some numbers of columns.
            let rotating = Self.channelCounts[index * 5 % Self.channelCounts.count]
            for columns in Set([1, 15, 16, 17, 24, 32, 48, 64, 80, 96, rotating]).sorted() {
                let pixels = 1 + (depth * 7 + columns * 3) % 57
                let a = Self.noise(depth * pixels, seed: UInt64(depth))
                let w = Self.noise(depth * columns, seed: UInt64(columns)).map { $0 * 3 }
                let bias = Self.noise(columns, seed: 5)
                let residual = Self.noise(columns * pixels, seed: 6)
                let source = Self.blocked(a, channels: depth, pixels: pixels)
                let packed = PackedMatrix(depth: depth, columns: columns) { w[$0 * columns + $1] }
                let biasLanes = Self.blocked(bias, channels: columns, pixels: 1)
                let residualLanes = Self.blocked(residual, channels: columns, pixels: pixels)
                let zeros = AlignedBuffer(count: blockCount(columns) * laneWidth)
                let words = maskWordCount(pixels)
                func plane(_ buffer: AlignedBuffer) -> LanePlane { LanePlane(base: buffer.base, blockStride: pixels) }
                let count = blockCount(columns) * pixels * laneWidth
                let (linear, sum, rectified, back) = (
                    AlignedBuffer(count: count), AlignedBuffer(count: count), AlignedBuffer(count: count),
                    AlignedBuffer(count: count)
                )
                let mask = AlignedBuffer(count: blockCount(columns) * words * laneWidth)
                let bits = MaskPlane(base: mask.base, blockStride: words)
                /// In two runs, so that one starts where the other stopped, within a mask word.
                func run(_ epilogue: some TileEpilogue) {
                    for run in [0..<pixels / 3, pixels / 3..<pixels] {
                        multiply(
                            RowOperand.blocked(plane(source), from: run.lowerBound), pixels: run, by: packed,
                            panels: packed.panels, epilogue: epilogue)
                    }
                }
                run(LinearEpilogue(output: plane(linear), bias: biasLanes.base))
                run(ResidualEpilogue(output: plane(sum), bias: biasLanes.base, residual: plane(residualLanes)))
                run(RectifyingEpilogue<ReLU6>(output: plane(rectified), bias: biasLanes.base, mask: bits))
                run(MaskingEpilogue(output: plane(back), bias: zeros.base, mask: bits))
                var largest: Float = 0
                for column in 0..<columns {
                    for pixel in 0..<pixels {
                        var product = 0.0
                        for index in 0..<depth {
                            product += Double(a[index * pixels + pixel]) * Double(w[index * columns + column])
                        }
                        let expected = Float(product + Double(bias[column]))
                        let alive = Self.isAlive(mask, column, pixel, pixels: pixels)
                        // At the edge of ReLU6 rounding decides; elsewhere the bit is certain.
                        if abs(expected) > 1e-3, abs(expected - 6) > 1e-3 {
                            found.expect(
                                alive == (expected > 0 && expected < 6),
                                "depth \(depth), columns \(columns), pixels \(pixels): mask of \(expected)")
                        }
                        let differences = [
                            Self.value(linear, column, pixel, pixels: pixels) - expected,
                            Self.value(sum, column, pixel, pixels: pixels) - expected
                                - residual[column * pixels + pixel],
                            Self.value(rectified, column, pixel, pixels: pixels) - min(max(expected, 0), 6),
                            Self.value(back, column, pixel, pixels: pixels) - (alive ? Float(product) : 0),
                        ]
                        largest = worse(largest, worst(differences))
                    }
                }
                found.expect(
                    largest <= 1e-5 * Float(depth).squareRoot() * 4,
                    "depth \(depth), columns \(columns), pixels \(pixels): \(largest)")
            }
        }
        return found
    }

    /// Strides and paddings; only stride 2 pads otherwise than by one.
    static let depthwiseCases = [(1, 1, 1), (2, 1, 1), (2, 0, 0), (2, 0, 1)]

    static func depthwise(stride: Int, paddingTop: Int, paddingLeft: Int) -> Findings {
        var found = Findings()
        for width in 1...57 {
            let height = 1 + width * 5 % 19
            let geometry = DepthwiseGeometry(
                inputHeight: height, inputWidth: width, stride: stride, paddingTop: paddingTop,
                paddingLeft: paddingLeft)
            let (pixels, outputs) = (geometry.inputPixels, geometry.outputPixels)
            let x = Self.noise(laneWidth * pixels, seed: 1).map { $0 * 4 }
            let g = Self.noise(laneWidth * outputs, seed: 2)
            let w = Self.noise(laneWidth * 9, seed: 3)
            let (input, gradient) = (
                Self.blocked(x, channels: 16, pixels: pixels), Self.blocked(g, channels: 16, pixels: outputs)
            )
            let taps = Self.blocked(w, channels: 16, pixels: 9)
            let flipped = Self.blocked(w.indices.map { w[$0 / 9 * 9 + 8 - $0 % 9] }, channels: 16, pixels: 9)
            let zeros = AlignedBuffer(count: max(width, geometry.outputWidth) * laneWidth)
            func ring(_ buffer: AlignedBuffer, _ height: Int, _ width: Int) -> RowRing {
                RowRing(
                    base: buffer.base, capacity: height, height: height, rowBytes: width * laneBytes, zeros: zeros.base)
            }
            let output = AlignedBuffer(count: outputs * laneWidth)
            let mask = AlignedBuffer(count: maskWordCount(outputs) * laneWidth)
            // In two runs, so that one starts where the other stopped, within a mask word.
            let split = geometry.outputHeight / 2
            for rows in [0..<split, split..<geometry.outputHeight] {
                let run = rows.lowerBound * geometry.outputWidth..<rows.upperBound * geometry.outputWidth
                let place = output.base + run.lowerBound * laneBytes
                depthwiseRectified(
                    ring(input, height, width), geometry, rows: rows, weights: taps.base, bias: Lane(repeating: 0.25),
                    into: place, ReLU6.self)
                recordMask(place, mask: mask.base, pixels: run, ReLU6.self)
            }
            let back = AlignedBuffer(count: pixels * laneWidth)
            let all = AlignedBuffer(count: maskWordCount(pixels) * laneWidth)
            for word in 0..<maskWordCount(pixels) {
                all.base.setMaskWord(word, to: MaskWord(repeating: word % 2 == 0 ? 0x5555_5555 : .max))
            }
            if stride == 1 {
                depthwiseTransposedStride1(
                    ring(gradient, geometry.outputHeight, geometry.outputWidth), geometry, rows: 0..<height,
                    weights: flipped.base, into: back.base)
            } else {
                depthwiseTransposedStride2(
                    ring(gradient, geometry.outputHeight, geometry.outputWidth), geometry, rows: 0..<height,
                    weights: taps.base, into: back.base)
            }
            applyMask(back.base, mask: all.base, pixels: 0..<pixels)
            var expected = [Double](repeating: 0.25, count: laneWidth * outputs)
            var expectedBack = [Double](repeating: 0, count: laneWidth * pixels)
            for channel in 0..<laneWidth {
                for y in 0..<geometry.outputHeight {
                    for x0 in 0..<geometry.outputWidth {
                        for tap in 0..<9 {
                            let (row, column) = (
                                y * stride + tap / 3 - paddingTop, x0 * stride + tap % 3 - paddingLeft
                            )
                            guard row >= 0, row < height, column >= 0, column < width else { continue }
                            let (source, target) = (
                                channel * pixels + row * width + column,
                                channel * outputs + y * geometry.outputWidth + x0
                            )
                            expected[target] += Double(w[channel * 9 + tap]) * Double(x[source])
                            expectedBack[source] += Double(w[channel * 9 + tap]) * Double(g[target])
                        }
                    }
                }
            }
            var largest = 0.0
            let place = "\(width)x\(height), stride \(stride), padding \(paddingTop) and \(paddingLeft)"
            for channel in 0..<laneWidth {
                for pixel in 0..<outputs {
                    let value = expected[channel * outputs + pixel]
                    largest = worse(
                        largest,
                        abs(Double(Self.value(output, channel, pixel, pixels: outputs)) - min(max(value, 0), 6)))
                    if abs(value) > 1e-3, abs(value - 6) > 1e-3 {
                        found.expect(
                            Self.isAlive(mask, channel, pixel, pixels: outputs) == (value > 0 && value < 6),
                            "\(place): mask of \(value)")
                    }
                }
                for pixel in 0..<pixels {
                    let value =
                        Self.isAlive(all, channel, pixel, pixels: pixels) ? expectedBack[channel * pixels + pixel] : 0
                    largest = worse(largest, abs(Double(Self.value(back, channel, pixel, pixels: pixels)) - value))
                }
            }
            found.expect(largest <= 1e-5, "\(place): \(largest)")
        }
        return found
    }

    static func sumsAndFills() -> Findings {
        var found = Findings()
        for pixels in 1...100 {
            let x = Self.noise(laneWidth * pixels, seed: 9)
            let plane = Self.blocked(x, channels: 16, pixels: pixels)
            let sum = laneSum(plane.base, count: pixels)
            let mask = AlignedBuffer(count: maskWordCount(pixels) * laneWidth)
            for word in 0..<maskWordCount(pixels) { mask.base.setMaskWord(word, to: MaskWord(repeating: 0xA0F0_1357)) }
            let filled = AlignedBuffer(count: pixels * laneWidth)
            let split = pixels / 3
            fillMasked(filled.base, with: Lane(repeating: 2), mask: mask.base, pixels: 0..<split)
            fillMasked(
                filled.base + split * laneBytes, with: Lane(repeating: 2), mask: mask.base, pixels: split..<pixels)
            for channel in 0..<laneWidth {
                let expected = (0..<pixels).reduce(0.0) { $0 + Double(x[channel * pixels + $1]) }
                found.expect(
                    abs(Double(sum[channel]) - expected) <= 1e-5,
                    "\(pixels) pixels: sum \(sum[channel]), expected \(expected)")
                for pixel in 0..<pixels {
                    let alive: Float = 0xA0F0_1357 as UInt32 >> UInt32(pixel % maskPixels) & 1 == 1 ? 2 : 0
                    found.expect(
                        Self.value(filled, channel, pixel, pixels: pixels) == alive,
                        "\(pixels) pixels: fill of number \(pixel)")
                }
            }
        }
        return found
    }
}
