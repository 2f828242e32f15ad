import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct DiversityWeightTests {
    private func weight(after activations: [Double], free: Double, from start: Double = 1) -> DiversityWeight {
        var weight = DiversityWeight(start)
        for activation in activations { weight.observe(activation, free: free) }
        return weight
    }

    @Test func `the weight stays where the image keeps up with the free one`() {
        #expect(weight(after: [Double](repeating: 0.9, count: 200), free: 1).value == 1)
    }

    @Test func `the weight gives way where the image falls behind, and comes back`() {
        let low = [Double](repeating: 0.6, count: 100)
        #expect(weight(after: low, free: 1).value < 0.01)
        #expect(weight(after: Array(low.prefix(16)), free: 1).value == 1, "the first steps are noise")
        let recovered = weight(after: low + [Double](repeating: 1, count: 300), free: 1).value
        #expect(recovered == 1, "\(recovered)")
        #expect(weight(after: low + [Double](repeating: 0.78, count: 60), free: 1).value < 0.01, "it rests in between")
    }

    @Test func `an image is lost where its weight is gone and it stays far below the free one`() {
        #expect(!weight(after: [Double](repeating: 0.6, count: 20), free: 1).isLost(free: 1), "the weight is there")
        #expect(weight(after: [Double](repeating: 0.6, count: 80), free: 1).isLost(free: 1))
        #expect(!weight(after: [Double](repeating: 0.7, count: 80), free: 1).isLost(free: 1), "it is near enough")
        #expect(!weight(after: [Double](repeating: -1, count: 80), free: -1).isLost(free: -1))
        var lost = weight(after: [Double](repeating: 0.6, count: 80), free: 1)
        lost.restart(average: 1)
        #expect(lost.value == 0.25 && lost.average == 1)
    }

    @Test func `a free image without activation is no measure, and the weight stays`() {
        #expect(weight(after: [Double](repeating: -1, count: 100), free: 0).value == 1)
        #expect(weight(after: [Double](repeating: -1, count: 100), free: -0.5, from: 0.4).value == 0.4)
    }
}

