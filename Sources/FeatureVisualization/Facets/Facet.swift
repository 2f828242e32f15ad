import ConvNet

/// A finished starting image (thesis chapter 3).
public struct Facet: Sendable, Equatable {
    public var name: String
    /// In -1...1.
    public var image: Image
    /// Mean activation of the image itself, without transforms.
    public var activation: Float
    public var steps: Int
    public var evaluations: Int
    /// The point whose picture is `image`; nil if that is just the pixels of `image`.
    public var point: Point?
    /// Whether its mean colour was held at mid grey in the end.
    public var holdsMean: Bool
    /// Where the image matters to the unit, `[height, width]`, on a scale of its own (`ImportanceMap`); empty for a picture
    /// from elsewhere.
    public var importance: [Float]

    /// Where a facet lies among the images of its parameterisation.
    public struct Point: Sendable, Equatable {
        public var parameterization: Parameterization
        public var numbers: [Float]

        public init(_ parameterization: Parameterization, _ numbers: [Float]) {
            self.parameterization = parameterization
            self.numbers = numbers
        }
    }

    public init(
        name: String, image: Image, activation: Float, steps: Int, evaluations: Int, point: Point? = nil,
        holdsMean: Bool = false, importance: [Float] = []
    ) {
        self.name = name
        self.image = image
        self.activation = activation
        self.steps = steps
        self.evaluations = evaluations
        self.point = point
        self.holdsMean = holdsMean
        self.importance = importance
    }
}

/// Why a facet could not be made.
public enum FacetError: Error, Equatable, CustomStringConvertible {
    /// An activation or gradient became not-a-number or infinite.
    case notFinite(what: String, stage: String, step: Int, seed: UInt64)
    /// The unit's gradient is exactly zero: nothing tells the image where to go.
    case dead(stage: String, step: Int, seed: UInt64)

    public var description: String {
        switch self {
        case .notFinite(let what, let stage, let step, let seed):
            return
                "\(stage): the \(what) is not a finite number at step \(step) (seed \(seed)); try a smaller learningRate, and check the weights"
        case .dead(let stage, let step, let seed):
            return
                "\(stage): the unit's gradient is zero everywhere at step \(step) (seed \(seed)): the unit is dead for this image; try another seed, another picture to start at, or a layer before its activation, whose gradient is never cut off"
        }
    }
}
