import Testing

@testable import ElasticBand

/// Minima and saddles of METHODS, "Independent checks".
@Suite struct SaddleTests {
    static let minimumA = [-0.558223635, 1.441725842]
    static let minimumB = [0.623499405, 0.028037759]
    static let minimumC = [-0.050010823, 0.466694105]

    /// Ample: a rest at 1e-12 takes 272 to 342 steps, measured.
    static let stepLimit = 3_000

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let potential: Potential
        let from: [Double], via: [Double], to: [Double]
        let rate: Double
        let saddle: [Double], height: Double
        var testDescription: String { name }
    }
    static let cases = [
        Case(
            name: "Müller-Brown A-C", potential: .mullerBrown, from: minimumA, via: [-1, 0.6], to: minimumC,
            rate: 2e-4, saddle: [-0.822001559, 0.624312803], height: -40.664843509),
        Case(
            name: "Müller-Brown C-B", potential: .mullerBrown, from: minimumC, via: [0.3, 0.3], to: minimumB,
            rate: 2e-4, saddle: [0.212486582, 0.292988325], height: -72.248940112),
        Case(
            name: "quartic", potential: .quartic, from: [-1, 0], via: [0.2, 0.7], to: [1, 0],
            rate: 0.02, saddle: [0, 0], height: 0),
    ]

    static func bentPath(_ c: Case, pivots: Int) -> [[Double]] {
        let space = EuclideanSpace<Double>()
        let half = space.interpolated([c.from, c.via], count: pivots / 2)
        return space.redistributed(half + space.interpolated([c.via, c.to], count: pivots / 2).dropFirst())
    }

    @Test(arguments: cases) func `A string between minima comes to rest`(_ c: Case) throws {
        var band = ElasticBand(
            path: Self.bentPath(c, pivots: 14), space: EuclideanSpace<Double>(), stepLimit: Self.stepLimit,
            learningRate: c.rate)
        var objective = c.potential.objective
        try band.run(&objective)
        let force = c.potential.largestForce(on: band.path)
        print("\(c.name): |F_perp| \(force) after \(band.steps) steps")
        #expect(force <= 1e-12)
        #expect(band.stop == .stepLimit && band.evaluations == 2 + 15 * (Self.stepLimit + 1))

        // The pass lies between the two pivots beside it: the highest is near it, and not above.
        let highest = try #require(band.activations.min().map { -$0 })
        let gap = c.height - highest
        #expect(gap >= -1e-6 && gap < 0.1 * abs(c.height) + 0.1, "\(c.name): highest pivot \(gap) below the saddle")
    }

    @Test(arguments: cases) func `A climbing pivot finds the saddle`(_ c: Case) throws {
        var band = ElasticBand(
            path: Self.bentPath(c, pivots: 14), space: EuclideanSpace<Double>(), stepLimit: Self.stepLimit,
            learningRate: c.rate)
        var objective = c.potential.objective
        while band.stop == nil { try band.step(&objective, climbing: band.steps > 300) }
        let top = try #require(
            band.path.dropFirst().dropLast().max {
                c.potential.energy($0).value < c.potential.energy($1).value
            })
        let error = norm(minus(top, c.saddle))
        let height = c.potential.energy(top).value
        print("\(c.name): saddle \(top), off by \(error), V \(height)")
        #expect(error <= 1e-6)
        #expect(abs(height - c.height) <= 1e-6)
    }
}
