import Testing

@testable import ConvNet

/// Objectives against their definitions in double precision, without and with the network.
@Suite struct ObjectiveTests {
    static let direction = [
        Objective.UnitWeight(unit: 1, weight: 0.7), Objective.UnitWeight(unit: 4, weight: -1.3),
        Objective.UnitWeight(unit: 0, weight: 2),
    ]
    static let objectives: [Objective] = [
        .unit(3), .neuron(unit: 2, at: .center), .neuron(unit: 5, at: .init(x: 1, y: 0)), .position(at: .center),
        .direction(direction), .cosine(direction),
    ]

    /// Activations with signs and sizes of all kinds, `[5, 7, 6]`.
    static let activations: Tensor = {
        var tensor = Tensor(zerosOf: [5, 7, 6])
        for index in tensor.values.indices { tensor.values[index] = Float((index * 37 + 11) % 101) / 25 - 1.7 }
        return tensor
    }()

    /// The definition.
    static func value(_ objective: Objective, _ values: [Double]) -> Double {
        func at(_ y: Int, _ x: Int, _ unit: Int) -> Double { values[(y * 7 + x) * 6 + unit] }
        var total = 0.0
        switch objective {
        case .unit(let unit):
            for pixel in 0..<35 { total += values[pixel * 6 + unit] }
            return total / 35
        case .neuron(let unit, .center): return at(2, 3, unit)
        case .neuron(let unit, _): return at(0, 6, unit)
        case .position: return (0..<6).reduce(0) { $0 + at(2, 3, $1) } / 6
        case .direction(let weights):
            for pixel in 0..<35 { for w in weights { total += values[pixel * 6 + w.unit] * Double(w.weight) } }
            return total / 35
        case .cosine(let weights):
            let length = weights.reduce(0) { $0 + Double($1.weight) * Double($1.weight) }.squareRoot()
            for pixel in 0..<35 {
                let norm = (0..<6).reduce(0) { $0 + values[pixel * 6 + $1] * values[pixel * 6 + $1] }.squareRoot()
                for w in weights { total += values[pixel * 6 + w.unit] * Double(w.weight) / (norm * length) }
            }
            return total / 35
        }
    }

    @Test(arguments: objectives) func `values and gradients are those of the definition`(objective: Objective) {
        let activations = Self.activations
        let doubles = activations.values.map(Double.init)
        var cotangent = Tensor(zerosOf: activations.shape)
        let value = objective.addGradient(at: activations, scale: -0.5, to: &cotangent)
        #expect(abs(Double(value) - Self.value(objective, doubles)) <= 1e-6)
        #expect(value == objective.value(of: activations))
        for index in doubles.indices {
            var (above, below) = (doubles, doubles)
            above[index] += 1e-4
            below[index] -= 1e-4
            let slope = (Self.value(objective, above) - Self.value(objective, below)) / 2e-4
            let found = Double(cotangent.values[index]) / -0.5
            #expect(abs(found - slope) <= 1e-6, "value \(index): \(found), slope \(slope)")
        }
    }

    @Test func `a cosine has no gradient where nothing is active`() {
        var cotangent = Tensor(zerosOf: [1, 2, 6])
        let objective = Objective.cosine([.init(unit: 1, weight: -2)])
        let value = objective.addGradient(
            at: Tensor(shape: [1, 2, 6], values: [0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0, 0]), to: &cotangent)
        #expect(value == 0.5, "one place of two points that way")
        #expect(cotangent.values.allSatisfy { $0 == 0 }, "\(cotangent.values)")
    }

    static let layers = [
        "block_12_add", "block_4_project_BN", "block_6_depthwise_relu", "block_3_expand_relu", "Conv1_relu", "out_relu",
        "expanded_conv_project_BN", "block_16_project_BN",
    ]

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: layers)
    func `a unit seen through the whole layer is the unit seen by its mean`(layer: String) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 57, width: 75)
        let image = Resources.testImage(height: 57, width: 75)
        let means = evaluator.meanActivations(of: image)
        let unit = try #require(means.indices.max { means[$0] < means[$1] })
        var (own, whole) = (image, image)
        let mean = evaluator.value(of: .unit(unit), at: image, gradient: &own)
        let activations = evaluator.activations(of: image)
        var cotangent = Tensor(zerosOf: activations.shape)
        let value = Objective.unit(unit).addGradient(at: activations, to: &cotangent)
        evaluator.pullBack(cotangent, into: &whole)
        #expect(abs(mean - value) <= 2e-6 * max(1, abs(mean)), "\(mean), through the whole layer \(value)")
        let comparison = Comparison(whole.pixels.map(Double.init), own.pixels.map(Double.init))
        #expect(comparison.relativeError <= 2e-6, "relative error \(comparison.relativeError)")
    }

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: layers)
    func `with masks fixed every objective's gradient agrees with double precision`(layer: String) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 57, width: 75)
        let image = Resources.testImage(height: 57, width: 75)
        let reference = ReferenceNetwork(file: try SafetensorsFile(path: Resources.weightsPath))
        for objective in Self.objectives {
            var gradient = image
            let value = evaluator.value(of: objective, at: image, gradient: &gradient)
            #expect(evaluator.value(of: objective, at: image) == value)
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
            let largest = expected.map { abs($0) }.max() ?? 0
            let difference = zip(gradient.pixels, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
            #expect(difference <= 2e-6 * largest, "\(layer) \(objective): \(difference / largest) of the largest")
        }
    }

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: layers)
    func `activations of the whole layer agree with double precision`(layer: String) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 41, width: 66)
        let image = Resources.testImage(height: 41, width: 66)
        let expected = try ReferenceNetwork(file: try SafetensorsFile(path: Resources.weightsPath)).output(
            of: image, at: evaluator.location)
        let found = evaluator.activations(of: image)
        #expect(found.shape == [expected.height, expected.width, expected.channels])
        var worst = 0.0
        for (index, value) in found.values.enumerated() {
            let (pixel, unit) = (index / expected.channels, index % expected.channels)
            worst = max(
                worst,
                abs(Double(value) - expected[unit, pixel / expected.width, pixel % expected.width]))
        }
        // Single precision through up to 52 layers; METHODS asks 2e-5 of means.
        #expect(worst <= 1e-4, "\(layer): \(worst)")
    }
}
