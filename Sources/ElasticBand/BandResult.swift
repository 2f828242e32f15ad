/// More steps or evaluations than any band takes: sums of counts that a file says must not overflow.
let mostCounted = 1 << 40

/// One run of a band: how many steps it took, and why it ended.
public struct BandRun: Sendable, Equatable, Codable {
    public let steps: Int
    public let stop: BandStop
}

/// What `BandWrapper` made between two facets.
public struct BandResult<Point: Sendable>: Sendable {
    /// The images in order, both ends included.
    public let path: [Point]
    /// The plain activation of every image of `path`; empty if they were not needed yet.
    public let activations: [Double]
    /// The runs of the levels; the last one had N pivots.
    public let levels: [BandRun]
    /// The refinement, or nil where there was none.
    public let refinement: BandRun?
    /// The image of `path` that climbed down to the exact lowest place; nil without a climb, or after a refinement.
    public let climber: Int?
    /// Points handed to the objective, with and without gradient.
    public let evaluations: Int
    /// How many of `evaluations` were with gradient.
    public let gradientEvaluations: Int

    /// Images between the ends.
    public var pivots: Int { path.count - 2 }
    /// Steps of all levels.
    public var steps: Int { levels.reduce(0) { $0 + $1.steps } }
    /// Why the last level stopped.
    public var stop: BandStop { levels.last?.stop ?? .stepLimit }
    /// Steps of the refinement; 0 where there was none, or where it found nothing to do.
    public var refinementSteps: Int { refinement?.steps ?? 0 }
    /// Why the refinement stopped, or nil where there was none.
    public var refinementStop: BandStop? { refinement?.stop }
    /// Whether an interpolation was too low, so that the band ran again with all images as pivots.
    public var wasRefined: Bool { refinement != nil }
}

extension BandResult {
    /// The same after further steps along its path, which count as steps of the last level.
    public func continued(by further: BandResult) -> BandResult {
        let last = BandRun(steps: (levels.last?.steps ?? 0) + further.steps, stop: further.stop)
        return BandResult(
            path: further.path, activations: further.activations, levels: levels.dropLast() + [last],
            refinement: refinement, climber: climber, evaluations: evaluations + further.evaluations,
            gradientEvaluations: gradientEvaluations + further.gradientEvaluations)
    }
    /// A result read back from a checkpoint.
    /// - Throws: `BandError.inconsistentState` where the parts do not fit together, or not to `settings`.
    public init(
        path: [Point], activations: [Double], levels: [BandRun], refinement: BandRun?, climber: Int?, evaluations: Int,
        gradientEvaluations: Int, settings: BandSettings
    ) throws {
        let counts = [settings.pivots + 2, settings.imagesBetweenFacets + 2]
        guard counts.contains(path.count), activations.isEmpty || activations.count == path.count,
            levels.count == settings.levelPivots.count,
            (levels + [refinement].compactMap(\.self)).allSatisfy({ 0...mostCounted ~= $0.steps }),
            0...mostCounted ~= evaluations, 0...evaluations ~= gradientEvaluations,
            climber.map({ 1..<path.count - 1 ~= $0 }) ?? true
        else { throw BandError.inconsistentState("a result of \(path.count) points that the settings do not make") }
        self.init(
            path: path, activations: activations, levels: levels, refinement: refinement, climber: climber,
            evaluations: evaluations, gradientEvaluations: gradientEvaluations)
    }
}

extension BandResult: Equatable where Point: Equatable {}
