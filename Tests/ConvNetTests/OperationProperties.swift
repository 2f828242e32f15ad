import Networks

@testable import ConvNet

/// What operations do where their definitions leave a choice.
enum OperationProperties {
    /// Runs an operation of one input forward and back, in float.
    private struct Run {
        let output: [Float]
        /// By the input.
        let gradient: [Float]

        init(
            _ operation: Networks.Operation, _ values: [Float], input: MapShape, output shape: MapShape,
            cotangent: [Float], redirects: Bool = false
        ) {
            let code: MapOperation
            do {
                guard let made = try MapOperations.make(operation, inputs: [input], output: shape) else {
                    preconditionFailure("no code")
                }
                code = made
            } catch {
                preconditionFailure("\(error)")
            }
            if redirects { (code as? ActivationOperation)?.isRedirecting = true }
            let (x, y) = (
                KernelSweep.blocked(values, channels: input.channels, pixels: input.pixels),
                AlignedBuffer(count: shape.floatCount)
            )
            let g = KernelSweep.blocked(cotangent, channels: shape.channels, pixels: shape.pixels)
            let back = AlignedBuffer(count: input.floatCount)
            let (saved, scratch) = (
                AlignedBuffer(count: code.savedCount), AlignedBuffer(count: code.scratchCount)
            )
            code.memory = StepMemory(
                inputs: [x.base], output: y.base, saved: saved.base, scratch: scratch.base, gradient: g.base,
                inputGradients: [.init(base: back.base, adds: false)])
            code.forward()
            output = Self.rowMajor(y, shape)
            if !code.keepsOutput { for index in 0..<shape.floatCount { y.floats[index] = .nan } }
            code.backward()
            gradient = Self.rowMajor(back, input)
            withExtendedLifetime((x, y, g, back, saved, scratch)) {}
        }

        private static func rowMajor(_ map: AlignedBuffer, _ shape: MapShape) -> [Float] {
            (0..<shape.count).map {
                KernelSweep.value(map, $0 / shape.pixels, $0 % shape.pixels, pixels: shape.pixels)
            }
        }
    }

    private static func activation(
        _ activation: Activation, _ values: [Float], _ cotangent: [Float], redirects: Bool
    ) -> [Float] {
        let shape = MapShape(channels: values.count, height: 1, width: 1)
        return Run(
            .activation(activation), values, input: shape, output: shape, cotangent: cotangent, redirects: redirects
        ).gradient
    }

    /// A gradient that nothing passes is led to where it points inwards; one of which something passes is left alone.
    static func redirection() -> Findings {
        var found = Findings()
        func expect(
            _ function: Activation, _ values: [Float], _ cotangent: [Float], plain: [Float], redirected: [Float]
        ) {
            for (redirects, expected) in [(false, plain), (true, redirected)] {
                let gradient = activation(function, values, cotangent, redirects: redirects)
                found.expect(
                    gradient == expected,
                    "\(function) at \(values), \(redirects ? "redirected" : "plain"): \(gradient), not \(expected)")
            }
        }
        let relu = Activation.clip(lower: 0, upper: .infinity)
        expect(relu, [-1, -2, 3], [1, -1, 0], plain: [0, 0, 0], redirected: [1, 0, 0])
        expect(relu, [-1, -2, 3], [1, -1, 0.5], plain: [0, 0, 0.5], redirected: [0, 0, 0.5])
        expect(relu, [-1, -2, 3], [0, 0, 0], plain: [0, 0, 0], redirected: [0, 0, 0])
        let relu6 = Activation.clip(lower: 0, upper: 6)
        expect(relu6, [-1, -2, 7, 8, 1], [1, -1, 1, -1, 0], plain: [0, 0, 0, 0, 0], redirected: [1, 0, 0, -1, 0])
        expect(
            .clip(lower: -.infinity, upper: -1), [0, 0, -2], [1, -1, 0], plain: [0, 0, 0], redirected: [0, -1, 0])
        expect(.leaky(slope: 0.5), [-1, 1], [1, 0], plain: [0.5, 0], redirected: [0.5, 0])
        // A falling line: raising the value means lowering x.
        expect(
            .hardSigmoid(slope: -0.5, offset: 0.5), [4, 4, -4, -4], [1, -1, 1, -1], plain: [0, 0, 0, 0],
            redirected: [-0.5, 0, 0, 0.5])
        expect(.hardSwish, [-4, -4, 5], [1, -1, 0], plain: [0, 0, 0], redirected: [1, 0, 0])
        expect(.hardSwish, [-4, -4, 5], [1, -1, 2], plain: [0, 0, 2], redirected: [0, 0, 2])
        expect(.sigmoid, [0], [1], plain: [0.25], redirected: [0.25])
        // In any block and mask word.
        let shape = MapShape(channels: 40, height: 8, width: 9)
        var (values, cotangent) = ([Float](repeating: -1, count: shape.count), KernelSweep.noise(shape.count, seed: 5))
        let all = Run(
            .activation(relu), values, input: shape, output: shape, cotangent: cotangent, redirects: true)
        found.expect(all.gradient == cotangent.map { max($0, 0) }, "all blocked: \(all.gradient.prefix(9))")
        (values[39 * 72 + 71], cotangent[39 * 72 + 71]) = (1, 2)
        let one = Run(
            .activation(relu), values, input: shape, output: shape, cotangent: cotangent, redirects: true)
        found.expect(
            one.gradient == cotangent.indices.map { $0 == 39 * 72 + 71 ? 2 : 0 },
            "one passes: \(one.gradient.prefix(9))"
        )
        return found
    }

