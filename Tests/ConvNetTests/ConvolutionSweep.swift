import Networks

@testable import ConvNet

/// Convolutions of all kinds, as operations, against the plainest loops.
enum ConvolutionSweep {
    struct Case {
        var inputs: Int
        var outputs: Int
        var groups = 1
        var kernel = (1, 1)
        var stride = (1, 1)
        var dilation = (1, 1)
        /// Top, left, bottom, right.
        var pads = (0, 0, 0, 0)
        var size = (5, 7)
        var activation = FusedActivation.none

        var words: String {
            "\(inputs)->\(outputs) groups \(groups), kernel \(kernel), stride \(stride), dilation \(dilation), "
                + "pads \(pads), size \(size), \(activation)"
        }
    }

    /// Every kind of attribute that networks have, at sizes that are no multiples of anything.
    static let cases: [Case] = {
        var cases: [Case] = []
        for (inputs, outputs) in [(1, 1), (3, 16), (16, 16), (24, 58), (17, 40), (64, 33)] {
            for activation in [FusedActivation.none, .relu, .relu6] {
                cases.append(Case(inputs: inputs, outputs: outputs, activation: activation))
                cases.append(
                    Case(
                        inputs: inputs, outputs: outputs, kernel: (3, 3), pads: (1, 1, 1, 1), size: (9, 8),
                        activation: activation))
            }
            cases.append(Case(inputs: inputs, outputs: outputs, stride: (2, 2), size: (8, 7)))
            cases.append(
                Case(inputs: inputs, outputs: outputs, kernel: (3, 3), stride: (2, 2), pads: (0, 0, 1, 1), size: (8, 9))
            )
            cases.append(
                Case(
                    inputs: inputs, outputs: outputs, kernel: (7, 7), stride: (2, 2), pads: (3, 3, 3, 3), size: (15, 12)
                ))
            cases.append(
                Case(inputs: inputs, outputs: outputs, kernel: (4, 4), stride: (4, 4), size: (17, 18)))
            cases.append(
                Case(inputs: inputs, outputs: outputs, kernel: (1, 7), pads: (0, 3, 0, 3), size: (6, 11)))
            cases.append(
                Case(
                    inputs: inputs, outputs: outputs, kernel: (3, 2), stride: (1, 3), dilation: (2, 1),
                    pads: (1, 0, 3, 2), size: (11, 10), activation: .relu))
            cases.append(
                Case(
                    inputs: inputs, outputs: outputs, kernel: (3, 3), stride: (2, 2), dilation: (2, 3),
                    pads: (2, 5, 1, 0), size: (13, 12)))
            cases.append(Case(inputs: inputs, outputs: outputs, kernel: (2, 2), stride: (3, 3), size: (10, 11)))
        }
        // Sums in parts.
        for (inputs, outputs) in [(1030, 24), (40, 2100), (2048, 1040)] {
            cases.append(Case(inputs: inputs, outputs: outputs, size: (3, 2), activation: .relu6))
        }
        cases.append(
            Case(inputs: 130, outputs: 260, kernel: (3, 3), pads: (1, 1, 1, 1), size: (4, 5), activation: .relu))
        cases.append(
            Case(inputs: 200, outputs: 140, kernel: (5, 5), stride: (2, 2), pads: (2, 2, 2, 2), size: (7, 6)))
        for (channels, groups) in [(21, 7), (32, 8), (64, 2), (64, 32), (48, 3), (40, 5)] {
            cases.append(
                Case(
                    inputs: channels, outputs: channels, groups: groups, kernel: (3, 3), pads: (1, 1, 1, 1),
                    size: (7, 6), activation: .relu))
            cases.append(
                Case(
                    inputs: channels, outputs: channels * 2, groups: groups, kernel: (3, 3), stride: (2, 2),
                    pads: (1, 1, 1, 1), size: (7, 6)))
        }
        for channels in [1, 16, 24, 40] where channels > 1 {
            for kernel in [3, 5, 7] {
                for stride in [1, 2, 3] {
                    let pad = kernel / 2
                    cases.append(
                        Case(
                            inputs: channels, outputs: channels, groups: channels, kernel: (kernel, kernel),
                            stride: (stride, stride), pads: (pad, pad, pad, pad), size: (13, 10), activation: .relu6))
                    cases.append(
                        Case(
                            inputs: channels, outputs: channels, groups: channels, kernel: (kernel, 1),
                            stride: (stride, 1), dilation: (2, 1), pads: (0, 1, 2, 0), size: (17, 6)))
                }
            }
        }
        return cases
    }()

