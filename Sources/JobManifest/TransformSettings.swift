/// The random transforms that an image has to withstand (thesis 3.4, appendix .1): one of the known schedules, or
/// explicit numbers.
public enum TransformSettings: Sendable, Equatable, Codable {
    /// The three of the thesis' appendix .1.
    public enum Name: String, Sendable, Equatable, Codable, CaseIterable {
        case thesis, distill, lucid
    }

    case named(Name)
    case explicit(ExplicitTransforms)
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
        ])

    init(preset: Preset) {
        self.init()
    }
}
