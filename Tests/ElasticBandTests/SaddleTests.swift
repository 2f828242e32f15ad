import Testing

@testable import ElasticBand

/// The band on potentials whose saddles are known (METHODS, "Independent checks").
struct SaddleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let objective: PotentialObjective
        let ends: [[Double]]
        /// A way round for the first guess, so that the straight line is not already the answer.
        let bend: [Double]
        let saddle: [Double]
        let height: Double
        let learningRate: Double
    }

    static let cases = [
        Case(
            testDescription: "quartic", objective: .quartic, ends: [[-1, 0], [1, 0]], bend: [0.1, 0.6], saddle: [0, 0],
            height: 0, learningRate: 0.02),
        Case(
            testDescription: "Muller-Brown, upper", objective: .mullerBrown,
            ends: [[-0.558223635, 1.441725842], [-0.050010823, 0.466694105]], bend: [-0.5, 0.8],
            saddle: [-0.822001559, 0.624312803], height: -40.664843509, learningRate: 1e-4),
        Case(
            testDescription: "Muller-Brown, lower", objective: .mullerBrown,
            ends: [[-0.050010823, 0.466694105], [0.623499405, 0.028037759]], bend: [0.3, 0.4],
            saddle: [0.212486582, 0.292988325], height: -72.248940112, learningRate: 1e-4),
    ]

    private static func path(_ testCase: Case, pivots: Int) -> [[Double]] {
        let space = EuclideanSpace<Double>()
        return Path.redistribute(
            Path.interpolate([testCase.ends[0], testCase.bend, testCase.ends[1]], count: pivots / 2, in: space),
            in: space)
    }

    @Test(arguments: cases) func `a climbing pivot finds the saddle`(testCase: Case) throws {
        var objective = testCase.objective
        var band = ElasticBand(
            space: EuclideanSpace<Double>(), path: Self.path(testCase, pivots: 15), maximumSteps: 40_000,
            learningRate: testCase.learningRate, climbs: true)
        while band.stop == nil { try band.step(&objective) }
        let lowest = try #require(band.activations.indices.min { band.activations[$0] < band.activations[$1] })
        let point = band.path[lowest]
        #expect(abs(point[0] - testCase.saddle[0]) <= 1e-6 && abs(point[1] - testCase.saddle[1]) <= 1e-6, "\(point)")
        #expect(abs(-band.activations[lowest] - testCase.height) <= 1e-6, "\(-band.activations[lowest])")
    }

    @Test(arguments: cases) func `the string settles until no perpendicular force is left`(testCase: Case) throws {
        var objective = testCase.objective
        let space = EuclideanSpace<Double>()
        var band = ElasticBand(
            space: space, path: Self.path(testCase, pivots: 15), maximumSteps: 40_000,
            learningRate: testCase.learningRate)
        while band.stop == nil { try band.step(&objective) }
        #expect(band.stop == .stepLimit)
        let evaluated = objective.evaluate(band.path)
        var largest = 0.0
        for pivot in 1..<band.path.count - 1 {
            var force = evaluated[pivot].gradient
            let towardsNext = evaluated[pivot + 1].objective < evaluated[pivot - 1].objective
            let (from, to) = towardsNext ? (pivot, pivot + 1) : (pivot - 1, pivot)
            space.subtractComponent(1, from: &force, along: band.path[from], band.path[to])
            largest = max(largest, space.distance(force, [0, 0]))
        }
        #expect(largest <= 1e-9, "largest perpendicular force \(largest)")
        // The pass lies between the two pivots beside it.
        let highest = try #require(band.activations.min())
        #expect(
            -highest <= testCase.height + 1e-6 && -highest > testCase.height - 0.1 * abs(testCase.height) - 0.1,
            "\(-highest)")
    }
}
