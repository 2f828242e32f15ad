/// All that a band remembers between two steps: what a checkpoint has to hold for the band to
/// continue bit for bit.
public struct BandState<Point: Sendable>: Sendable {
    /// The points, both ends included.
    public internal(set) var path: [Point]

    /// The activations of the last evaluation of the path, both ends included; empty before the first one.
    public internal(set) var activations: [Double]

    /// Whether `activations` belong to the present `path` and were evaluated without transforms. Always true once a
    /// band on a steady objective has stopped.
    public internal(set) var activationsAreCurrent: Bool

    /// The objectives of the two ends, if the objective is steady; empty before they are evaluated.
    public internal(set) var endObjectives: [Double]

    /// What step control knows of the path.
    public internal(set) var control = StepControl()

    /// Adam's memory for each pivot index; empty before the first step, and with another optimiser.
    public internal(set) var memories: [AdamMemory<Point>] = []

    /// Steps taken, each of which moved every pivot.
    public internal(set) var steps = 0

    /// Steps of the earlier runs. A step's number, counted over all runs, keys its random transforms.
    public internal(set) var earlierSteps = 0

    /// Points handed to the objective so far, with and without gradient.
    public internal(set) var evaluations = 0

    /// How many of `evaluations` were with gradient.
    public internal(set) var gradientEvaluations = 0

    public internal(set) var stop: BandStop?

    /// The beginning of a band along `path`.
    init(path: [Point], activations: [Double] = [], endObjectives: [Double] = []) {
        self.path = path
        self.activations = activations
        self.activationsAreCurrent = !activations.isEmpty
        self.endObjectives = endObjectives
    }

    /// The start of the next run, along `path`, after the run that ended in `state`. The counts go on; the rest is new.
    init(path: [Point], after state: BandState) {
        self.init(path: path)
        earlierSteps = state.earlierSteps + state.steps
        evaluations = state.evaluations
        gradientEvaluations = state.gradientEvaluations
    }

    /// A state read back from a checkpoint.
    /// - Throws: `BandError.inconsistentState` where the parts do not fit together.
    public init(
        path: [Point], activations: [Double], activationsAreCurrent: Bool, endObjectives: [Double],
        control: StepControl = StepControl(), memories: [AdamMemory<Point>] = [], steps: Int, earlierSteps: Int = 0,
        evaluations: Int, gradientEvaluations: Int, stop: BandStop?
    ) throws {
        try Self.require(path.count >= 3, "a path of \(path.count) points")
        try Self.require(
            activations.isEmpty ? !activationsAreCurrent : activations.count == path.count,
            "\(activations.count) activations for \(path.count) points")
        try Self.require(
            endObjectives.isEmpty || endObjectives.count == 2,
            "\(endObjectives.count) objectives for two ends")
        try Self.require(
            endObjectives.isEmpty || !activations.isEmpty, "objectives of the ends without activations")
        try Self.require(
            control.averages.isEmpty || control.averages.count == path.count,
            "\(control.averages.count) averages for \(path.count) points")
        try Self.require(
            memories.isEmpty || memories.count == path.count - 2, "\(memories.count) memories for \(path.count) points")
        try Self.require(
            (activations + endObjectives + control.averages).allSatisfy(\.isFinite),
            "an activation or objective is not finite")
        try Self.require(
            [steps, earlierSteps, control.steps, evaluations].allSatisfy { 0...mostCounted ~= $0 }
                && 0...evaluations ~= gradientEvaluations,
            "its counts are impossible")
        self.path = path
        self.activations = activations
        self.activationsAreCurrent = activationsAreCurrent
        self.endObjectives = endObjectives
        self.control = control
        self.memories = memories
        self.steps = steps
        self.earlierSteps = earlierSteps
        self.evaluations = evaluations
        self.gradientEvaluations = gradientEvaluations
        self.stop = stop
    }

    /// Whether every known activation is at least the lower end's (thesis Algorithm 1).
    var reachesEnds: Bool {
        guard let first = activations.first, let last = activations.last else { return false }
        return activations.allSatisfy { $0 >= min(first, last) }
    }

    private static func require(_ holds: Bool, _ otherwise: String) throws {
        if !holds { throw BandError.inconsistentState(otherwise) }
    }
}

extension BandState: Equatable where Point: Equatable {}