/// Sets of facets of real units.
@Suite(.enabled(if: Resources.hasWeights, Resources.noWeights)) struct DiverseFacetsTests {
    static func results(
        _ layer: String, _ unit: Int, diversity: Double, size: Int, steps: Int, seed: UInt64, count: Int = 4,
        objective: Objective? = nil
    ) throws -> [DiverseFacets.Result] {
        let network = try Resources.network()
        let specification = FacetSpecification(
            name: "", parameterization: .fourier, steps: steps, transforms: .lucid)
        let set = try DiverseFacets(
            names: (1...count).map { "diverse-\($0)" }, specification, diversity: diversity,
            objective: objective ?? .unit(unit), seed: seed, firstIndex: 0
        ) { try Evaluator(network: network, layer: layer, height: size, width: size) }
        while !set.isFinished {
            // Backwards: the order within a half must not matter.
            for index in (0..<set.count).reversed() { set.look(index) }
            try set.settle()
            for index in (0..<set.count).reversed() { try set.climb(index) }
            set.restartLost()
        }
        return try set.finish()
    }

    @Test func `the images of a set differ more than they would alone, and the first is free`() throws {
        let with = try Self.results("block_4_add", 6, diversity: 1, size: 64, steps: 60, seed: 2)
        let without = try Self.results("block_4_add", 6, diversity: 0, size: 64, steps: 60, seed: 2)
        print("with", with.map(\.facet.activation), with.map(\.likeness), with.map(\.weight))
        print("without", without.map(\.facet.activation), without.map(\.likeness))
        #expect(with[0].facet == without[0].facet && with[0].weight == 0)
        for (with, without) in zip(with, without) {
            #expect(with.likeness < without.likeness - 0.1, "\(with.likeness), alone \(without.likeness)")
        }
        #expect(without.allSatisfy { $0.weight == 0 })
        #expect(with.allSatisfy { $0.facet.activation > 0.6 * with[0].facet.activation })
        #expect(with.map(\.facet.evaluations) == [61, 61, 61, 61])
    }

    /// Of pixels: a spectrum's small gradients are rounding alone at some frequencies, and Adam makes all of them large.
    @Test func `an image of a set without weight is the facet that it would be alone`() throws {
        let network = try Resources.network()
        let evaluator = { try Evaluator(network: network, layer: "block_2_add", height: 48, width: 48) }
        let specification = FacetSpecification(name: "b", steps: 3, transforms: .thesis)
        let set = try DiverseFacets(
            names: ["a", "b"], specification, diversity: 0, objective: .unit(3), seed: 4, firstIndex: 0,
            evaluator: evaluator)
        while !set.isFinished {
            for index in 0..<set.count { set.look(index) }
            try set.settle()
            for index in 0..<set.count { try set.climb(index) }
        }
        let together = try set.finish()[1].facet
        let optimizer = FacetOptimizer(specification, height: 48, width: 48, seed: 4, index: 1)
        let source = UnitSource(try evaluator(), unit: 3)
        while !optimizer.isFinished { try optimizer.advance(source) }
        let alone = try optimizer.finish(source)
        // The way through the whole layer rounds otherwise than the collapsed one.
        let differences = zip(together.image.pixels, alone.image.pixels).map { abs($0 - $1) }
        let mean = differences.reduce(0, +) / Float(differences.count)
        #expect(mean < 1e-3, "mean difference \(mean)")
        #expect(abs(together.activation - alone.activation) < 1e-3, "\(together.activation), \(alone.activation)")
    }

    /// METHODS, "One starting image": PyTorch's mean A 3.61, without the term 3.78; Gram cosine .83 without and .22 with
    /// it. Ours are 1 to 4 % higher (3.66 and 3.90 over eight seeds; three seeds differ by 3 % from other three), so that
    /// the ratio is what is held to 3 %.
    @Test(.enabled(if: Resources.runsLongTests, Resources.longTest))
    func `a set of a deep unit keeps its activation and differs`() throws {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let runs = try [1.0, 0].map { diversity in
            try (0..<8).flatMap {
                try Self.results("block_12_add", 1, diversity: diversity, size: 224, steps: 256, seed: $0)
            }
        }
        let activations = runs.map { mean($0.map { Double($0.facet.activation) }) }
        let cosines = runs.map { mean($0.map(\.likeness)) }
        print("mean A", activations, "Gram cosines", cosines, runs.map { $0.map(\.facet.activation) })
        #expect(activations[0] >= 0.97 * 3.61 && activations[1] >= 0.97 * 3.78, "mean A \(activations)")
        let ratio = activations[0] / activations[1]
        #expect((0.97 * 3.61 / 3.78...1.03 * 3.61 / 3.78).contains(ratio), "ratio \(ratio) of \(activations)")
        #expect(cosines[0] <= 0.22 && cosines[1] >= 0.83, "Gram cosines \(cosines)")
    }

    /// METHODS: weight 1 gives 1.0 to 2.1 with two bland images, weight 0 gives 2.1 and four times the same.
    @Test(.enabled(if: Resources.runsLongTests, Resources.longTest), arguments: 0..<3 as Range<UInt64>)
    func `the weight gives way where a unit has too few kinds of image`(seed: UInt64) throws {
        let set = try Self.results("block_1_project_BN", 1, diversity: 1, size: 224, steps: 256, seed: seed)
        let free = set[0].facet.activation
        print("seed \(seed):", set.map(\.facet.activation), set.map(\.weight), set.map(\.likeness))
        #expect((0.95 * 2.1...1.05 * 2.1).contains(free), "without the term \(free)")
        for result in set { #expect(result.facet.activation >= 0.75 * free, "\(result.facet.activation) of \(free)") }
    }
}
