/// The elastic band between two facets (thesis 4.3, algorithms 1 and 2), and improvements of it.
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
    public var levels: [Int]
    /// Images mixed in between two neighbours of the band, 0...16.
    public var interpolations: Int
    /// The greatest number of steps of each level, 0...100,000.
    public var steps: Int
    /// The greatest number of further steps of the last level, taken while an image is low, 0...100,000.
    public var extraSteps: Int
    /// The greatest number of steps of the second run, in which all interpolations are pivots, 0...100,000.
    public var refinementSteps: Int
    /// Steps in which the lowest pivot climbs down to the path's exact lowest place, 0...100,000.
    public var climbingSteps: Int
    /// What the pivots consist of.
    public var space: ParameterizationSettings
    public var mix: Mix
    public var optimizer: Optimizer
    /// Above 0.
    public var learningRate: Double
    /// Strength of the total-variation penalty for 224 px, 0...1000.
    public var totalVariation: Double
    /// nil for none.
    public var transforms: TransformSettings?
    /// 1...16.
    public var transformsPerStep: Int
    public var stepControl: Bool
    /// Passes along the chain, 0...16.
    public var smoothing: Int
    public var tangent: Tangent
    /// Multiple of the higher end's activation; nil freezes nothing.
    public var freezing: Double?
    public var stop: Stop
    public var retiming: Bool

    /// Parameters that are left out are as in the thesis.
    public init(
        pivots: Int, levels: [Int] = [], interpolations: Int, steps: Int, extraSteps: Int = 0,
        refinementSteps: Int = 0, climbingSteps: Int = 0, space: ParameterizationSettings = .pixel, mix: Mix = .linear,
        optimizer: Optimizer = .plain,
        learningRate: Double, totalVariation: Double = 0, transforms: TransformSettings? = nil,
        transformsPerStep: Int = 1, stepControl: Bool = false, smoothing: Int = 0, tangent: Tangent = .lower,
        freezing: Double? = nil, stop: Stop = .reachedEnds, retiming: Bool = false
    ) {
        self.pivots = pivots
        self.levels = levels
        self.interpolations = interpolations
        self.steps = steps
        self.extraSteps = extraSteps
        self.refinementSteps = refinementSteps
        self.climbingSteps = climbingSteps
        self.space = space
        self.mix = mix
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.totalVariation = totalVariation
        self.transforms = transforms
        self.transformsPerStep = transformsPerStep
        self.stepControl = stepControl
        self.smoothing = smoothing
        self.tangent = tangent
        self.freezing = freezing
        self.stop = stop
        self.retiming = retiming
    }
}
