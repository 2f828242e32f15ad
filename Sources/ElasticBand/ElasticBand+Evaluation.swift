extension ElasticBand {
    /// Evaluates the pivots, and also the ends unless their values are known and do not change. Writes the directions
    /// of the pivots that may move into `forces`. Returns the objectives of the whole path.
    /// - Parameter climbing: all pivots may move.
    mutating func evaluate<Objective: BandObjective>(_ objective: inout Objective, climbing: Bool) throws -> [Double]
    where Objective.Point == Point {
        let pivotCount = path.count - 2
        let withEnds = state.endObjectives.isEmpty || !objective.isSteady
        movable = (1...pivotCount).filter { climbing || !isHeld($0) }
        let order =
            movable + (1...pivotCount).filter { !movable.contains($0) } + (withEnds ? [0, pivotCount + 1] : [])
        let points = order.map { path[$0] }
        provideForces(movable.count)
        if rules.optimizer == .adam, state.memories.isEmpty {
            let zero = space.zero(like: path[0])
            state.memories = (0..<pivotCount).map { _ in AdamMemory(mean: zero, square: zero) }
        }
        let shaping = ForceShaping(space: space, step: steps + 1, pivots: movable)
        // Moved out of `state` while they change.
        var memories: [AdamMemory<Point>] = []
        swap(&memories, &state.memories)
        defer { swap(&memories, &state.memories) }
        let values = try shaping.with(&memories) { finish in
            try objective.evaluate(
                points, step: state.earlierSteps + steps, gradients: &forces, finish: finish)
        }
        precondition(
            values.count == points.count && forces.count == movable.count, "an objective must answer for every point")
        for (value, pivot) in zip(values, order) {
            try require(value.activation.isFinite, .activation, pivot)
            try require(value.objective.isFinite, .objective, pivot)
        }
        for (index, pivot) in movable.enumerated() { try require(shaping.isFinite(index), .gradient, pivot) }
        state.evaluations += points.count
        state.gradientEvaluations += movable.count
        var objectives = [Double](repeating: 0, count: path.count)
        if !withEnds { (objectives[0], objectives[pivotCount + 1]) = (state.endObjectives[0], state.endObjectives[1]) }
        if state.activations.count != path.count { state.activations = objectives }
        for (value, pivot) in zip(values, order) {
            state.activations[pivot] = value.activation
            objectives[pivot] = value.objective
        }
        state.activationsAreCurrent = objective.isSteady
        if objective.isSteady { state.endObjectives = [objectives[0], objectives[pivotCount + 1]] }
        state.control.add(state.activations)
        return objectives
    }

    /// Whether step control keeps a pivot in its place, judged before this step. Its gradient, which costs more than
    /// half of an evaluation, is then not needed. A pivot that falls below the bar moves one step later.
    private func isHeld(_ pivot: Int) -> Bool {
        guard rules.controlsSteps, state.control.averages.count == path.count else { return false }
        return state.control.factors(from: rules.baseline)[pivot - 1] == 0
    }

    /// Provides `count` forces to write over; forces that are not needed now are kept for later.
    private mutating func provideForces(_ count: Int) {
        while forces.count > count { unusedForces.append(forces.removeLast()) }
        while forces.count < count { forces.append(unusedForces.popLast() ?? space.zero(like: path[0])) }
    }

    /// Evaluates the plain activations of the path; those of the ends only if they are not known yet.
    mutating func measure<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        let withEnds = activations.isEmpty || !objective.isSteady
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
}

/// Turns gradients into directions (METHODS "The better band", steps 2 and 3). This happens where the gradient was
/// evaluated, while it is still in the processor's caches.
private final class ForceShaping<Space: PathSpace>: @unchecked Sendable {
    // `@unchecked`: the data of a pivot is changed by one call alone, and read after all calls have ended.
    typealias Finish = @Sendable (Int, inout Space.Point) -> Void

    private let space: Space
    private let step: Int
    /// The pivots whose gradients these are, as places in the path.
    private let pivots: [Int]
    private let flags: UnsafeMutableBufferPointer<Bool>

    init(space: Space, step: Int, pivots: [Int]) {
        self.space = space
        self.step = step
        self.pivots = pivots
        flags = .allocate(capacity: pivots.count)
        flags.initialize(repeating: true)
    }

    deinit { flags.deallocate() }

    /// Whether a gradient was finite. If it was not, no memory has changed.
    func isFinite(_ index: Int) -> Bool { flags[index] }

    /// Gives `body` the function that finishes a gradient; it uses Adam's memories if there are any.
    func with<Result>(_ memories: inout [AdamMemory<Space.Point>], _ body: (@escaping Finish) throws -> Result) rethrows
        -> Result
    {
        try memories.withUnsafeMutableBufferPointer { try body(finish($0)) }
    }

    private func finish(_ memories: UnsafeMutableBufferPointer<AdamMemory<Space.Point>>) -> Finish {
        nonisolated(unsafe) let memories = memories
        return { index, gradient in
            self.flags[index] =
                memories.isEmpty
                ? self.space.condition(&gradient)
                : self.space.adapt(&gradient, &memories[self.pivots[index] - 1], step: self.step)
        }
    }
}
