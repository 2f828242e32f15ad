/// The elastic band between two facets (thesis 4.3, algorithms 1 and 2).
public struct NEBSettings: Sendable, Equatable, Codable {
    /// Images of the band between two facets, 1...200.
    public var pivots: Int
    /// Images mixed in between two neighbours of the band, 0...16.
    public var interpolations: Int
    /// Most steps of the band, 0...100,000.
    public var steps: Int
    /// Most steps of the second run, with all interpolations as pivots, 0...100,000.
    public var refinementSteps: Int
    /// Above 0.
    public var learningRate: Double
    /// Strength of the total-variation penalty for 224 px, 0...1000.
    public var totalVariation: Double

    public init(
        pivots: Int, interpolations: Int, steps: Int, refinementSteps: Int, learningRate: Double, totalVariation: Double
    ) {
        self.pivots = pivots
        self.interpolations = interpolations
        self.steps = steps
        self.refinementSteps = refinementSteps
        self.learningRate = learningRate
        self.totalVariation = totalVariation
    }
}

extension NEBSettings: ManifestObject {
    static let definitionName = "neb"

    static let table = FieldTable<NEBSettings>(
        noun: "an elastic band", summary: "The elastic band of images between two facets (thesis 4.3).",
        fields: [
            Field("pivots", \.pivots, .integer(1...200), "Images of the band between two facets."),
            Field(
                "interpolations", \.interpolations, .integer(0...16),
                "Images mixed in between two neighbours of the band."),
            Field("steps", \.steps, .integer(0...100_000), "Most steps of the band; 0 leaves the plain cross-fade."),
            Field(
                "refinementSteps", \.refinementSteps, .integer(0...100_000),
                "Most steps of the second run, which has all images as pivots; 0 leaves it out."),
            Field("learningRate", \.learningRate, .number(0...10, isAboveMinimum: true), "Learning rate."),
            Field(
                "totalVariation", \.totalVariation, .number(0...1000),
                "Strength of the total-variation penalty at 224 px; scaled to other sizes by itself."),
        ])

    init(preset: Preset) {
        self = preset.neb
    }
}
