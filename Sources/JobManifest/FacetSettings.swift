/// One starting image of a film: how it is optimised, and what keeps it from being noise.
public struct FacetSettings: Sendable, Equatable, Codable {
    public enum Optimizer: String, Sendable, Equatable, Codable, CaseIterable {
        /// True Adam.
        case adam
        /// What the thesis' code ran: Adam whose moments start anew at every step.
        case sign
    }

    /// Can be part of a file name; no two facets of a job have the same.
    public var name: String
    /// How many facets this is, 1...16. More than 1: a set, optimised together so that its facets differ.
    public var count = 1
    /// Beta, the strength of a set's diversity, 0...10; 0 for a single facet.
    public var diversity = 0.0
    /// A picture's file that is used as the facet; then nothing is optimised. A relative path begins at the working
    /// directory.
    public var image: String?
    /// A picture's file at which the optimisation starts, instead of at random noise; a path as that of `image`, beside which
    /// there is none.
    public var from: String?
    /// How hard the facet is held near the picture that it starts from, relative to the unit's pull, 0...100; nil, for
    /// 0, too: not at all.
    public var nearness: Double?
    /// The activation of the plain image with which the optimisation from a picture ends; nil: after all steps.
    public var until: Double?
    /// SHA-256 that the picture must have, in small hexadecimal digits; nil for any. It decides whether there is a film, but
    /// not what the film is.
    public var sha256: String?
    public var parameterization = ParameterizationSettings.pixel
    /// The parameters stand for decorrelated colours.
    public var decorrelatesColors = false
    /// For Fourier images only.
    public var spectrum = SpectrumSettings.inverse
    /// For Fourier images only; `free` for all others.
    public var meanColor = MeanColorSettings.free
    /// 1...100,000.
    public var steps = 512
    public var optimizer = Optimizer.adam
    /// Above 0.
    public var learningRate = 0.05
    /// Strength for 224 px; nil for none.
    public var l1: ScheduleSettings?
    /// Strength for 224 px; nil for none.
    public var totalVariation: ScheduleSettings?
    /// Strength relative to the activation's gradient; nil for none.
    public var adaptiveTotalVariation: ScheduleSettings?
    /// For pixel images only.
    public var gaussianBlur: GaussianBlurSettings?
    /// For pixel images only.
    public var bilateralFilter: BilateralFilterSettings?
    public var transforms: TransformSettings?
    /// true: the image itself is transformed before each step (the thesis' way, pixel images only).
    /// false: the image stays and the gradient goes through the transform. false where there are no transforms.
    public var transformsMoveImage = false
    /// nil: the seed of the job.
    public var seed: UInt64?

    /// The names of the facets that this stands for: its own name, or for a set "name-1", "name-2" ...
    public var names: [String] { count == 1 ? [name] : (1...count).map { "\(name)-\($0)" } }

    /// The picture that the facet is, or that its optimisation starts at.
    public var picture: String? { image ?? from }

    /// The same, of a photograph where its path is empty.
    func ofPhotograph(_ path: String) -> FacetSettings {
        var facet = self
        if facet.image == "" { facet.image = path }
        if facet.from == "" { facet.from = path }
        return facet
    }

    /// The name of a facet that was given none: "naive", "total-variation", "fourier-transforms" ...
    var descriptiveName: String {
        if image != nil { return "image" }
        let parts = [
            count > 1 ? "diverse" : nil,
            parameterization.facetName,
            decorrelatesColors == parameterization.decorrelatesColors
                ? nil : decorrelatesColors ? "decorrelated" : "plain-colors",
            spectrum == .natural ? "natural" : nil,
            l1 == nil ? nil : "l1",
            totalVariation == nil ? nil : "total-variation",
            adaptiveTotalVariation == nil ? nil : "adaptive-total-variation",
            gaussianBlur == nil ? nil : "gaussian-blur",
            bilateralFilter == nil ? nil : "bilateral-filter",
            transforms == nil ? nil : "transforms",
            from == nil ? nil : nearness == nil ? "from-picture" : "near-picture",
        ].compactMap(\.self)
        return parts.isEmpty ? "naive" : parts.joined(separator: "-")
    }
}
