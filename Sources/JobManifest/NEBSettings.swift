/// The elastic band between two facets (thesis 4.3, algorithms 1 and 2), and improvements of it. What is left out is as in the
/// thesis.
public struct NEBSettings: Sendable, Equatable, Codable {
    public enum Mix: String, Sendable, Equatable, Codable, CaseIterable {
        case linear
        /// Keeps the strength of each band of frequencies, or of each channel's pixels.
        case normPreserving = "norm-preserving"
    }

    public enum Optimizer: String, Sendable, Equatable, Codable, CaseIterable {
        case plain, adam
    }

    public enum Tangent: String, Sendable, Equatable, Codable, CaseIterable {
        /// Towards the neighbour with the lower objective, as in the thesis.
        case lower
        case central, none
    }

    public enum Stop: String, Sendable, Equatable, Codable, CaseIterable {
        case reachedEnds, settled, stepLimit
    }

    /// Images of the band between two facets, 1...200.
    public var pivots: Int
    /// The numbers of images of the coarser bands that come first: ascending, each below `pivots`.
    public var levels: [Int] = []
    /// Images mixed in between two neighbours of the band, 0...16.
    public var interpolations: Int
    /// The greatest number of steps of each level, 0...100,000.
    public var steps: Int
    /// The greatest number of further steps of the last level, taken while an image is low, 0...100,000.
    public var extraSteps = 0
    /// The greatest number of steps of the second run, in which all interpolations are pivots, 0...100,000.
    public var refinementSteps = 0
    /// Steps in which the lowest pivot climbs down to the path's exact lowest place, 0...100,000.
    public var climbingSteps = 0
    /// What the pivots consist of.
    public var space = ParameterizationSettings.pixel
    public var mix = Mix.linear
    public var optimizer = Optimizer.plain
    /// Above 0.
    public var learningRate: Double
    /// Strength of the total-variation penalty for 224 px, 0...1000.
    public var totalVariation = 0.0
    /// nil for none.
    public var transforms: TransformSettings?
    /// 1...16.
    public var transformsPerStep = 1
    public var stepControl = false
    /// Passes along the chain, 0...16.
    public var smoothing = 0
    public var tangent = Tangent.lower
    /// Multiple of the higher end's activation; nil freezes nothing.
    public var freezing: Double?
    public var stop = Stop.reachedEnds
    public var retiming = false
}
