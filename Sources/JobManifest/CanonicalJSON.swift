import Foundation

/// A value whose canonical JSON text is fit for keys: equal values have equal bytes, on every machine and in every run.
public protocol CanonicallyWritten {
    var canonicalJSON: String { get }
}

extension Manifest: CanonicallyWritten {
    /// `{"jobs": [...]}` with every job fully resolved: itself a manifest, of the same films.
    public var canonicalJSON: String { json.canonicalText }

    /// The same for people: indented, keys in the order of the reference.
    public var readableJSON: String { json.readableText + "\n" }

    private var json: JSONValue {
        .members(["jobs": .array(jobs.map(\.json))])
    }
}

extension Job: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

extension Reel: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

extension FacetSettings: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

extension ImageSettings: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

extension NEBSettings: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

extension VideoSettings: CanonicallyWritten {
    public var canonicalJSON: String { json.canonicalText }
}

/// Canonical JSON of anything: keys sorted by their bytes, no white space, shortest literals that read back the same.
///
/// - Throws: `EncodingError`, for example if a number is not finite.
public func canonicalJSON(_ value: some Encodable) throws -> String {
    if let value = value as? any CanonicallyWritten { return value.canonicalJSON }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let text = try encoder.encode(value)
    return try JSONDecoder().decode(JSONValue.self, from: text).canonicalText
}
