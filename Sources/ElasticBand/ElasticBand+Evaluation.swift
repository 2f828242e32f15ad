extension ElasticBand {
    /// Evaluates the pivots, their conditioned gradients into `forces`, and the ends unless they are known for good.
    /// Returns the objectives of the whole path.
    mutating func evaluate<Objective: BandObjective>(_ objective: inout Objective) throws -> [Double]
    where Objective.Point == Point {
        let pivotCount = path.count - 2
        let withEnds = state.endObjectives.isEmpty || !objective.isSteady
        var points = Array(path[1...pivotCount])
        if withEnds { points += [path[0], path[pivotCount + 1]] }
        if forces.count != pivotCount {
            forces = (0..<pivotCount).map { _ in space.zero(like: path[0]) }
        }
        if rules.optimizer == .adam, state.memories.isEmpty {
            let zero = space.zero(like: path[0])
            state.memories = forces.map { _ in AdamMemory(mean: zero, square: zero) }
        }
        let shaping = ForceShaping(space: space, step: steps + 1, count: pivotCount)
        // Taken out while they change.
        var memories: [AdamMemory<Point>] = []
        swap(&memories, &state.memories)
        defer { swap(&memories, &state.memories) }
        let values = try shaping.with(&memories) { finish in
            try objective.evaluate(
                points, step: state.earlierSteps + steps, gradients: &forces, finish: finish)
        }
        precondition(
            values.count == points.count && forces.count == pivotCount, "an objective must answer for every point")
        for (index, value) in values.enumerated() {
            let pivot = index < pivotCount ? index + 1 : index == pivotCount ? 0 : pivotCount + 1
            try require(value.activation.isFinite, .activation, pivot)
            try require(value.objective.isFinite, .objective, pivot)
        }
        for pivot in 1...pivotCount { try require(shaping.isFinite(pivot - 1), .gradient, pivot) }
        state.evaluations += points.count
        state.gradientEvaluations += pivotCount
        let pivots = values[..<pivotCount]
        var ends = Array(values[pivotCount...])
        if !withEnds {
            ends = zip([activations[0], activations[pivotCount + 1]], state.endObjectives).map {
                PivotValue(activation: $0, objective: $1)
            }
        }
        state.activations = [ends[0].activation] + pivots.map(\.activation) + [ends[1].activation]
        state.activationsAreCurrent = objective.isSteady
        if objective.isSteady { state.endObjectives = ends.map(\.objective) }
        state.control.add(state.activations)
        return [ends[0].objective] + pivots.map(\.objective) + [ends[1].objective]
    }

    /// Learns the plain activations of the path, the ends' only if not known yet.
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

/// From gradients to directions (METHODS "The better band", steps 2 and 3), each where it was evaluated, while it is near
/// the processor.
private final class ForceShaping<Space: PathSpace>: @unchecked Sendable {
    // `@unchecked`: what belongs to a pivot is touched by one call alone, and read when all have ended.
    typealias Finish = @Sendable (Int, inout Space.Point) -> Void

    private let space: Space
    private let step: Int
    private let flags: UnsafeMutableBufferPointer<Bool>

    init(space: Space, step: Int, count: Int) {
        self.space = space
        self.step = step
        flags = .allocate(capacity: count)
        flags.initialize(repeating: true)
    }

    deinit { flags.deallocate() }

    /// Whether a gradient was finite. One that was not has changed nobody's memory.
    func isFinite(_ index: Int) -> Bool { flags[index] }

    /// Hands out what finishes a gradient, with Adam's memories where there are any.
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
                : self.space.adapt(&gradient, &memories[index], step: self.step)
        }
    }
}
