import Testing

@testable import ElasticBand

@Suite struct StepControlTests {
    private func control(_ activations: [Double], steps: Int = 1) -> StepControl {
        var control = StepControl()
        for _ in 0..<steps { control.add(activations) }
        return control
    }

    @Test func `A factor is the gap to the line between the ends, in shares of fifteen percent`() {
        // The line is 4, 6, 8: gaps of .3 / .6, of 0, and a pivot above it.
        #expect(close(control([2, 3.7, 6, 9, 10]).factors(from: 0), [0.5, 0, 0]))
        #expect(close(control([2, 1, 2]).factors(from: 0), [1]))
    }

    @Test func `Heights count from the baseline`() {
        // The line is -2, its height 1: a gap of .075 is half of 15 %.
        #expect(close(control([-2, -2.075, -2]).factors(from: -3), [0.5]))
        #expect(close(control([-2, -1.5, -2]).factors(from: -3), [0]))
        #expect(close(control([4, 3.925, 4]).factors(from: 3), [0.5]))
    }

    @Test func `An end at the baseline leaves a margin`() {
        // The line is 0 in the middle of -10 and 10: its height counts as 5 % of the ends'.
        #expect(close(control([-10, -0.0375, 10]).factors(from: 0), [0.5]))
        #expect(close(control([1e-9, -1, -1e-9]).factors(from: 0), [1]))
        #expect(close(control([0, 0, 0]).factors(from: 0), [0]))
    }

    @Test func `A lift raises the bar of its pivot`() {
        var control = control([2, 2, 2, 2])
        control.lifts = [0, 0.075]
        #expect(close(control.factors(from: 0), [0, 0.5]))
        control.lifts = [0.03, 0.03]
        #expect(control.isLow(from: 0))
    }

    @Test func `Further steps are fruitless after three checks without gain, however often one is begun again`() {
        var low = control([1, 0.8, 1])
        func isFruitless(_ number: Int) -> Bool { low.isFruitless(atFurtherStep: number, from: 0) }
        #expect((0..<30).map(isFruitless).allSatisfy { !$0 })
        #expect([20, 20, 30, 30].map(isFruitless) == [false, false, true, true])
        // A pivot that rises by more than a tenth of what it lacks goes on.
        var rising = control([1, 0.8, 1])
        for number in 0..<60 {
            let isFruitless = rising.isFruitless(atFurtherStep: number, from: 0)
            #expect(!isFruitless, "at \(number)")
            rising.averages[1] += 0.01 * (1 - rising.averages[1])
        }
    }

    @Test func `Averages remember four fifths`() {
        var control = control([1, 0, 1])
        control.add([2, 10, 2])
        #expect(close(control.averages, [1.2, 2, 1.2]))
    }

    @Test func `A path settles once no factor is noticeable, and not on the first steps' word`() {
        #expect(!control([1, 1, 1], steps: 4).isSettled(from: 0))
        #expect(control([1, 1, 1], steps: 5).isSettled(from: 0))
        // .02 of .15 below the bar, and a little more.
        #expect(control([1, 0.9971, 1], steps: 5).isSettled(from: 0))
        #expect(!control([1, 0.9969, 1], steps: 5).isSettled(from: 0))
    }

    @Test func `A controlled band settles at the line between its ends, whatever the steps add to all`() throws {
        // A = 1 - (y - 1)^2 / 4 except at the ends, where it is 1: pivots gain by rising to y = 1.
        var objective = FunctionObjective<[Double]> { p in
            let isEnd = p[0] == 0 || p[0] == 1
            let value = isEnd ? 0.9 : 1 - (p[1] - 1) * (p[1] - 1) / 4
            return PivotEvaluation(activation: value, objective: value, gradient: [0, (1 - p[1]) / 2])
        }
        objective.drift = { Double($0 % 3) }
        var band = ElasticBand(
            path: EuclideanSpace().interpolated([[0, 0], [1, 0]], count: 1),
            space: EuclideanSpace<Double>(), stepLimit: 500, learningRate: 0.02,
            rules: StepRules(optimizer: .adam, controlsSteps: true, stop: .settled))
        try band.run(&objective)
        let height = band.path[1][1]
        print("settled by \(band.stop!) after \(band.steps) steps at \(height)")
        // 1 - (y - 1)^2 / 4 = .9 at y = .3675.
        #expect(band.stop == .settled && band.steps < 500)
        #expect(abs(height - 0.3675) < 0.1)
        // Both ends are asked for in every step, without gradient; nothing is measured at the end.
        #expect(objective.valueCalls.allSatisfy { $0 == 2 } && objective.activationCalls.isEmpty)
        #expect(objective.steps == Array(0...band.steps))
    }

    @Test func `Pivots that control holds where they are are evaluated without gradient`() throws {
        // The middle one of three lies .1 below the bar and rises with its second coordinate; the others are on it.
        var objective = FunctionObjective<[Double]> { p in
            let isLow = abs(p[0] - 0.5) < 0.2
            let value = isLow ? min(0.9 + p[1], 1) : 1
            return PivotEvaluation(activation: value, objective: value, gradient: [0, isLow ? 1 : 0])
        }
        objective.drift = { _ in 0 }
        var band = ElasticBand(
            path: EuclideanSpace().interpolated([[0, 0], [1, 0]], count: 3),
            space: EuclideanSpace<Double>(), stepLimit: 500, learningRate: 0.02,
            rules: StepRules(smoothing: 1, controlsSteps: true, stop: .settled))
        try band.run(&objective)
        #expect(band.stop == .settled && band.steps > 5, "\(band.steps) steps")
        #expect(objective.gradientCalls.first == 3, "nothing is known before the first step")
        let later = objective.gradientCalls.dropFirst()
        #expect(later.allSatisfy { $0 <= 1 } && later.contains(1), "\(objective.gradientCalls)")
        // All are looked at in every step, the two ends too.
        #expect(zip(objective.gradientCalls, objective.valueCalls).allSatisfy { $0 + $1 == 5 })
        #expect(band.state.gradientEvaluations == objective.gradientCalls.reduce(0, +))
        #expect(band.path[2][1] > 0.05, "the low one has risen: \(band.path[2])")
    }

    private func close(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 }
    }
}
