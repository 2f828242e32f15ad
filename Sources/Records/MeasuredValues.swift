/// The measures of a path, of a facet, or of a film (then the worst values of its paths). Measures that could not be
/// taken are missing. In JSON each one has its own key.
public struct MeasuredValues: Sendable, Equatable {
    private var values: [Measure.Key: Double]

    public subscript(key: Measure.Key) -> Double? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// The worst values of all paths of a film, without those that only a foreign file can have.
    public init(worstOf paths: [MeasuredValues]) {
        values = [:]
        for measure in Measure.ofPaths {
            let all = paths.compactMap { $0[measure.key]?.sound }
            values[measure.key] = measure.better == .higher ? all.min() : all.max()
        }
    }
}

extension MeasuredValues: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (Measure.Key, Double?)...) {
        values = [:]
        for (key, value) in elements { values[key] = value }
    }
}

extension MeasuredValues: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(Measure.all, from: decoder)
    }

    /// Reads what is there of some measures, among keys of anything else.
    init(_ measures: [Measure], from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Measure.Key.self)
        values = [:]
        for measure in measures {
            values[measure.key] = try container.decodeIfPresent(Double.self, forKey: measure.key)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Measure.Key.self)
        for (key, value) in values { try container.encode(value, forKey: key) }
    }

    /// Writes null for what could not be measured, so that all paths of all films have the same keys.
    func encode(_ measures: [Measure], to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Measure.Key.self)
        for measure in measures { try container.encode(values[measure.key], forKey: measure.key) }
    }
}

extension Double {
    /// Nil for numbers that only a foreign file has: their differences could be infinite.
    public var sound: Double? { abs(self) < 1e30 ? self : nil }
}
