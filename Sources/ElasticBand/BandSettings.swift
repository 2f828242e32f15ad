/// The numbers of thesis Algorithms 1 and 2, and of their refinement by levels. A value is in range by construction.
public struct BandSettings: Sendable, Equatable {
    /// N: pivots between the two ends.
    public let pivots: Int
    /// The numbers of pivots of the coarser runs that come first, ascending. Each run starts from the path of the one
    /// before.
    public let levels: [Int]
    /// I: images interpolated between neighbours after the last level.
    public let interpolations: Int
    /// T: the greatest number of steps of each level.
    public let steps: Int
    /// The greatest number of further steps of the last level, taken while a pivot lies far below the line between the
    /// ends.
    public let extraSteps: Int
    /// Steps in which, after the last level, the lowest pivot climbs down to the exact lowest place of the path.
    public let climbingSteps: Int
    /// T': the greatest number of steps of the refinement, in which the interpolations are pivots too; 0 for no
    /// refinement.
    public let refinementSteps: Int
    /// gamma: how far along its force a pivot moves in one step.
    public let learningRate: Double
    public let rules: StepRules

    // Generous limits: counts stay far from overflow, and a typing error cannot fill the memory.
    private static let pivotRange = 1...10_000
    private static let interpolationRange = 0...1_000
    private static let stepRange = 0...1_000_000

    /// - Throws: `BandError.outOfRange`, which names the first setting that is out of range.
    public init(
        pivots: Int, levels: [Int] = [], interpolations: Int, steps: Int, extraSteps: Int = 0,
        climbingSteps: Int = 0, refinementSteps: Int, learningRate: Double, rules: StepRules = StepRules()
    ) throws {
        try Self.require(pivots, in: Self.pivotRange, setting: "pivots")
        try Self.require(interpolations, in: Self.interpolationRange, setting: "interpolations")
        try Self.require(steps, in: Self.stepRange, setting: "steps")
        try Self.require(extraSteps, in: Self.stepRange, setting: "extraSteps")
        try Self.require(climbingSteps, in: Self.stepRange, setting: "climbingSteps")
        try Self.require(refinementSteps, in: Self.stepRange, setting: "refinementSteps")
        try Self.require(rules.smoothing, in: StepRules.smoothingRange, setting: "smoothing")
        let counts = [0] + levels + [pivots]
        guard zip(counts, counts.dropFirst()).allSatisfy(<) else {
            throw BandError.outOfRange(
                setting: "levels", value: "\(levels)", expected: "ascending numbers of pivots in 1..<\(pivots)")
        }
        guard learningRate > 0, learningRate.isFinite else {
            throw BandError.outOfRange(
                setting: "learningRate", value: "\(learningRate)", expected: "a finite number > 0")
        }
        self.pivots = pivots
        self.levels = levels
        self.interpolations = interpolations
        self.steps = steps
        self.extraSteps = extraSteps
        self.climbingSteps = climbingSteps
        self.refinementSteps = refinementSteps
        self.learningRate = learningRate
        self.rules = rules
    }

    /// Pivots of every level, the last one's included.
    var levelPivots: [Int] { levels + [pivots] }

    /// The greatest number of steps of all runs together.
    public var stepLimit: Int { levelPivots.count * steps + extraSteps + climbingSteps + refinementSteps }

    /// The last level by itself, without what follows it.
    var furtherLevel: BandSettings {
        // Parts of settings in range are in range.
        guard
            let settings = try? BandSettings(
                pivots: pivots, interpolations: interpolations, steps: steps, refinementSteps: 0,
                learningRate: learningRate, rules: rules)
        else { preconditionFailure("settings are in range") }
        return settings
    }

    /// Images between two neighbouring facets: 83 for N = 20, I = 3.
    public var imagesBetweenFacets: Int {
        (pivots + 1) * (interpolations + 1) - 1
    }

    private static func require(_ value: Int, in range: ClosedRange<Int>, setting: String) throws {
        guard range.contains(value) else {
            throw BandError.outOfRange(
                setting: setting, value: "\(value)",
                expected: "an integer in \(range.lowerBound)...\(range.upperBound)")
        }
    }
}
