/// A chain of pivots between two fixed ends that climbs an objective everywhere but along itself,
/// spread evenly after every step: thesis Algorithm 1, the string form of the nudged elastic band.
///
///     var band = ElasticBand(path: path, space: space, stepLimit: 500, learningRate: 0.002)
///     while band.stop == nil { try band.step(&objective) }
///
/// A band is a value: a copy, or its `state` on disk, continues bit for bit like the original.
public struct ElasticBand<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public let space: Space
    /// T: most steps that move the pivots.
    public let stepLimit: Int
    /// gamma: how far along its force a pivot moves.
    public let learningRate: Double

    public internal(set) var state: BandState<Point>

    /// The points, both ends included.
    public var path: [Point] { state.path }
    /// The activations when the path was last evaluated: before the last move while the band runs,
    /// those of `path` once it has stopped. Empty before the first step.
    public var activations: [Double] { state.activations }
    /// The lowest of `activations` between the ends; nil before the first step.
    public var lowestActivation: Double? { activations.dropFirst().dropLast().min() }
    /// Steps taken, each of which moved every pivot.
    public var steps: Int { state.steps }
    /// Points handed to the objective, with and without gradient, each end once.
    public var evaluations: Int { state.evaluations }
    /// Why the band stopped, or nil while it runs.
    public var stop: BandStop? { state.stop }

    /// - Precondition: at least one point between the ends, `stepLimit` >= 0, `learningRate` > 0;
    ///   `BandSettings` guarantees it.
    public init(path: [Point], space: Space, stepLimit: Int, learningRate: Double) {
        self.init(
            resuming: BandState(path: path), space: space, stepLimit: stepLimit,
            learningRate: learningRate)
    }

    /// A band that continues from `state`.
    public init(
        resuming state: BandState<Point>, space: Space, stepLimit: Int, learningRate: Double
    ) {
        precondition(state.path.count >= 3, "a band needs a pivot between its ends")
        precondition(stepLimit >= 0 && learningRate > 0 && learningRate.isFinite)
        self.space = space
        self.stepLimit = stepLimit
        self.learningRate = learningRate
        self.state = state
    }

    /// A straight path of `pivots` evenly spaced points between the two ends, which it includes.
    public static func straightPath(
        from first: Point, to last: Point, pivots: Int, in space: Space
    ) -> [Point] {
        space.interpolated([first, last], count: pivots)
    }

    /// Evaluates the path and either stops or takes one step; does nothing once stopped.
    ///
    /// One evaluation serves the stop test and the gradient, so a band that stops after t steps
    /// has evaluated every pivot t + 1 times; after the last step without gradient.
    ///
    /// - Parameter climbing: the pivot with the lowest objective goes *down* along the path instead
    ///   of keeping its place on it, the rest is spread evenly on either side of it: it converges
    ///   to the saddle point itself (Henkelman, Uberuaga and Jonsson 2000, climbing image).
    /// - Throws: what `objective` throws, which leaves the band as it was;
    ///   `BandError.notFinite`, after which the band cannot go on.
    public mutating func step<Objective: BandObjective>(
        _ objective: inout Objective, climbing: Bool = false
    ) throws where Objective.Point == Point {
        guard stop == nil else { return }
        if state.activationsAreCurrent, state.reachesEnds {
            state.stop = .reachedEnds
            return
        }
        if steps >= stepLimit {
            if !state.activationsAreCurrent { try measure(&objective) }
            state.stop = state.reachesEnds ? .reachedEnds : .stepLimit
            return
        }
        var (evaluations, objectives) = try evaluate(&objective)
        if state.reachesEnds {
            state.stop = .reachedEnds
            return
        }
        let climber = climbing ? lowestPivot(objectives) : nil
        movePivots(&evaluations, objectives: objectives, climber: climber)
        try redistribute(around: climber)
        state.steps += 1
    }

    /// Steps until the band stops.
    public mutating func run<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        while stop == nil { try step(&objective) }
    }
}

