import ConvNet
import Testing

@testable import FeatureVisualization

/// An optimisation that was interrupted goes on as if it had not been, to the last bit.
@Suite struct FacetProgressTests {
    static let specifications = [
        FacetSpecification(name: "adam", steps: 9, totalVariation: .linear(from: 1e-3, to: 0)),
        FacetSpecification(
            name: "sign", steps: 9, optimizer: .sign,
            gaussianBlur: GaussianBlur(kernel: 3, sigma: .constant(1), every: 2)),
        FacetSpecification(name: "moved", steps: 9, transforms: .thesis, transformsMoveImage: true),
        FacetSpecification(name: "fourier", parameterization: .fourier, steps: 9, transforms: .lucid),
        FacetSpecification(name: "fourier sign", parameterization: .fourier, steps: 9, optimizer: .sign),
        FacetSpecification(
            name: "decorrelated", parameterization: .decorrelatedPixels, steps: 9,
            adaptiveTotalVariation: .constant(0.2)),
    ]

    private func optimizer(_ specification: FacetSpecification) -> FacetOptimizer {
        FacetOptimizer(specification, height: 40, width: 36, seed: 5, index: 2)
    }

    @Test(arguments: specifications)
    func `a facet that was interrupted goes on where it was`(specification: FacetSpecification) throws {
        let source = SmoothSource(height: 40, width: 36)
        let whole = optimizer(specification)
        var states: [FacetProgress] = []
        while !whole.isFinished {
            states.append(whole.progress)
            try whole.advance(source)
        }
        let facet = try whole.finish(source)
        for step in [0, 1, 4, 8] {
            let resumed = optimizer(specification)
            try resumed.resume(states[step])
            while !resumed.isFinished { try resumed.advance(source) }
            #expect(try resumed.finish(source) == facet, "\(specification.name) from step \(step)")
            #expect(resumed.progress == whole.progress)
        }
    }

    @Test func `a saved state that does not fit is refused and changes nothing`() throws {
        let source = SmoothSource(height: 40, width: 36)
        let other = optimizer(Self.specifications[0])
        try other.advance(source)
        let good = other.progress
        let changes: [(inout FacetProgress) -> Void] = [
            { $0.step = 10 }, { $0.step = -1 }, { $0.evaluations = -1 }, { $0.deadSteps = 2 },
            { $0.parameters.removeLast() }, { $0.mean = [] }, { $0.square.append(0) },
        ]
        for (index, change) in changes.enumerated() {
            var bad = good
            change(&bad)
            let optimizer = optimizer(Self.specifications[0])
            let before = optimizer.progress
            #expect(throws: FacetProgressError.self, "change \(index)") { try optimizer.resume(bad) }
            #expect(optimizer.progress == before)
        }
        let sign = optimizer(Self.specifications[1])
        #expect(throws: FacetProgressError.self) { try sign.resume(good) }
    }

    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights))
    func `a set that was interrupted goes on where it was`() throws {
        let network = try Resources.network()
        func set() throws -> DiverseFacets {
            try DiverseFacets(
                names: ["a", "b", "c"],
                FacetSpecification(name: "", parameterization: .fourier, steps: 24, transforms: .lucid),
                diversity: 1, objective: .unit(3), seed: 4, firstIndex: 1
            ) { try Evaluator(network: network, layer: "block_2_add", height: 32, width: 32) }
        }
        func step(_ set: DiverseFacets) throws {
            for index in 0..<set.count { set.look(index) }
            try set.settle()
            for index in 0..<set.count { try set.climb(index) }
        }
        let whole = try set()
        var states: [[DiverseFacetProgress]] = []
        while !whole.isFinished {
            states.append(whole.progress)
            try step(whole)
        }
        let results = try whole.finish()
        // Beyond the quiet steps, where weights give way.
        for start in [1, 17, 22] {
            let resumed = try set()
            try resumed.resume(states[start])
            while !resumed.isFinished { try step(resumed) }
            let own = try resumed.finish()
            #expect(own.map(\.facet) == results.map(\.facet), "from step \(start)")
            #expect(own.map(\.weight) == results.map(\.weight) && own.map(\.likeness) == results.map(\.likeness))
        }
        var uneven = states[3]
        uneven[1] = states[4][1]
        #expect(throws: FacetProgressError.self) { try set().resume(uneven) }
        var heavy = states[3]
        heavy[2].weight = 1.5
        #expect(throws: FacetProgressError.self) { try set().resume(heavy) }
    }
}
