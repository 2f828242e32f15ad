import Testing

@testable import ElasticBand

/// A = x^2 + bump over (x, y), its gradient pulling along y by a given amount.
private func pull(_ slope: @escaping ([Double]) -> Double) -> FunctionObjective<[Double]> {
    FunctionObjective { p in
        PivotEvaluation(activation: -p[1] * p[1], objective: -p[1] * p[1], gradient: [0, slope(p)])
    }
}

private func straight(_ pivots: Int) -> [[Double]] {
    EuclideanSpace<Double>().interpolated([[0, 0], [1, 0]], count: pivots)
}

@Suite struct StepRulesTests {
    @Test(arguments: [(1, 1), (5, 0), (5, 1), (6, 2), (9, 3), (2, 16)])
    func `Smoothing weights are those of repeated passes with replicated edges`(_ count: Int, _ passes: Int) {
        var numbers = Numbers(state: 11)
        let values = numbers.point(count)
        var expected = values
        for _ in 0..<passes {
            expected = (0..<count).map { index in
                let sides: Double = expected[max(index - 1, 0)] + expected[min(index + 1, count - 1)]
                return sides / 4 + expected[index] / 2
            }
        }
        for (index, row) in ChainSmoothing.weights(count: count, passes: passes).enumerated() {
            let found = row.weights.enumerated().reduce(0) { $0 + $1.element * values[row.first + $1.offset] }
            #expect(abs(found - expected[index]) <= 1e-14, "\(found) at \(index), not \(expected[index])")
        }
    }

    @Test func `Smoothing lets neighbours share a pull`() throws {
        // Only the middle one of five pivots is pulled, by 16: two passes share that as 1, 4, 6, 4, 1.
        var objective = pull { abs($0[0] - 0.5) < 1e-9 ? 16 : 0 }
        var band = ElasticBand(
            path: straight(5), space: EuclideanSpace<Double>(), stepLimit: 1, learningRate: 1e-6,
            rules: StepRules(smoothing: 2, stop: .stepLimit))
        try band.run(&objective)
        let heights = band.path.map { $0[1] * 1e6 }
        print("heights \(heights)")
        for (found, expected) in zip(heights, [0.0, 1, 4, 6, 4, 1, 0]) { #expect(abs(found - expected) < 1e-3) }
    }

    @Test func `Adam keeps one memory for each pivot index through redistribution`() throws {
        var objective = pull { 3 + $0[0] }
        var band = ElasticBand(
            path: straight(3), space: EuclideanSpace<Double>(), stepLimit: 4, learningRate: 1e-7,
            rules: StepRules(optimizer: .adam, stop: .stepLimit))
        try band.run(&objective)
        // Adam's first steps up a constant gradient are of its learning rate each, whatever the gradient.
        for point in band.path.dropFirst().dropLast() { #expect(abs(point[1] - 4e-7) < 1e-9, "\(point)") }
        for (index, memory) in band.state.memories.enumerated() {
            let slope = 3 + Double(index + 1) / 4
            #expect(abs(memory.mean[1] - slope * (1 - 0.9 * 0.9 * 0.9 * 0.9)) < 1e-3, "\(memory)")
        }
    }

    @Test func `Frozen pivots stay, the others move`() throws {
        var objective = FunctionObjective<[Double]> { p in
            let activation = abs(p[0] - 0.5) < 1e-9 ? 2.5 : 0.5
            return PivotEvaluation(activation: p[0] == 0 || p[0] == 1 ? 2 : activation, objective: 0, gradient: [0, 1])
        }
        func heights(_ freezing: Double?) throws -> [Double] {
            var band = ElasticBand(
                path: straight(3), space: EuclideanSpace<Double>(), stepLimit: 1, learningRate: 1e-6,
                rules: StepRules(freezing: freezing, stop: .stepLimit))
            try band.run(&objective)
            return band.path[1...3].map { ($0[1] * 1e6).rounded() }
        }
        #expect(try heights(1) == [1, 0, 1])
        #expect(try heights(1.5) == [1, 1, 1] && heights(nil) == [1, 1, 1])
        // A negative end has its threshold above it, too.
        #expect(!StepRules(freezing: 1.5).freezes(-0.8, ends: (-1, -2)))
        #expect(StepRules(freezing: 1.5).freezes(-0.4, ends: (-1, -2)))
    }

    @Test func `Without a tangent pivots follow the whole gradient`() throws {
        var objective = FunctionObjective<[Double]> { p in
            PivotEvaluation(activation: 0, objective: 0, gradient: [1, 0])
        }
        for (kind, shift) in [(StepRules.Tangent.lower, 0.0), (.central, 0), (.none, 0.05)] {
            var band = ElasticBand(
                path: straight(1), space: EuclideanSpace<Double>(), stepLimit: 1, learningRate: 0.05,
                rules: StepRules(tangent: kind, stop: .stepLimit))
            let zero = band.space.zero(like: [0, 0])
            var gradients = [zero]
            _ = try objective.evaluate([[0.5, 0]], step: 0, gradients: &gradients) { _, _ in }
            try band.movePivotsForTest(gradients, objective)
            #expect(abs(band.path[1][0] - 0.5 - shift) < 1e-12, "\(kind): \(band.path[1])")
        }
    }
}

extension ElasticBand where Space == EuclideanSpace<Double> {
    /// The move alone, without what spreads the pivots afterwards.
    fileprivate mutating func movePivotsForTest(
        _ gradients: [[Double]], _ objective: FunctionObjective<[Double]>
    ) throws {
        (movable, forces) = (Array(1...gradients.count), gradients)
        state.activations = path.map { _ in 0 }
        try movePivots(objectives: path.map { _ in 0 }, objective)
    }
}