    static func maps() -> Findings {
        var found = Findings()
        for (index, one) in cases.enumerated() { compare(one, seed: UInt64(index), &found) }
        return found
    }

    /// Winograd's way for all cases that it can be, against the same loops. It rounds five times as much.
    static func winograd() -> Findings {
        var found = Findings()
        var count = 0
        for (index, one) in (cases + winogradCases).enumerated() where one.kernel == (3, 3) && one.stride == (1, 1) {
            guard WinogradConvolution.canBe(convolution(one, seed: UInt64(index))) else { continue }
            compare(one, seed: UInt64(index), isWinograd: true, &found)
            count += 1
        }
        found.expect(count >= winogradCases.count + 6, "\(count) cases only")
        return found
    }

    /// Maps of whole and of cut tiles, all paddings, and more tiles than are transformed together.
    private static let winogradCases: [Case] = {
        var cases: [Case] = []
        for pads in [(0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 2, 2), (0, 2, 1, 0), (1, 0, 0, 2)] {
            for size in [(3, 3), (4, 8), (7, 7), (9, 13), (14, 17)] {
                cases.append(Case(inputs: 40, outputs: 24, kernel: (3, 3), pads: pads, size: size, activation: .relu))
            }
        }
        cases.append(
            Case(inputs: 80, outputs: 112, kernel: (3, 3), pads: (1, 1, 1, 1), size: (37, 41), activation: .relu6))
        cases.append(Case(inputs: 16, outputs: 16, kernel: (3, 3), pads: (1, 1, 1, 1), size: (90, 83)))
        return cases
    }()

    static func images() -> Findings {
        var found = Findings()
        for (index, one) in cases.enumerated() where one.groups == 1 && one.dilation == (1, 1) {
            for inputs in [1, 3] where one.inputs <= 17 {
                var one = one
                one.inputs = inputs
                if one.stride.0 * one.stride.1 * inputs > 3 * laneWidth { continue }
                compareImage(one, seed: UInt64(index), &found)
            }
        }
        return found
    }

    private static func convolution(_ one: Case, seed: UInt64) -> Convolution {
        let perGroup = one.inputs / one.groups
        let count = one.outputs * perGroup * one.kernel.0 * one.kernel.1
        var convolution = Convolution(
            outputChannels: one.outputs, inputChannels: one.inputs, groups: one.groups, kernelHeight: one.kernel.0,
            kernelWidth: one.kernel.1, weights: Constant(KernelSweep.noise(count, seed: seed + 1)),
            bias: KernelSweep.noise(one.outputs, seed: seed + 2).map { Double($0) })
        (convolution.strideY, convolution.strideX) = one.stride
        (convolution.dilationY, convolution.dilationX) = one.dilation
        (convolution.top, convolution.left, convolution.bottom, convolution.right) = one.pads
        convolution.scale = KernelSweep.noise(one.outputs, seed: seed + 3).map { Double($0) * 2 }
        return convolution
    }

