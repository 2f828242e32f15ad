import Testing

@testable import ConvNet

/// Dead units of the real network, led back to life.
@Suite(.enabled(if: Resources.hasWeights, Resources.noWeights)) struct RedirectedGradientTests {
    private func hasGradient(_ gradient: Image) -> Bool { gradient.pixels.contains { $0 != 0 } }

    /// Some stay dead for good: units that nothing feeds, and those whose inputs could only lower them.
    @Test(arguments: [
        "block_3_expand_relu", "block_1_depthwise_relu", "block_12_expand_relu", "block_13_depthwise_relu",
    ])
    func `dead units get a gradient that wakes them`(layer: String) throws {
        let grey = Image(height: 64, width: 64, repeating: 0.1)
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 64, width: 64)
        var (dead, pushed, woken) = (0, 0, 0)
        for unit in 0..<min(evaluator.layer.unitCount, 60) {
            let objective = Objective.unit(unit)
            var (image, gradient) = (grey, grey)
            _ = evaluator.value(of: objective, at: image, gradient: &gradient)
            if hasGradient(gradient) { continue }
            dead += 1
            try evaluator.redirectedGradient(of: objective, at: image, into: &gradient)
            #expect(gradient.pixels.allSatisfy { $0.isFinite })
            pushed += hasGradient(gradient) ? 1 : 0
            // METHODS' steps, of a fixed length.
            for _ in 0...16 where hasGradient(gradient) {
                let largest = gradient.pixels.map { abs($0) }.max() ?? 0
                for index in image.pixels.indices {
                    image.pixels[index] = min(max(image.pixels[index] + 0.2 * gradient.pixels[index] / largest, -1), 1)
                }
                _ = evaluator.value(of: objective, at: image, gradient: &gradient)
                if hasGradient(gradient) {
                    woken += 1
                    break
                }
                try evaluator.redirectedGradient(of: objective, at: image, into: &gradient)
            }
        }
        print("\(layer): \(dead) dead units, \(pushed) with a redirected gradient, \(woken) woken by it")
        #expect(dead > 0 && woken > 0 && woken <= pushed, "\(dead) dead, \(pushed) pushed, \(woken) woken")
    }

    @Test(arguments: ["block_3_expand_relu", "block_6_depthwise_relu", "block_12_add"])
    func `where the plain gradient passes nothing is redirected`(layer: String) throws {
        let image = Image.test(height: 48, width: 64)
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 48, width: 64)
        let means = evaluator.meanActivations(of: image)
        let unit = try #require(means.indices.max { means[$0] < means[$1] })
        let activations = evaluator.activations(of: image)
        var (plain, redirected, cotangent) = (image, image, Tensor(zerosOf: activations.shape))
        Objective.unit(unit).addGradient(at: activations, to: &cotangent)
        evaluator.pullBack(cotangent, into: &plain)
        try evaluator.redirectedGradient(of: .unit(unit), at: image, into: &redirected)
        if layer.hasSuffix("_add") { _ = evaluator.meanActivation(of: image, unit: unit, gradient: &plain) }
        // Another plan for the same graph: other roundings, the same gradient.
        let comparison = Comparison(redirected.pixels.map(Double.init), plain.pixels.map(Double.init))
        #expect(comparison.relativeError <= 2e-6, "\(comparison.relativeError)")
    }

    /// METHODS, "Independent checks", in the ascent convention (signs of the gradient turned): up where the input is
    /// below 0, down where it is above 6; at a layer that otherwise passes nothing.
    @Test func `what passes depends on the side`() throws {
        let evaluator = try Evaluator(
            network: Resources.network(), layer: "Conv1_relu", height: 32, width: 32)
        let image = Image(height: 32, width: 32, repeating: 0.1)
        let activations = evaluator.activations(of: image)
        let units = activations.shape[2]
        func gradient(_ unit: Int, _ weight: Float) throws -> Bool {
            var gradient = image
            try evaluator.redirectedGradient(
                of: .direction([.init(unit: unit, weight: weight)]), at: image, into: &gradient)
            return gradient.pixels.contains { $0 != 0 }
        }
        func side(_ unit: Int) -> Set<Float> {
            Set(stride(from: unit, to: activations.values.count, by: units).map { activations.values[$0] })
        }
        let below = try #require((0..<units).first { side($0) == [0] })
        #expect(try gradient(below, 1) && !gradient(below, -1), "below 0 a unit can only be raised")
        // Up the most active value until it is cut off at 6.
        let start = activations.values.indices.max { activations.values[$0] < activations.values[$1] } ?? 0
        let place = Objective.Place(
            x: (Double(start / units % activations.shape[1]) + 0.5) / Double(activations.shape[1]),
            y: (Double(start / units / activations.shape[1]) + 0.5) / Double(activations.shape[0]))
        let neuron = Objective.neuron(unit: start % units, at: place)
        var (bright, up) = (image, image)
        for _ in 0..<400 where evaluator.value(of: neuron, at: bright, gradient: &up) < 6 {
            for index in bright.pixels.indices { bright.pixels[index] += up.pixels[index] }
        }
        try #require(evaluator.value(of: neuron, at: bright, gradient: &up) == 6)
        try evaluator.redirectedGradient(of: neuron, at: bright, into: &up)
        #expect(up.pixels.allSatisfy { $0 == 0 }, "above 6 a unit can only be lowered")
    }
}
