import Testing

@testable import ConvNet

/// Objectives against their definitions in double precision, without and with the network.
@Suite struct ObjectiveTests {
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

    @Test(arguments: NetworkComparisons.objectives)
    func `values and gradients are those of the definition`(objective: Objective) {
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

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: NetworkComparisons.layers)
    func `a unit seen through the whole layer is the unit seen by its mean`(layer: String) throws {
        let found = NetworkComparisons.unitThroughWholeLayer(try Self.evaluator(layer))
        #expect(found.agree, "\(found)")
    }

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: NetworkComparisons.layers)
    func `with masks fixed every objective's gradient agrees with double precision`(layer: String) throws {
        let found = try NetworkComparisons.objectiveGradients(try Self.evaluator(layer), Resources.reference())
        #expect(found.agree, "\(found)")
    }

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: NetworkComparisons.layers)
    func `activations of the whole layer agree with double precision`(layer: String) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 41, width: 66)
        let found = try NetworkComparisons.activations(evaluator, Resources.reference())
        #expect(found.agree, "\(found)")
    }

    private static func evaluator(_ layer: String) throws -> Evaluator {
        try Evaluator(network: Resources.network(), layer: layer, height: 57, width: 75)
    }
}
