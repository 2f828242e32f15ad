/// A strength over the steps of an optimisation: constant, or moving from one value to another.
///
/// With p = step / steps: linear is `from + (to - from) p`, cosine `from + (to - from)(1 - cos(pi p)) / 2`, sigmoid
/// `from + (to - from) sigmoid((p - 1/2) steepness)` (thesis, appendix .2), and piecewise goes in straight lines
/// through its points, constant before the first and after the last.
public enum ScheduleSettings: Sendable, Equatable, Codable {
    public struct Point: Sendable, Equatable, Codable {
        /// Part of the steps, 0...1.
        public var at: Double
        public var value: Double
    }

    case constant(Double)
    case linear(from: Double, to: Double)
    case cosine(from: Double, to: Double)
    case sigmoid(from: Double, to: Double, steepness: Double)
    /// At least one point, in ascending order.
    case piecewise([Point])
}

extension ScheduleSettings: ManifestValue {
    static let shape: Shape<ScheduleSettings> = shape(
        of: .number(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude))

    /// Strength of a penalty, for 224 px: 0...1000.
    static let strength = shape(of: .number(0...1000)).named("strength")
    /// Standard deviation of a blur in pixels: above 0, up to 100.
    static let standardDeviation = shape(of: .number(0...100, isAboveMinimum: true)).named("standardDeviation")

    /// Side of a view, as a part of the image's.
    static let view = shape(of: .number(0.05...1)).named("view")

    /// A number, or an object whose key "schedule" says which of the forms it is.
    private static func shape(of value: Shape<Double>) -> Shape<ScheduleSettings> {
        .either(
            value.mapped({ .constant($0) }, { if case .constant(let value) = $0 { value } else { nil } }),
            ScheduleDraft.shape(of: value).mapped({ $0.schedule }, { ScheduleDraft($0) }))
    }
}

extension ScheduleSettings.Point: ManifestObject {
    static let definitionName = "point"
    static let table: FieldTable<Self> = table(
        of: .number(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude))

    static func table(of value: Shape<Double>) -> FieldTable<Self> {
        FieldTable(
            noun: "a point of a schedule", summary: "A value at one moment of the optimisation.",
            fields: [
                Field(
                    "at", \.at, .number(0...1), isRequired: true,
                    "The moment, as a part of the steps: 0 is the first one, 1 the end."),
                Field("value", \.value, value, isRequired: true, "The value there."),
            ])
    }

    init(preset: Preset) {
        self.init(at: 0, value: 0)
    }
}
