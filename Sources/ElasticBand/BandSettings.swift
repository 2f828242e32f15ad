/// The numbers of thesis Algorithms 1 and 2. A value is in range by construction, also when decoded.
public struct BandSettings: Sendable, Equatable {
    /// N: pivots between the two ends.
    public let pivots: Int
    /// I: images interpolated between neighbours after the first run.
    public let interpolations: Int
    /// T: most steps of the first run.
    public let steps: Int
    /// T': most steps of the refinement, in which the interpolations are pivots too; 0 leaves it out.
    public let refinementSteps: Int
    /// gamma: how far along its force a pivot moves in one step.
    public let learningRate: Double

    // Generous limits that keep counts far from overflow and a typing error from filling the memory.
    public static let pivotRange = 1...10_000
    public static let interpolationRange = 0...1_000
    public static let stepRange = 0...1_000_000

    /// - Throws: `BandError.outOfRange`, naming the first setting that is.
    public init(
        pivots: Int, interpolations: Int, steps: Int, refinementSteps: Int, learningRate: Double
    ) throws {
        try Self.require(pivots, in: Self.pivotRange, setting: "pivots")
        try Self.require(interpolations, in: Self.interpolationRange, setting: "interpolations")
        try Self.require(steps, in: Self.stepRange, setting: "steps")
        try Self.require(refinementSteps, in: Self.stepRange, setting: "refinementSteps")
        guard learningRate > 0, learningRate.isFinite else {
            throw BandError.outOfRange(
                setting: "learningRate", value: "\(learningRate)", expected: "a finite number > 0")
        }
        self.pivots = pivots
        self.interpolations = interpolations
        self.steps = steps
        self.refinementSteps = refinementSteps
        self.learningRate = learningRate
    }

    /// Images between two neighbouring facets: 83 for N = 20, I = 3.
    public var imagesBetweenFacets: Int {
        (pivots + 1) * (interpolations + 1) - 1
    }

    /// Frames of a film through `facets` facets, these included: 421 for six, N = 20, I = 3.
    public func frameCount(facets: Int) -> Int {
        precondition(facets >= 1, "a film of no facets")
        return (facets - 1) * (imagesBetweenFacets + 1) + 1
    }

    private static func require(_ value: Int, in range: ClosedRange<Int>, setting: String) throws {
        guard range.contains(value) else {
            throw BandError.outOfRange(
                setting: setting, value: "\(value)",
                expected: "an integer in \(range.lowerBound)...\(range.upperBound)")
        }
    }
}

extension BandSettings: Codable {
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            pivots: values.decode(Int.self, forKey: .pivots),
            interpolations: values.decode(Int.self, forKey: .interpolations),
            steps: values.decode(Int.self, forKey: .steps),
            refinementSteps: values.decode(Int.self, forKey: .refinementSteps),
            learningRate: values.decode(Double.self, forKey: .learningRate))
    }
}