    /// The first of equal maxima, row by row, has the gradient.
    static func ties() -> Findings {
        var found = Findings()
        let shape = MapShape(channels: 20, height: 4, width: 5)
        let flat = [Float](repeating: 0, count: shape.count)
        func isFirst(_ run: Run, _ expected: (_ channel: Int, _ pixel: Int) -> Float, _ what: String) {
            let numbers = (0..<shape.count).map { expected($0 / shape.pixels, $0 % shape.pixels) }
            found.expect(run.gradient == numbers, "\(what): \(run.gradient)")
        }
        for padding in 0...1 {
            var pooling = Pooling(
                kind: .maximum, kernelHeight: 3, kernelWidth: 3, outputHeight: 1, outputWidth: 1)
            (pooling.top, pooling.left) = (padding, padding)
            let output = MapShape(channels: 20, height: 1, width: 1)
            isFirst(
                Run(
                    .pooling(pooling), flat, input: shape, output: output,
                    cotangent: [Float](repeating: 1, count: 20)),
                { $1 == 0 ? 1 : 0 }, "pooling, padding \(padding)")
        }
        for kind in [Reduction.Kind.maximum, .minimum] {
            isFirst(
                Run(
                    .reduction(Reduction(kind: kind, axis: .pixels)), flat, input: shape,
                    output: MapShape(channels: 20, height: 1, width: 1), cotangent: [Float](repeating: 1, count: 20)),
                { $1 == 0 ? 1 : 0 }, "\(kind) of pixels")
            isFirst(
                Run(
                    .reduction(Reduction(kind: kind, axis: .channels)), flat, input: shape,
                    output: MapShape(channels: 1, height: 4, width: 5), cotangent: [Float](repeating: 1, count: 20)),
                { channel, _ in channel == 0 ? 1 : 0 }, "\(kind) of channels")
        }
        return found
    }

    /// Windows of padding alone, many taps, and negative numbers at a border.
    static func windows() -> Findings {
        var found = Findings()
        let shape = MapShape(channels: 3, height: 20, width: 20)
        let values = KernelSweep.noise(shape.count, seed: 8).map { $0 - 2 }
        // More taps than a byte counts.
        var large = Pooling(kind: .maximum, kernelHeight: 20, kernelWidth: 20, outputHeight: 2, outputWidth: 2)
        (large.top, large.left) = (1, 1)
        let output = MapShape(channels: 3, height: 2, width: 2)
        let run = Run(
            .pooling(large), values, input: shape, output: output, cotangent: [Float](repeating: 1, count: 12))
        let exact = OperationReference.output(
            of: .pooling(large), [values.map { Double($0) }], inputs: [shape], shape: output)
        found.expect(run.output.map { Double($0) } == exact, "\(run.output), not \(exact)")
        found.expect(run.gradient.reduce(0, +) == 12, "the gradient's sum is \(run.gradient.reduce(0, +))")
        // A window that lies in the padding.
        for kind in OperationSweep.poolings {
            var outside = Pooling(kind: kind, kernelHeight: 1, kernelWidth: 2, outputHeight: 1, outputWidth: 2)
            (outside.left, outside.strideX) = (2, 2)
            let small = MapShape(channels: 1, height: 1, width: 2)
            let run = Run(
                .pooling(outside), [-3, -5], input: small, output: small, cotangent: [1, 1])
            let isMaximum = kind == .maximum
            found.expect(run.output == (isMaximum ? [-.infinity, -3] : [0, -4]), "\(kind): \(run.output)")
            found.expect(run.gradient == (isMaximum ? [1, 0] : [0.5, 0.5]), "\(kind): \(run.gradient)")
        }
        return found
    }

    /// Where a slope is infinite, no gradient becomes none.
    static func infiniteSlopes() -> Findings {
        var found = Findings()
        for function in [Activation.sqrt, .log, .reciprocal, .power(0.5), .power(-1), .power(0.7)] {
            let gradient = activation(function, [0, 1], [0, 0], redirects: false)
            found.expect(gradient == [0, 0], "\(function): \(gradient)")
        }
        return found
    }

    /// Sums over many numbers of one sign keep six digits.
    static func largeSums() -> Findings {
        var found = Findings()
        let shape = MapShape(channels: 2, height: 700, width: 700)
        let values = KernelSweep.noise(shape.count, seed: 9).map { $0 * 0.5 + 1 }
        let exact = (0..<2).map { channel in
            values[channel * shape.pixels..<(channel + 1) * shape.pixels].reduce(0) { $0 + Double($1) }
        }
        let run = Run(
            .reduction(Reduction(kind: .sum, axis: .pixels)), values, input: shape,
            output: MapShape(channels: 2, height: 1, width: 1), cotangent: [1, 1])
        for (sum, exact) in zip(run.output, exact) {
            found.expect(abs(Double(sum) / exact - 1) <= 1e-6, "\(sum), not \(exact)")
        }
        // A mean far from zero does not hide the deviation.
        let far = values.map { $0 + 100 }
        let standardized = Run(
            .standardization(Standardization(axis: .pixels, epsilon: 1e-5)), far, input: shape, output: shape,
            cotangent: [Float](repeating: 0, count: shape.count)
        ).output
        let mean = standardized.prefix(shape.pixels).reduce(0) { $0 + Double($1) } / Double(shape.pixels)
        let variance =
            standardized.prefix(shape.pixels).reduce(0) { $0 + Double($1) * Double($1) } / Double(shape.pixels)
        found.expect(abs(mean) <= 1e-4 && abs(variance - 1) <= 1e-3, "mean \(mean), variance \(variance)")
        return found
    }
}
