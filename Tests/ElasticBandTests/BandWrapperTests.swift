import Foundation
import Testing

@testable import ElasticBand

private func settings(pivots: Int = 4, interpolations: Int = 3, steps: Int = 10, refinementSteps: Int = 5)
    throws -> BandSettings
{
    try BandSettings(
        pivots: pivots, interpolations: interpolations, steps: steps, refinementSteps: refinementSteps,
        learningRate: 0.05)
}

/// The same activation everywhere save in `dip`, given by the place x in 0...1 between the ends.
private func flat(dip: ClosedRange<Double>, depth: Double = 1) -> FunctionObjective<[Double]> {
    FunctionObjective { p in
        let value = dip ~= p[0] ? 1 - depth : 1
        return PivotEvaluation(activation: value, objective: value, gradient: [0, 0])
    }
}

private func wrapper(_ settings: BandSettings) -> BandWrapper<EuclideanSpace<Double>> {
    BandWrapper(from: [0, 0], to: [1, 0], space: EuclideanSpace(), settings: settings)
}

@Suite struct BandWrapperTests {
    @Test func `High enough interpolations need no refinement, each image is measured once`() throws {
        var wrapper = try wrapper(settings())
        var objective = flat(dip: 9...10)
        let result = try wrapper.run(&objective)
        #expect(result.stop == .reachedEnds && !result.wasRefined && result.refinementStop == nil)
        #expect(result.path.count == 21 && result.pivots == 19 && result.activations.count == 21)
        #expect(result.path.first == [0, 0] && result.path.last == [1, 0])
        // Four pivots with gradient, two ends and fifteen interpolations without.
        #expect(objective.gradientCalls == [4] && objective.valueCalls == [2])
        #expect(objective.activationCalls == [15])
        #expect(result.evaluations == 21 && result.gradientEvaluations == 4)
    }

    @Test func `An interpolation lower than both its neighbours brings a refinement of all images`() throws {
        // Pivots lie at .2 steps; only the interpolation at .25 falls into the dip.
        var wrapper = try wrapper(settings())
        var objective = flat(dip: 0.24...0.26)
        let result = try wrapper.run(&objective)
        #expect(result.wasRefined && result.refinementStop == .stepLimit && result.refinementSteps == 5)
        #expect(objective.gradientCalls == [4] + Array(repeating: 19, count: 5))
        #expect(objective.activationCalls == [15, 19])
        #expect(result.evaluations == objective.asked && result.gradientEvaluations == 4 + 95)
        #expect(result.activations == result.path.map { objective.function($0).activation })
    }

    @Test func `No refinement steps leave the refinement out`() throws {
        var wrapper = try wrapper(settings(refinementSteps: 0))
        var objective = flat(dip: 0.24...0.26)
        let result = try wrapper.run(&objective)
        #expect(!result.wasRefined && result.refinementStop == nil && result.refinementSteps == 0)
        // Nobody has to know the interpolations: whoever shows the path makes them.
        #expect(result.path.count == 6 && result.activations == [1, 1, 1, 1, 1, 1])
        #expect(result.evaluations == 6 && objective.asked == 6)
    }

    @Test func `Steps count the moves of both runs, not the calls that stop or interpolate`() throws {
        // The pivot at .2 stays too low for the first run, the interpolation at .5 calls for the second.
        var objective = FunctionObjective<[Double]> { p in
            let value = 0.19...0.21 ~= p[0] ? 0.6 : 0.49...0.51 ~= p[0] ? 0 : 1
            return PivotEvaluation(activation: value, objective: value, gradient: [0, 0])
        }
        var wrapper = try wrapper(settings())
        var counts: [Int] = []
        while wrapper.result == nil {
            try wrapper.step(&objective)
            counts.append(wrapper.steps)
        }
        print("steps after each call: \(counts)")
        #expect(counts == Array(1...10) + [10, 10] + Array(11...15) + [15])
        #expect(wrapper.result?.steps == 10 && wrapper.result?.refinementSteps == 5)
    }

    @Test func `An interpolation between its neighbours' activations is no reason to refine`() throws {
        var objective = FunctionObjective<[Double]> { p in
            PivotEvaluation(activation: p[0], objective: p[0], gradient: [0, 0])
        }
        var wrapper = try wrapper(settings())
        let result = try wrapper.run(&objective)
        #expect(!result.wasRefined && result.stop == .reachedEnds)
    }