    /// Calls `body(output, input, weight)` for every product.
    private static func forEachProduct(
        _ convolution: Convolution, _ input: MapShape, _ output: MapShape, _ body: (Int, Int, Double) -> Void
    ) {
        guard let weights = try? convolution.weights.values() else { return }
        let perGroup = convolution.inputChannels / convolution.groups
        let outputsPerGroup = convolution.outputChannels / convolution.groups
        for o in 0..<output.channels {
            let scale = convolution.scale?[o] ?? 1
            for i in 0..<perGroup {
                let channel = o / outputsPerGroup * perGroup + i
                for ky in 0..<convolution.kernelHeight {
                    for kx in 0..<convolution.kernelWidth {
                        let weight =
                            Double(
                                weights[
                                    ((o * perGroup + i) * convolution.kernelHeight + ky) * convolution.kernelWidth + kx]
                            )
                            * scale
                        for y in 0..<output.height {
                            let iy = y * convolution.strideY + ky * convolution.dilationY - convolution.top
                            guard (0..<input.height).contains(iy) else { continue }
                            for x in 0..<output.width {
                                let ix = x * convolution.strideX + kx * convolution.dilationX - convolution.left
                                guard (0..<input.width).contains(ix) else { continue }
                                body(
                                    (o * output.height + y) * output.width + x,
                                    (channel * input.height + iy) * input.width + ix, weight)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func compare(_ one: Case, seed: UInt64, isWinograd: Bool = false, _ found: inout Findings) {
        let tolerance = isWinograd ? 2e-5 : 2e-6
        let convolution = convolution(one, seed: seed)
        let input = MapShape(channels: one.inputs, height: one.size.0, width: one.size.1)
        let output = convolution.outputShape(of: input)
        guard output.count > 0 else { return }
        let operation: ConvolutionOperation
        do {
            if isWinograd {
                operation = WinogradConvolution(
                    try PackedWinograd(convolution, .forward), try PackedWinograd(convolution, .backward), convolution,
                    one.activation, input: input, output: output)
            } else if convolution.isPointwise {
                operation = PointwiseConvolution(
                    try PackedPointwise(convolution, .forward), try PackedPointwise(convolution, .backward),
                    one.activation, input: input, output: output)
            } else if convolution.isDepthwise {
                operation = DepthwiseConvolution(
                    try PackedDepthwise(convolution), convolution, one.activation, input: input, output: output)
            } else {
                operation = DenseConvolution(
                    try PackedDense(convolution, .forward), try PackedDense(convolution, .backward), convolution,
                    one.activation, input: input, output: output)
            }
        } catch {
            found.expect(false, "\(error)")
            return
        }
        let x = KernelSweep.noise(input.count, seed: seed + 4)
        let g = KernelSweep.noise(output.count, seed: seed + 5)
        let old = KernelSweep.noise(input.count, seed: seed + 6)
        let source = KernelSweep.blocked(x, channels: input.channels, pixels: input.pixels)
        let result = AlignedBuffer(count: output.floatCount)
        let saved = AlignedBuffer(count: operation.savedCount)
        let scratch = AlignedBuffer(count: operation.scratchCount)
        // What is there before must not matter.
        for index in result.floats.indices { result.floats[index] = .nan }
        for index in scratch.floats.indices { scratch.floats[index] = .nan }
        operation.memory.inputs = [source.base]
        operation.memory.output = result.base
        operation.memory.saved = saved.base
        operation.memory.scratch = scratch.base
        operation.forward()

        var sums = [Double](repeating: 0, count: output.count)
        for index in sums.indices { sums[index] = convolution.bias[index / output.pixels] }
        forEachProduct(convolution, input, output) { sums[$0] += $2 * Double(x[$1]) }
        let scale = worst(sums)
        var passes = [Bool](repeating: true, count: output.count)
        let upper = one.activation == .relu6 ? 6.0 : .infinity
        for channel in 0..<output.channels {
            for pixel in 0..<output.pixels {
                let index = channel * output.pixels + pixel
                let value = Double(KernelSweep.value(result, channel, pixel, pixels: output.pixels))
                let sum = sums[index]
                let expected = one.activation == .none ? sum : min(max(sum, 0), upper)
                found.expect(abs(value - expected) <= tolerance * scale, "\(one.words): \(value) for \(expected)")
                if one.activation != .none { passes[index] = value > 0 && value < upper }
            }
        }
        found.expect(hasZeroTail(result, output), "\(one.words): lanes beyond the channels")

        for adds in [false, true] {
            let gradient = KernelSweep.blocked(g, channels: output.channels, pixels: output.pixels)
            let back =
                adds
                ? KernelSweep.blocked(old, channels: input.channels, pixels: input.pixels)
                : AlignedBuffer(count: input.floatCount)
            if !adds { for index in back.floats.indices { back.floats[index] = .nan } }
            for index in scratch.floats.indices { scratch.floats[index] = .nan }
            operation.memory.gradient = gradient.base
            operation.memory.inputGradients = [StepMemory.Gradient(base: back.base, adds: adds)]
            operation.backward()
            var expected = adds ? old.map { Double($0) } : [Double](repeating: 0, count: input.count)
            forEachProduct(convolution, input, output) { if passes[$0] { expected[$1] += $2 * Double(g[$0]) } }
            let size = max(worst(expected), 1)
            for channel in 0..<input.channels {
                for pixel in 0..<input.pixels {
                    let value = Double(KernelSweep.value(back, channel, pixel, pixels: input.pixels))
                    let wanted = expected[channel * input.pixels + pixel]
                    found.expect(
                        abs(value - wanted) <= tolerance * size,
                        "\(one.words): gradient \(value) for \(wanted), adds \(adds)")
                }
            }
            found.expect(hasZeroTail(back, input), "\(one.words): gradient's lanes beyond the channels")
        }
    }

    private static func compareImage(_ one: Case, seed: UInt64, _ found: inout Findings) {
        let convolution = convolution(one, seed: seed)
        let shape = MapShape(channels: one.inputs, height: one.size.0, width: one.size.1)
        let output = convolution.outputShape(of: shape)
        guard output.count > 0 else { return }
        let input = ImageInput(
            mean: [Double]([0.4, 0.5, 0.6].prefix(one.inputs)),
            standardDeviation: [Double]([0.2, 0.25, 0.3].prefix(one.inputs)),
            colorOrder: seed % 2 == 0 ? .rgb : .bgr)
        let image = ImageMemory(input)
        guard let weights = try? PackedImageConvolution(convolution) else {
            found.expect(false, "weights")
            return
        }
        let operation = ImageConvolution(weights, convolution, one.activation, image, input: shape, output: output)
        let colors = KernelSweep.noise(shape.pixels * 3, seed: seed + 7)
        let g = KernelSweep.noise(output.count, seed: seed + 5)
        let result = AlignedBuffer(count: output.floatCount)
        let saved = AlignedBuffer(count: operation.savedCount)
        let scratch = AlignedBuffer(count: operation.scratchCount)
        let gradient = KernelSweep.blocked(g, channels: output.channels, pixels: output.pixels)
        for index in scratch.floats.indices { scratch.floats[index] = .nan }
        operation.memory.output = result.base
        operation.memory.saved = saved.base
        operation.memory.scratch = scratch.base
        operation.memory.gradient = gradient.base
        var back = [Float](repeating: .nan, count: colors.count)
        colors.withUnsafeBytes { pixels in
            back.withUnsafeMutableBytes { gradient in
                guard let from = pixels.baseAddress, let to = gradient.baseAddress else { return }
                image.pixels = from
                operation.forward()
                image.gradient = to
                operation.backward()
            }
        }
        /// Which part of which color a channel is.
        func part(_ channel: Int, _ color: Int) -> Double {
            if one.inputs == 1 { return 1.0 / 3 }
            return (input.colors[channel] == color ? 1 : 0)
        }
        var x = [Double](repeating: 0, count: shape.count)
        for channel in 0..<shape.channels {
            for pixel in 0..<shape.pixels {
                var value = 0.0
                for color in 0..<3 { value += part(channel, color) * Double(colors[pixel * 3 + color]) }
                x[channel * shape.pixels + pixel] = value * Double(input.scale[channel]) + Double(input.shift[channel])
            }
        }
        var sums = [Double](repeating: 0, count: output.count)
        for index in sums.indices { sums[index] = convolution.bias[index / output.pixels] }
        forEachProduct(convolution, shape, output) { sums[$0] += $2 * x[$1] }
        let scale = worst(sums)
        var passes = [Bool](repeating: true, count: output.count)
        let upper = one.activation == .relu6 ? 6.0 : .infinity
        for channel in 0..<output.channels {
            for pixel in 0..<output.pixels {
                let index = channel * output.pixels + pixel
                let value = Double(KernelSweep.value(result, channel, pixel, pixels: output.pixels))
                let expected = one.activation == .none ? sums[index] : min(max(sums[index], 0), upper)
                found.expect(abs(value - expected) <= 2e-6 * scale, "image \(one.words): \(value) for \(expected)")
                if one.activation != .none { passes[index] = value > 0 && value < upper }
            }
        }
        var channels = [Double](repeating: 0, count: shape.count)
        forEachProduct(convolution, shape, output) { if passes[$0] { channels[$1] += $2 * Double(g[$0]) } }
        var expected = [Double](repeating: 0, count: back.count)
        for channel in 0..<shape.channels {
            for pixel in 0..<shape.pixels {
                for color in 0..<3 {
                    expected[pixel * 3 + color] +=
                        channels[channel * shape.pixels + pixel] * part(channel, color) * Double(input.scale[channel])
                }
            }
        }
        let size = max(worst(expected), 1)
        for (value, wanted) in zip(back, expected) {
            found.expect(
                abs(Double(value) - wanted) <= 2e-6 * size, "image \(one.words): gradient \(value) for \(wanted)")
        }
    }

    static func hasZeroTail(_ buffer: AlignedBuffer, _ shape: MapShape) -> Bool {
        for channel in shape.channels..<blockCount(shape.channels) * laneWidth {
            for pixel in 0..<shape.pixels
            where KernelSweep.value(buffer, channel, pixel, pixels: shape.pixels) != 0 { return false }
        }
        return true
    }
}
