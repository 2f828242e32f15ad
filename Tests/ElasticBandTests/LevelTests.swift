import Testing

@testable import ElasticBand

@Suite struct LevelTests {
    private func settings(
        extraSteps: Int = 0, climbingSteps: Int = 0, refinementSteps: Int = 0,
        rules: StepRules = StepRules(stop: .stepLimit)
    ) throws -> BandSettings {
        try BandSettings(
            pivots: 14, levels: [2, 5], interpolations: 3, steps: 6, extraSteps: extraSteps,
            climbingSteps: climbingSteps, refinementSteps: refinementSteps, learningRate: 2e-4, rules: rules)
    }

    private func wrapper(_ settings: BandSettings) -> BandWrapper<EuclideanSpace<Double>> {
        BandWrapper(
            from: SaddleTests.minimumA, to: SaddleTests.minimumC, space: EuclideanSpace(), settings: settings)
    }

    @Test func `Each level starts from the path before it and counts its steps on`() throws {
        var wrapper = try wrapper(settings())
        var objective = Potential.mullerBrown.objective
        var counts: [Int] = []
        while wrapper.result == nil {
            try wrapper.step(&objective)
            if counts.last != wrapper.band.path.count { counts.append(wrapper.band.path.count) }
        }
        let result = try #require(wrapper.result)
        #expect(counts == [4, 7, 16] && result.levels.map(\.steps) == [6, 6, 6] && result.steps == 18)
        #expect(
            objective.gradientCalls == [2, 2, 2, 2, 2, 2] + Array(repeating: 5, count: 6)
                + Array(repeating: 14, count: 6))
        // A step's number keys its transforms, so that no two levels share one.
        #expect(objective.steps == Array(0..<18))
        #expect(result.path.count == 16 && result.evaluations == objective.asked)
        #expect(result.path.first == SaddleTests.minimumA && result.path.last == SaddleTests.minimumC)
    }

    @Test func `New pivots lie between the old ones`() {
        let space = EuclideanSpace<Double>()
        #expect(space.resampled([[0], [4], [6]], pivots: 3) == [[0], [2], [4], [5], [6]])
        #expect(space.resampled([[0], [3], [6]], pivots: 2) == [[0], [2], [4], [6]])
    }

    @Test func `A settled level hands over early`() throws {
        let rules = StepRules(controlsSteps: true, stop: .settled)
        var wrapper = BandWrapper(
            from: [0.0], to: [1.0], space: EuclideanSpace<Double>(), settings: try settings(rules: rules))
        var objective = FunctionObjective<[Double]> { _ in
            PivotEvaluation(activation: 1, objective: 1, gradient: [0])
        }
        let result = try wrapper.run(&objective)
        #expect(result.levels == Array(repeating: BandRun(steps: 4, stop: .settled), count: 3), "\(result.levels)")
    }

    @Test(arguments: [0.9, 0.97, 0.985])
    func `The last level goes on while a pivot is low, as long as its extra steps last`(_ height: Double) throws {
        // Ends at 1, all between them at `height`, whatever they do.
        var objective = FunctionObjective<[Double]> { point in
            let activation = point[0] <= 0 || point[0] >= 1 ? 1 : height
            return PivotEvaluation(activation: activation, objective: activation, gradient: [0])
        }
        func steps(_ extraSteps: Int, controlsSteps: Bool = true) throws -> [Int] {
            let settings = try BandSettings(
                pivots: 5, levels: [2], interpolations: 0, steps: 6, extraSteps: extraSteps, refinementSteps: 0,
                learningRate: 0.01, rules: StepRules(controlsSteps: controlsSteps, stop: .settled))
            var wrapper = BandWrapper(from: [0.0], to: [1.0], space: EuclideanSpace<Double>(), settings: settings)
            return try wrapper.run(&objective).levels.map(\.steps)
        }
        #expect(try steps(0) == [6, 6])
        #expect(try steps(9) == [6, height < 0.98 ? 15 : 6])
        // They bring nothing: after three checks, one every ten steps, no more are taken.
        #expect(try steps(100) == [6, height < 0.98 ? 36 : 6])
        // Without step control nobody knows the averages.
        #expect(try steps(9, controlsSteps: false) == [6, 6])
    }

    @Test func `Extra steps end once the low pivot has risen`() throws {
        // The ends stay at 1; what lies between them rises with every question from .8 by .05.
        var asked = 0.0
        let settings = try BandSettings(
            pivots: 2, interpolations: 0, steps: 3, extraSteps: 1000, refinementSteps: 0, learningRate: 0.01,
            rules: StepRules(controlsSteps: true, stop: .stepLimit))
        var wrapper = BandWrapper(from: [0.0], to: [1.0], space: EuclideanSpace<Double>(), settings: settings)
        var objective = FunctionObjective<[Double]> { point in
            let isEnd = point[0] <= 0 || point[0] >= 1
            if !isEnd { asked += 0.5 }
            let activation = isEnd ? 1 : min(0.8 + 0.05 * asked, 1.05)
            return PivotEvaluation(activation: activation, objective: activation, gradient: [0])
        }
        let result = try wrapper.run(&objective)
        #expect(result.steps > 3 && result.steps < 20, "\(result.steps)")
        #expect(result.levels.map(\.stop) == [.stepLimit])
    }

    @Test(arguments: 0..<40, [3, 20]) func `A wrapper resumed in any run ends with the same bits`(
        _ stepsBefore: Int, climbingSteps: Int
    ) throws {
        let settings = try settings(
            extraSteps: 4, climbingSteps: climbingSteps, refinementSteps: 2,
            rules: StepRules(optimizer: .adam, smoothing: 1, controlsSteps: true, stop: .settled))
        var objective = Potential.mullerBrown.objective
        objective.drift = { Double($0 % 5) }
        var (whole, first) = (wrapper(settings), wrapper(settings))
        let expected = try whole.run(&objective)
        for _ in 0..<stepsBefore { try first.step(&objective) }
        guard first.result == nil else { return }
        var resumed = try BandWrapper(
            resuming: first.band.state, runs: first.runs, isRefining: first.isRefining, climber: first.climber,
            space: first.space, settings: settings)
        #expect(resumed.stage == first.stage && resumed.steps == first.steps)
        #expect(try resumed.run(&objective) == expected)
    }

    @Test func `A climb finds the lowest place of a path exactly and says where it is`() throws {
        let settings = try BandSettings(
            pivots: 13, levels: [6], interpolations: 3, steps: 150, climbingSteps: 2_500, refinementSteps: 0,
            learningRate: 2e-4, rules: StepRules(stop: .stepLimit))
        var wrapper = wrapper(settings)
        var objective = Potential.mullerBrown.objective
        let result = try wrapper.run(&objective)
        let climber = try #require(result.climber)
        let saddle = SaddleTests.cases[0].saddle
        let error = norm(minus(result.path[climber], saddle))
        print("climber \(climber) at \(result.path[climber]), off by \(error)")
        #expect(error <= 1e-6)
        #expect(result.levels.count == 2 && result.steps == 300)
    }

    @Test(arguments: [[3, 3], [20], [0], [5, 4], [14]]) func `Levels have to ascend`(_ levels: [Int]) {
        let error = #expect(throws: BandError.self) {
            try BandSettings(
                pivots: 14, levels: levels, interpolations: 0, steps: 1, refinementSteps: 0, learningRate: 1)
        }
        print(error!)
    }
}