    @Test func `A refinement with nothing to do evaluates nothing`() throws {
        // The dip is below its neighbours yet above both ends, which Algorithm 1 already accepts.
        var objective = FunctionObjective<[Double]> { p in
            let value = p[0] == 0 || p[0] == 1 ? 0.1 : 0.24...0.26 ~= p[0] ? 0.5 : 1
            return PivotEvaluation(activation: value, objective: value, gradient: [0, 0])
        }
        var wrapper = try wrapper(settings())
        let result = try wrapper.run(&objective)
        #expect(result.wasRefined && result.refinementStop == .reachedEnds && result.refinementSteps == 0)
        #expect(result.evaluations == 21 && objective.asked == 21)
    }

    @Test func `Without interpolations the band itself is the result`() throws {
        var wrapper = try wrapper(settings(interpolations: 0))
        var objective = flat(dip: 0.3...0.7)
        let result = try wrapper.run(&objective)
        #expect(result.stop == .stepLimit && result.steps == 10 && !result.wasRefined && result.pivots == 4)
        #expect(result.evaluations == objective.asked)
    }

    @Test func `The thesis' numbers give 83 images between two facets`() throws {
        var wrapper = try wrapper(settings(pivots: 20))
        var objective = flat(dip: 9...10)
        let result = try wrapper.run(&objective)
        #expect(result.pivots == 83)
    }

    @Test(arguments: 0..<9) func `A wrapper resumed at any point ends with the same bits`(_ stepsBefore: Int)
        throws
    {
        let settings = try settings(pivots: 5, steps: 4, refinementSteps: 4)
        func make() -> BandWrapper<EuclideanSpace<Double>> {
            BandWrapper(from: [-0.5, 1.4], to: [0.6, 0], space: EuclideanSpace(), settings: settings)
        }
        // Rates that suit Müller-Brown, whose gradients are in the hundreds.
        let potential = Potential { p in
            let (value, gradient) = Potential.mullerBrown.energy(p)
            return (value, gradient.map { $0 * 1e-3 })
        }
        var objective = potential.objective
        var whole = make()
        var first = make()
        let expected = try whole.run(&objective)
        for _ in 0..<stepsBefore { try first.step(&objective) }
        guard first.result == nil else { return }
        var resumed = try BandWrapper(
            resuming: first.band.state, runs: first.runs, isRefining: first.isRefining, space: first.space,
            settings: settings)
        #expect(resumed.stage == first.stage)
        #expect(try resumed.run(&objective) == expected)
    }

    @Test func `A saved path of another length is refused`() throws {
        let first = try wrapper(settings())
        #expect(throws: BandError.self) {
            try BandWrapper(
                resuming: first.band.state, runs: [], isRefining: false, space: first.space,
                settings: settings(pivots: 5))
        }
    }

    @Test func `A saved state with more steps than the settings allow is refused`() throws {
        var objective = flat(dip: 0.3...0.7)
        var first = try wrapper(settings())
        for _ in 0..<6 { try first.step(&objective) }
        #expect(throws: BandError.self) {
            try BandWrapper(
                resuming: first.band.state, runs: [], isRefining: false, space: first.space,
                settings: settings(steps: 5))
        }
    }

    @Test func `An interpolation that is not finite is an error with its place`() throws {
        var objective = flat(dip: 0.24...0.26, depth: .nan)
        var wrapper = try wrapper(settings())
        #expect(throws: BandError.notFinite(.activation, pivot: 5, step: 0)) { try wrapper.run(&objective) }
    }
}

@Suite struct BandSettingsTests {
    @Test(arguments: [
        ("pivots", 0, 3, 1, 1, 0.1), ("pivots", Int.max, 3, 1, 1, 0.1), ("interpolations", 1, -1, 1, 1, 0.1),
        ("interpolations", 1, Int.max, 1, 1, 0.1), ("steps", 1, 1, -1, 1, 0.1),
        ("refinementSteps", 1, 1, 1, -1, 0.1),
        ("learningRate", 1, 1, 1, 1, 0), ("learningRate", 1, 1, 1, 1, -1), ("learningRate", 1, 1, 1, 1, .nan),
        ("learningRate", 1, 1, 1, 1, .infinity),
    ])
    func `A setting out of range is an error with its name`(
        _ name: String, _ pivots: Int, _ interpolations: Int, _ steps: Int, _ refinement: Int, _ rate: Double
    ) throws {
        let error = #expect(throws: BandError.self) {
            try BandSettings(
                pivots: pivots, interpolations: interpolations, steps: steps, refinementSteps: refinement,
                learningRate: rate)
        }
        print(error!)
        guard case .outOfRange(name, _, _) = error else {
            Issue.record("expected \(name) to be named, found \(error!)")
            return
        }
    }
}
