/// Why a band stopped.
public enum BandStop: String, Sendable, Codable {
    /// Every pivot's activation is at least that of the lower end.
    case reachedEnds
    /// All steps are taken and a pivot is still lower than both ends.
    case stepLimit
}

/// All that a band remembers between two steps: what a checkpoint has to hold for the band to
/// continue bit for bit.
public struct BandState<Point: Sendable>: Sendable {
    /// The points, both ends included.
    public internal(set) var path: [Point]

    /// The activations of the path as it was last evaluated, both ends included; empty before.
    public internal(set) var activations: [Double]

    /// Whether `activations` belong to `path` as it is; true whenever the band has stopped.
    public internal(set) var activationsAreCurrent: Bool

    /// The objectives of the first and the last end; empty before they were evaluated.
    public internal(set) var endObjectives: [Double]

    /// Steps taken, each of which moved every pivot.
    public internal(set) var steps = 0

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

    /// A state read back from a checkpoint.
    /// - Throws: `BandError.inconsistentState` where the parts do not fit together.
    public init(
        path: [Point], activations: [Double], activationsAreCurrent: Bool, endObjectives: [Double],
        steps: Int, evaluations: Int, gradientEvaluations: Int, stop: BandStop?
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
            (activations + endObjectives).allSatisfy(\.isFinite),
            "an activation or objective is not finite")
        try Self.require(
            stop == nil || activationsAreCurrent, "stopped without knowing the activations")
        try Self.require(
            steps >= 0 && 0...evaluations ~= gradientEvaluations, "its counts are impossible")
        self.path = path
        self.activations = activations
        self.activationsAreCurrent = activationsAreCurrent
        self.endObjectives = endObjectives
        self.steps = steps
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
