/// The random transforms that an image has to withstand (thesis 3.4, appendix .1): one of the known schedules, or
/// explicit numbers.
public enum TransformSettings: Sendable, Equatable, Codable {
    /// The three of the thesis' appendix .1, and our own.
    public enum Name: String, Sendable, Equatable, Codable, CaseIterable {
        case thesis, distill, lucid
        /// Parts of the image that become the whole, then lucid's.
        case narrowing
    }

    case named(Name)
    case explicit(ExplicitTransforms)

    /// Whether the network may be shown parts of the image.
    public var hasViews: Bool {
        switch self {
        case .named(let name): name == .narrowing
        case .explicit(let own): own.views != nil
        }
    }
}

/// Pad, shift, scale, rotate, shift, crop the padding: in this order.
public struct ExplicitTransforms: Sendable, Equatable, Codable {
    /// Pixels added on each side, 0...256 and less than the image's shorter side.
    public var pad = 0
    /// Largest shift in pixels, 0...256.
    public var jitter = 0
    /// Scale factors, 0.25...4 each; one is drawn at random.
    public var scales = [1.0]
    /// Angles in degrees, -180...180 each; one is drawn at random.
    public var angles = [0.0]
    /// Largest shift after the rotation in pixels, 0...256.
    public var finalJitter = 0
    /// The shortest side of the part of the image that the network is shown, as a part of the whole, 0.05...1; nil: all
    /// of it.
    public var views: ScheduleSettings?
}

extension TransformSettings: ManifestValue {
    static let shape = Shape<TransformSettings>.either(
        Shape<Name>.choice().mapped({ .named($0) }, { if case .named(let name) = $0 { name } else { nil } }),
        ExplicitTransforms.shape.mapped(
            { .explicit($0) }, { if case .explicit(let transforms) = $0 { transforms } else { nil } }))
}

extension ExplicitTransforms: ManifestObject {
    static let definitionName = "transforms"

    static let table = FieldTable<ExplicitTransforms>(
        noun: "a transform schedule",
        summary:
            "Random transforms: pad, shift, scale, rotate, shift, crop the padding. Repeat a value to make it "
            + "likelier.",
        fields: [
            Field("pad", \.pad, .integer(0...256), "Pixels added on each side; less than the image's shorter side."),
            Field("jitter", \.jitter, .integer(0...256), "Largest shift, in pixels."),
            Field(
                "scales", \.scales, .list(of: .number(0.25...4), count: 1...256, "scales"),
                "Factors, of which one is picked by chance."),
            Field(
                "angles", \.angles, .list(of: .number(-180...180), count: 1...256, "angles"),
                "Degrees, of which one is picked by chance."),
            Field("finalJitter", \.finalJitter, .integer(0...256), "Largest shift after the rotation, in pixels."),
            Field(
                "views", \.views, optional: ScheduleSettings.view,
                "Before all of it, the network is shown a part of the image, enlarged to the whole: its side is drawn "
                    + "between this and 1, constant or a schedule. \"narrowing\" has {\"from\": 0.35, \"to\": 0.9}, then "
                    + "lucid's transforms. In a band, the last value holds. Default: always all of the image."),
        ])

    init(preset: Preset) {
        self.init()
    }
}
