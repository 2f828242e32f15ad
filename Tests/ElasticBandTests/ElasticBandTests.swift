import Foundation
import Testing

@testable import ElasticBand

/// O = -y^2 - y, A = O + 1 over (x, y): between (-1, 0) and (1, 0) every pivot can gain by falling
/// to y = -1/2, so a band is done after a step or two.
private func valley() -> FunctionObjective<[Double]> {
    FunctionObjective { p in
        let objective = -p[1] * p[1] - p[1]
        return PivotEvaluation(activation: objective + 1, objective: objective, gradient: [0, -2 * p[1] - 1])
    }
}

/// A hill that pivots cannot climb to the height of the ends: A = x^2, flat in y.
private func saddleless() -> FunctionObjective<[Double]> {
    FunctionObjective { p in
        PivotEvaluation(activation: p[0] * p[0], objective: p[0] * p[0], gradient: [2 * p[0], 0])
    }
}

private func band(pivots: Int, steps: Int, rate: Double = 0.1, bend: Double = 0) -> ElasticBand<
    EuclideanSpace<Double>
> {
    let space = EuclideanSpace<Double>()
    var path = space.interpolated([[-1, 0], [1, 0]], count: pivots)
    for index in 1...pivots { path[index][1] = bend }
    return ElasticBand(path: path, space: space, stepLimit: steps, learningRate: rate)
}

@Suite struct ElasticBandTests {
    @Test func `A band stops as soon as every pivot reaches the lower end, each evaluated once a step`()
        throws
    {
        var band = band(pivots: 5, steps: 50, bend: 0.4)
        var objective = valley()
        try band.run(&objective)
        print("stopped by \(band.stop!) after \(band.steps) steps, \(band.evaluations) evaluations")
        #expect(band.stop == .reachedEnds && band.steps > 0 && band.steps < 50)
        // Both ends once, and five pivots for each step and for the test that ended it.
        #expect(band.evaluations == 2 + 5 * (band.steps + 1))
        #expect(objective.asked == band.evaluations && objective.activationCalls.isEmpty)
        #expect(band.activations.allSatisfy { $0 >= min(band.activations[0], band.activations[6]) })
        #expect(band.activations == band.path.map { objective.function($0).activation })
    }

    @Test func `A band that starts high enough takes no step`() throws {
        var band = band(pivots: 5, steps: 50)
        var objective = valley()
        try band.run(&objective)
        #expect(band.stop == .reachedEnds && band.steps == 0)
        #expect(objective.gradientCalls == [5] && objective.valueCalls == [2])
    }

    @Test func `A band that cannot reach its ends stops at the limit and knows its last activations`() throws {
        var band = band(pivots: 5, steps: 3)
        var objective = saddleless()
        try band.run(&objective)
        #expect(band.stop == .stepLimit && band.steps == 3)
        #expect(objective.gradientCalls == [5, 5, 5] && objective.valueCalls == [2, 0, 0])
        #expect(objective.activationCalls == [5])
        #expect(band.evaluations == 22 && band.state.gradientEvaluations == 15)
        #expect(band.activations == band.path.map { objective.function($0).activation })
        let before = band.path
        try band.step(&objective)
        #expect(band.path == before && objective.asked == 22)
    }

    @Test func `No steps at all still measures the path`() throws {
        var band = band(pivots: 4, steps: 0)
        var objective = saddleless()
        #expect(band.lowestActivation == nil)
        try band.run(&objective)
        #expect(band.stop == .stepLimit && band.evaluations == 6 && objective.activationCalls == [6])
        // Pivots at +-.2 and +-.6; the ends, at 1, do not count.
        #expect(abs(try #require(band.lowestActivation) - 0.04) < 1e-12)
    }

    @Test func `The ends never move and the same run gives the same bits`() throws {
        func run() throws -> [[Double]] {
            var band = band(pivots: 9, steps: 20, bend: 0.3)
            var objective = Potential.mullerBrown.objective
            band = ElasticBand(path: band.path, space: band.space, stepLimit: 20, learningRate: 1e-4)
            try band.run(&objective)
            return band.path
        }
        let first = try run()
        #expect(try run() == first)
        #expect(first.first == [-1, 0] && first.last == [1, 0])
    }

    @Test func `A band moved and turned as a whole moves and turns with it`() throws {
        let (cosine, sine) = (0.8, 0.6)
        let shift = [3.0, -7.0]
        func turn(_ p: [Double]) -> [Double] { [cosine * p[0] - sine * p[1], sine * p[0] + cosine * p[1]] }
        func there(_ p: [Double]) -> [Double] { zip(turn(p), shift).map(+) }
        func back(_ p: [Double]) -> [Double] {
            let q = minus(p, shift)
            return [cosine * q[0] + sine * q[1], -sine * q[0] + cosine * q[1]]
        }
        let plain = Potential.quartic.objective
        var objective = plain
        var moved = FunctionObjective<[Double]> { p in
            var evaluation = plain.function(back(p))
            evaluation.gradient = turn(evaluation.gradient)
            return evaluation
        }
        var a = band(pivots: 9, steps: 60, rate: 0.02, bend: 0.5)
        var b = ElasticBand(path: a.path.map(there), space: a.space, stepLimit: 60, learningRate: 0.02)
        try a.run(&objective)
        try b.run(&moved)
        let error = largestDifference(a.path.map(there), b.path)
        print("turned band off by \(error)")
        #expect(error <= 1e-10)
    }

