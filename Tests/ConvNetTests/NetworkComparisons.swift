import Networks

@testable import ConvNet

/// Whole evaluations against `ReferenceNetwork` and against each other. Evaluators are given, so that what a test asks of
/// them stays beside it.
enum NetworkComparisons {
    static let gradientCases = [
        ("block_12_add", 57, 75), ("block_16_project_BN", 65, 33), ("block_6_depthwise_relu", 45, 51),
        ("block_3_expand_relu", 39, 64), ("Conv1_relu", 41, 37), ("out_relu", 64, 65),
        ("expanded_conv_project_BN", 32, 47), ("block_2_add", 224, 224),
    ]

    /// With masks fixed, the gradient of the most active unit: surely alive.
    static func gradient(_ evaluator: Evaluator, _ reference: ReferenceNetwork) throws(NetworkError) -> Findings {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        let unit = mostActive(evaluator.meanActivations(of: image))
        var gradient = image
        _ = evaluator.meanActivation(of: image, unit: unit, gradient: &gradient)
        // Masks last from a forward pass to the way back, which takes their memory.
        _ = evaluator.meanActivations(of: image)
        var found = Findings()
        let expected = try reference.gradient(of: unit, masksOf: evaluator)
        let largest = worst(expected)
        let difference = worst(zip(gradient.pixels, expected).map { Double($0) - $1 })
        found.expect(largest > 0 && largest.isFinite, "\(evaluator.place): the unit is dead, or beyond numbers")
        found.expect(difference <= 2e-6 * largest, "\(evaluator.place): \(difference / largest) of the largest")
        return found
    }

    static let oddSizes = [(57, 75), (65, 33), (32, 32)]
    static let layersAtOddSizes = ["block_1_project_BN", "block_5_add", "block_9_expand_relu", "block_14_project_BN"]

    static func meanActivations(_ evaluator: Evaluator, _ reference: ReferenceNetwork) throws(NetworkError)
        -> Findings
    {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        var found = Findings()
        let expected = try reference.output(of: image, at: evaluator.location())
        let means = evaluator.meanActivations(of: image)
        let difference = worst(means.indices.map { Double(means[$0]) - expected.mean(of: $0) })
        found.expect(difference <= 2e-5, "\(evaluator.place): \(difference)")
        return found
    }

    /// Taps have the means that the layers' own evaluators find.
    static func taps(of network: Network) throws(EvaluatorError) -> Findings {
        let image = Image.test(height: 50, width: 66)
        let names = [
            "expanded_conv_project_BN", "block_2_project_BN", "block_2_add", "block_6_project_BN",
            "block_12_project_BN", "block_9_expand_relu", "block_12_add",
        ]
        let deep = try Evaluator(
            network: network, layer: "block_12_add", height: 50, width: 66, taps: names.dropLast())
        var found = Findings()
        for (name, tensor) in zip(names, try deep.outputs(of: image, layers: names)) {
            let own = try Evaluator(network: network, layer: name, height: 50, width: 66)
            let channels = tensor.shape[2]
            let pixels = tensor.shape[0] * tensor.shape[1]
            var sums = [Double](repeating: 0, count: channels)
            for (index, value) in tensor.values.enumerated() { sums[index % channels] += Double(value) }
            let difference = worst(
                zip(own.meanActivations(of: image), sums).map { Double($0) - $1 / Double(pixels) })
            found.expect(difference <= 2e-5, "\(name): \(difference)")
        }
        return found
    }

    /// The same bits again, and after other images.
    static func repetition(_ evaluator: Evaluator) -> Findings {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        var (first, second) = (image, image)
        let value = evaluator.meanActivation(of: image, unit: 31, gradient: &first)
        var other = image
        for index in other.pixels.indices { other.pixels[index] *= -1 }
        _ = evaluator.meanActivation(of: other, unit: 2, gradient: &second)
        var found = Findings()
        found.expect(second != first, "another image has the same gradient")
        found.expect(evaluator.meanActivation(of: image, unit: 31, gradient: &second) == value, "another value")
        found.expect(second == first, "another gradient")
        found.expect(evaluator.meanActivation(of: image, unit: 31) == value, "another value without a gradient")
        return found
    }
}

// MARK: - Objectives