extension ElasticBand {
    /// Evaluates the pivots with gradient, and the ends if their objectives are not known yet.
    /// Returns the evaluations of the pivots, and the objectives of the whole path.
    private mutating func evaluate<Objective: BandObjective>(
        _ objective: inout Objective
    ) throws -> (evaluations: [PivotEvaluation<Point>], objectives: [Double])
    where Objective.Point == Point {
        let withEnds = state.endObjectives.isEmpty
        let points = withEnds ? path : Array(path.dropFirst().dropLast())
        var evaluations = try objective.evaluate(points)
        precondition(evaluations.count == points.count, "an objective must answer for every point")
        for (index, evaluation) in evaluations.enumerated() {
            let pivot = withEnds ? index : index + 1
            try require(evaluation.activation.isFinite, .activation, pivot)
            try require(evaluation.objective.isFinite, .objective, pivot)
            try require(space.isFinite(evaluation.gradient), .gradient, pivot)
        }

        state.evaluations += points.count
        state.gradientEvaluations += points.count
        if withEnds {
            state.activations = evaluations.map(\.activation)
            state.endObjectives = [evaluations[0].objective, evaluations[points.count - 1].objective]
            evaluations.removeFirst()
            evaluations.removeLast()
        } else {
            for (index, evaluation) in evaluations.enumerated() {
                state.activations[index + 1] = evaluation.activation
            }
        }
        state.activationsAreCurrent = true
        let ends = state.endObjectives
        return (evaluations, [ends[0]] + evaluations.map(\.objective) + [ends[1]])
    }

    /// Learns the activations of the path without gradients, the ends' only if not known yet.
    private mutating func measure<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        let withEnds = activations.isEmpty
        let points = withEnds ? path : Array(path.dropFirst().dropLast())
        let values = try objective.activations(points)
        precondition(values.count == points.count, "an objective must answer for every point")
        for (index, value) in values.enumerated() {
            try require(value.isFinite, .activation, withEnds ? index : index + 1)
        }
        state.evaluations += points.count
        if withEnds {
            state.activations = values
        } else {
            state.activations.replaceSubrange(1...values.count, with: values)
        }
        state.activationsAreCurrent = true
    }

    /// The index in the path of the pivot with the lowest objective, the first of equals.
    private func lowestPivot(_ objectives: [Double]) -> Int {
        (2..<(objectives.count - 1)).reduce(1) { objectives[$1] < objectives[$0] ? $1 : $0 }
    }

    /// Turns the gradients into forces and moves every pivot along its own.
    private mutating func movePivots(
        _ evaluations: inout [PivotEvaluation<Point>], objectives: [Double], climber: Int?
    ) {
        // All forces first: the tangents belong to the path before any pivot has moved.
        var raw: Point?
        for index in evaluations.indices {
            space.condition(&evaluations[index].gradient)
            if index + 1 == climber { raw = evaluations[index].gradient }
            space.project(
                &evaluations[index].gradient, perpendicularTo: path, at: index + 1,
                objectives: objectives)
        }
        for index in evaluations.indices {
            let force = evaluations[index].gradient
            if index + 1 == climber, let raw {
                // Perpendicular part minus tangential part = 2 * perpendicular part - gradient.
                space.move(&state.path[index + 1], by: force, scale: 2 * learningRate)
                space.move(&state.path[index + 1], by: raw, scale: -learningRate)
            } else {
                space.move(&state.path[index + 1], by: force, scale: learningRate)
            }
        }
        state.activationsAreCurrent = false
    }

    /// Spreads the pivots evenly between the ends, or on either side of the climber.
    private mutating func redistribute(around climber: Int?) throws {
        let lengths = space.segmentLengths(of: path)
        for index in lengths.indices {
            try require(lengths[index].isFinite, .position, space.isFinite(path[index]) ? index + 1 : index)
        }
        if let climber {
            let before = space.redistributed(
                Array(path[...climber]), lengths: Array(lengths[..<climber]))
            let after = space.redistributed(
                Array(path[climber...]), lengths: Array(lengths[climber...]))
            state.path = before + after.dropFirst()
        } else {
            state.path = space.redistributed(path, lengths: lengths)
        }
    }

    private func require(_ isFinite: Bool, _ quantity: BandError.Quantity, _ pivot: Int) throws {
        if !isFinite { throw BandError.notFinite(quantity, pivot: pivot, step: steps + 1) }
    }
}