    @Test func `A band resumed from its saved state continues bit for bit`() throws {
        var whole = band(pivots: 7, steps: 30, rate: 0.02, bend: 0.5)
        var objective = Potential.quartic.objective
        for _ in 0..<11 { try whole.step(&objective) }
        let saved = whole.state
        let state = try BandState(
            path: saved.path, activations: saved.activations,
            activationsAreCurrent: saved.activationsAreCurrent,
            endObjectives: saved.endObjectives, control: saved.control, memories: saved.memories,
            steps: saved.steps, evaluations: saved.evaluations,
            gradientEvaluations: saved.gradientEvaluations, stop: saved.stop)
        var resumed = ElasticBand(resuming: state, space: whole.space, stepLimit: 30, learningRate: 0.02)
        try whole.run(&objective)
        try resumed.run(&objective)
        #expect(resumed.state == whole.state)
    }

    @Test func `A saved state that contradicts itself is refused`() {
        #expect(throws: BandError.self) {
            try BandState(
                path: [[0.0], [1]], activations: [], activationsAreCurrent: false, endObjectives: [],
                steps: 0, evaluations: 0, gradientEvaluations: 0, stop: nil)
        }
        #expect(throws: BandError.self) {
            try BandState(
                path: [[0.0], [1], [2]], activations: [1], activationsAreCurrent: true,
                endObjectives: [], steps: 0, evaluations: 0, gradientEvaluations: 0, stop: nil)
        }
        #expect(throws: BandError.self) {
            try BandState(
                path: [[0.0], [1], [2]], activations: [], activationsAreCurrent: false,
                endObjectives: [], steps: -1, evaluations: -1, gradientEvaluations: 0, stop: nil)
        }
        // Sums of them would overflow.
        #expect(throws: BandError.self) {
            try BandState(
                path: [[0.0], [1], [2]], activations: [], activationsAreCurrent: false, endObjectives: [],
                steps: 1, earlierSteps: .max, evaluations: 1, gradientEvaluations: 0, stop: nil)
        }
        #expect(throws: BandError.self) {
            try BandState(
                path: [[0.0], [1], [2]], activations: [], activationsAreCurrent: false,
                endObjectives: [1, 2], steps: 1, evaluations: 3, gradientEvaluations: 3, stop: nil)
        }
    }

    @Test func `A band resumed beyond its step limit measures its path and stops`() throws {
        var first = band(pivots: 5, steps: 9)
        var objective = saddleless()
        for _ in 0..<5 { try first.step(&objective) }
        var resumed = ElasticBand(resuming: first.state, space: first.space, stepLimit: 3, learningRate: 0.1)
        try resumed.step(&objective)
        #expect(resumed.stop == .stepLimit && resumed.steps == 5 && resumed.path == first.path)
    }

    @Test(arguments: [BandError.Quantity.activation, .objective, .gradient])
    func `A number that is not finite is an error with its pivot and step`(_ quantity: BandError.Quantity)
        throws
    {
        var band = band(pivots: 5, steps: 9)
        var calls = 0
        let plain = saddleless()
        var objective = FunctionObjective<[Double]> { p in
            calls += 1
            var evaluation = plain.function(p)
            // Seven points in step 1, five in step 2: the tenth is pivot 3 of step 2.
            guard calls == 10 else { return evaluation }
            switch quantity {
            case .activation: evaluation.activation = .nan
            case .objective: evaluation.objective = -.infinity
            default: evaluation.gradient[1] = .nan
            }
            return evaluation
        }
        let error = #expect(throws: BandError.self) { try band.run(&objective) }
        #expect(error == .notFinite(quantity, pivot: 3, step: 2))
        print(error!)
    }

    @Test func `A step that throws pivots to infinity is an error`() {
        var band = band(pivots: 3, steps: 9, rate: 1e300, bend: 1)
        var calls = 0
        var objective = FunctionObjective<[Double]> { p in
            calls += 1
            return PivotEvaluation(
                activation: calls == 3 ? 0 : 1, objective: 0, gradient: calls == 3 ? [0, 1e300] : [0, 0])
        }
        #expect(throws: BandError.notFinite(.position, pivot: 3, step: 1)) { try band.run(&objective) }
    }

    @Test func `An error of the objective leaves the band as it was`() throws {
        struct Broken: BandObjective, Error {
            mutating func evaluate(
                _ points: [[Double]], step: Int, gradients: inout [[Double]],
                finish: @escaping @Sendable (Int, inout [Double]) -> Void
            ) throws -> [PivotValue] { throw self }
            mutating func activations(_ points: [[Double]]) throws -> [Double] { throw self }
        }
        var band = band(pivots: 3, steps: 9)
        var broken = Broken()
        let before = band.state
        #expect(throws: Broken.self) { try band.step(&broken) }
        #expect(band.state == before)
    }
}