extension NetworkComparisons {
    static let direction = [
        Objective.UnitWeight(unit: 1, weight: 0.7), Objective.UnitWeight(unit: 4, weight: -1.3),
        Objective.UnitWeight(unit: 0, weight: 2),
    ]
    static let objectives: [Objective] = [
        .unit(3), .neuron(unit: 2, at: .center), .neuron(unit: 5, at: .init(x: 1, y: 0)), .position(at: .center),
        .direction(direction), .cosine(direction),
    ]

    static let layers = [
        "block_12_add", "block_4_project_BN", "block_6_depthwise_relu", "block_3_expand_relu", "Conv1_relu", "out_relu",
        "expanded_conv_project_BN", "block_16_project_BN",
    ]

    /// A unit seen through the whole layer is the unit seen by its mean.
    static func unitThroughWholeLayer(_ evaluator: Evaluator) -> Findings {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        let unit = mostActive(evaluator.meanActivations(of: image))
        var (own, whole) = (image, image)
        let mean = evaluator.value(of: .unit(unit), at: image, gradient: &own)
        let activations = evaluator.activations(of: image)
        var cotangent = Tensor(zerosOf: activations.shape)
        let value = Objective.unit(unit).addGradient(at: activations, to: &cotangent)
        evaluator.pullBack(cotangent, into: &whole)
        var found = Findings()
        found.expect(
            abs(mean - value) <= 2e-6 * max(1, abs(mean)),
            "\(evaluator.place): \(mean), through the whole layer \(value)")
        let comparison = Comparison(whole.pixels.map(Double.init), own.pixels.map(Double.init))
        found.expect(
            comparison.relativeError <= 2e-6, "\(evaluator.place): relative error \(comparison.relativeError)")
        return found
    }

    /// With masks fixed, every objective's gradient.
    static func objectiveGradients(_ evaluator: Evaluator, _ reference: ReferenceNetwork) throws(NetworkError)
        -> Findings
    {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        var found = Findings()
        for (number, objective) in objectives.enumerated() {
            let place = "\(evaluator.place), objective \(number)"
            var gradient = image
            let value = evaluator.value(of: objective, at: image, gradient: &gradient)
            found.expect(evaluator.value(of: objective, at: image) == value, "\(place): another value")
            // Leaves the masks, too.
            let activations = evaluator.activations(of: image)
            var cotangent = Tensor(zerosOf: activations.shape)
            objective.addGradient(at: activations, to: &cotangent)
            let units = activations.shape[2]
            let expected = try reference.gradient(masksOf: evaluator) { map in
                let pixels = map.height * map.width
                for index in cotangent.values.indices {
                    map.values[index % units * pixels + index / units] = Double(cotangent.values[index])
                }
            }
            let largest = worst(expected)
            let difference = worst(zip(gradient.pixels, expected).map { Double($0) - $1 })
            found.expect(
                largest.isFinite && difference <= 2e-6 * largest, "\(place): \(difference / largest) of the largest")
        }
        return found
    }

    /// Activations of the whole layer.
    static func activations(_ evaluator: Evaluator, _ reference: ReferenceNetwork) throws(NetworkError) -> Findings {
        let image = Image.test(height: evaluator.height, width: evaluator.width)
        let expected = try reference.output(of: image, at: evaluator.location())
        let activations = evaluator.activations(of: image)
        var found = Findings()
        found.expect(
            activations.shape == [expected.height, expected.width, expected.channels],
            "\(evaluator.place): shape \(activations.shape)")
        var largest = 0.0
        for (index, value) in activations.values.enumerated() {
            let (pixel, unit) = (index / expected.channels, index % expected.channels)
            largest = worse(
                largest,
                abs(Double(value) - expected[unit, pixel / expected.width, pixel % expected.width]))
        }
        // Single precision through up to 52 layers; METHODS asks 2e-5 of means.
        found.expect(largest <= 1e-4, "\(evaluator.place): \(largest)")
        return found
    }

    private static func mostActive(_ means: [Float]) -> Int { means.indices.max { means[$0] < means[$1] } ?? 0 }
}

extension Evaluator {
    /// Layer and size, in words.
    fileprivate var place: String { "\(layer.name) at \(width)x\(height)" }
}
