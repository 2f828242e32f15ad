/// Everything that defines one facet: resolved numbers only.
public struct FacetSpecification: Sendable, Equatable, Codable {
    public var name: String
    public var parameterization: Parameterization
    /// T
    public var steps: Int
    public var optimizer: Optimizer
    public var learningRate: Double
    /// Lambda of the L1 penalty, stated for 224 x 224 pixels.
    public var l1: Schedule?
    /// Lambda of the total variation, stated for 224 x 224 pixels.
    public var totalVariation: Schedule?
    /// Mu of the adaptive total variation: the size of its gradient relative to that of the activation, in every layer.
    public var adaptiveTotalVariation: Schedule?
    public var gaussianBlur: GaussianBlur?
    public var bilateralFilter: BilateralFilter?
    public var transforms: TransformSchedule?
    /// The image itself is transformed before each step (the thesis' way) instead of the network's view of it.
    public var transformsMoveImage: Bool
    /// The image is grey, for a network that sees no colors.
    public var isGrey: Bool
    /// What becomes of the image's mean colour; only spectra have it apart from everything else.
    public var meanColor: MeanColor
    /// w: how hard the image is held near the one that it starts at, relative to the unit's pull; nil: not at all. Not for
    /// an image that is transformed itself, nor for members of a set.
    public var nearness: Double?
    /// The activation of the plain image with which the optimisation ends, if it comes to it; nil: after all steps.
    public var until: Double?

    /// A mean that is free drifts, in units that like it dark, until little is to be seen (METHODS "Second edition",
    /// "Dark facets").
    public enum MeanColor: String, Sendable, Equatable, Codable {
        case free
        /// Free until the image's brightness leaves .3 to .7, then mid grey to the end.
        case guarded
        /// Mid grey.
        case grey
    }

    public init(
        name: String, parameterization: Parameterization = .pixels, steps: Int = 512, optimizer: Optimizer = .adam,
        learningRate: Double = 0.05, l1: Schedule? = nil,
        totalVariation: Schedule? = nil, adaptiveTotalVariation: Schedule? = nil, gaussianBlur: GaussianBlur? = nil,
        bilateralFilter: BilateralFilter? = nil, transforms: TransformSchedule? = nil,
        transformsMoveImage: Bool = false,
        isGrey: Bool = false, meanColor: MeanColor = .free, nearness: Double? = nil, until: Double? = nil
    ) {
        precondition(nearness == nil || !transformsMoveImage, "an image that is moved is nowhere near its start")
        self.name = name
        self.parameterization = parameterization
        self.steps = steps
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.l1 = l1
        self.totalVariation = totalVariation
        self.adaptiveTotalVariation = adaptiveTotalVariation
        self.gaussianBlur = gaussianBlur
        self.bilateralFilter = bilateralFilter
        self.transforms = transforms
        self.transformsMoveImage = transformsMoveImage
        self.isGrey = isGrey
        self.meanColor = meanColor
        self.nearness = nearness
        self.until = until
    }
}
