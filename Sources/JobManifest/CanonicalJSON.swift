import Foundation
import JSON

extension ManifestValue {
    /// A text that is fit for keys: equal values have equal bytes, on every machine and in every run.
    var canonicalJSON: String { json.canonicalText }
}

extension Reel {
    /// The text of its job that is fit for keys: equal reels have equal bytes, on every machine and in every run.
    public var canonicalJSON: String { json.canonicalText }
}

/// Canonical JSON of anything: keys sorted by their bytes, no white space, shortest literals that read back the same.
///
/// - Throws: `EncodingError`, for example if a number is not finite.
public func canonicalJSON(_ value: some Encodable) throws -> String {
    if let value = value as? any ManifestValue { return value.canonicalJSON }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let text = try encoder.encode(value)
    return try JSONDecoder().decode(JSONValue.self, from: text).canonicalText
}
