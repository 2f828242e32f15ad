import JSON

/// A value with one form in the manifest, which is also its `Codable` form.
protocol ManifestValue: Sendable, Codable {
    static var shape: Shape<Self> { get }
    var json: JSONValue { get }
}

extension ManifestValue {
    var json: JSONValue {
        Self.shape.encode(self) ?? .null
    }

    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }

    /// - Throws: `DecodingError` with everything that is wrong.
    public init(from decoder: any Decoder) throws {
        let text = try JSONValue(from: decoder).canonicalText
        let source = SourceText(file: "\(Self.self)", bytes: Array(text.utf8))
        do {
            let decoding = ManifestDecoding(source)
            let value = Self.shape.decode(try JSONScanner.scan(source), decoding)
            guard let value, decoding.faults.isEmpty else {
                throw ManifestErrors(diagnostics: source.diagnostics(decoding.faults))
            }
            self = value
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "\(error)", underlyingError: error))
        }
    }
}

/// An object of the manifest.
protocol ManifestObject: ManifestValue {
    static var table: FieldTable<Self> { get }
    /// The name of its schema under `$defs`.
    static var definitionName: String { get }
    /// The values that hold if the manifest gives none.
    init(preset: Preset)
    /// Reads the object of a node; nil if an error was reported.
    static func decode(_ node: JSONNode, _ decoding: ManifestDecoding) -> Self?
}

extension ManifestObject {
    var json: JSONValue {
        Self.table.encode(self)
    }

    static func decode(_ node: JSONNode, _ decoding: ManifestDecoding) -> Self? {
        var value = Self(preset: decoding.preset)
        return table.decode(node, into: &value, decoding) ? value : nil
    }

    static var shape: Shape<Self> {
        let table = table
        return Shape(
            expectation: "\(table.noun) (an object)", kinds: [.object],
            schema: table.schema(start: Self(preset: .default)), definitions: table.definitions,
            decode: { decode($0, $1) }, encode: { table.encode($0) }
        ).named(definitionName)
    }
}
