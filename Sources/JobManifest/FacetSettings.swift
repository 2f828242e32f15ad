/// One starting image of a film: how it is optimised, and what keeps it from being noise.
public struct FacetSettings: Sendable, Equatable, Codable {
    public enum Parameterization: String, Sendable, Equatable, Codable, CaseIterable {
        case pixel, fourier
    }

    public enum Optimizer: String, Sendable, Equatable, Codable, CaseIterable {
        /// True Adam.
        case adam
        /// What the thesis' code ran: Adam whose moments start anew at every step.
        case sign
    }

    /// Fit for a file name; no two facets of a job share one.
    public var name: String
    public var parameterization: Parameterization
    /// 1...100,000.
    public var steps: Int
    public var optimizer: Optimizer
    /// Above 0.
    public var learningRate: Double
    /// Strength for 224 px; nil for none.
    public var l1: ScheduleSettings?
    /// Strength for 224 px; nil for none.
    public var totalVariation: ScheduleSettings?
    /// Of pixel images only.
    public var gaussianBlur: GaussianBlurSettings?
    /// Of pixel images only.
    public var bilateralFilter: BilateralFilterSettings?
    public var transforms: TransformSettings?
    /// true: the image itself is transformed before each step (the thesis' way, pixel images only).
    /// false: the image stays and the gradient goes through the transform. false where there are no transforms.
    public var transformsMoveImage: Bool
    /// nil: the job's.
    public var seed: UInt64?

    public init(
        name: String, parameterization: Parameterization = .pixel, steps: Int = 512, optimizer: Optimizer = .adam,
        learningRate: Double = 0.05, l1: ScheduleSettings? = nil, totalVariation: ScheduleSettings? = nil,
        gaussianBlur: GaussianBlurSettings? = nil, bilateralFilter: BilateralFilterSettings? = nil,
        transforms: TransformSettings? = nil, transformsMoveImage: Bool = false, seed: UInt64? = nil
    ) {
        self.name = name
        self.parameterization = parameterization
        self.steps = steps
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.l1 = l1
        self.totalVariation = totalVariation
        self.gaussianBlur = gaussianBlur
        self.bilateralFilter = bilateralFilter
        self.transforms = transforms
        self.transformsMoveImage = transformsMoveImage
        self.seed = seed
    }

    /// What a facet is called that was given no name: "naive", "total-variation", "fourier-transforms" ...
    var descriptiveName: String {
        let parts = [
            parameterization == .fourier ? "fourier" : nil,
            l1 == nil ? nil : "l1",
            totalVariation == nil ? nil : "total-variation",
            gaussianBlur == nil ? nil : "gaussian-blur",
            bilateralFilter == nil ? nil : "bilateral-filter",
            transforms == nil ? nil : "transforms",
        ].compactMap(\.self)
        return parts.isEmpty ? "naive" : parts.joined(separator: "-")
    }
}
