import JSON

/// One key of an object of the manifest.
struct Field<Owner: Sendable>: Sendable {
    let key: String
    /// What the key means, in the schema and in the reference.
    let summary: String
    let isRequired: Bool
    let expectation: String
    let schema: JSONValue
    let definitions: [JSONValue.Member]
    /// Reads the value into the owner; false if an error was reported.
    let decode: @Sendable (JSONNode, inout Owner, ManifestDecoding) -> Bool
    /// The JSON of the value; nil if the owner has no value for this key.
    let encode: @Sendable (Owner) -> JSONValue?

    init<Value>(
        _ key: String, _ shape: Shape<Value>, isRequired: Bool = false, _ summary: String,
        set: @escaping @Sendable (inout Owner, Value) -> Void, get: @escaping @Sendable (Owner) -> Value?
    ) {
        self.key = key
        self.summary = summary
        self.isRequired = isRequired
        expectation = shape.expectation
        schema = shape.schema
        definitions = shape.definitions
        decode = { node, owner, decoding in
            guard let value = shape.decode(node, decoding) else { return false }
            set(&owner, value)
            return true
        }
        encode = { get($0).flatMap(shape.encode) }
    }

    init<Value>(
        _ key: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ shape: Shape<Value>,
        isRequired: Bool = false, _ summary: String
    ) {
        self.init(
            key, shape, isRequired: isRequired, summary, set: { $0[keyPath: path] = $1 }, get: { $0[keyPath: path] })
    }

    init<Value>(
        _ key: String, _ path: any WritableKeyPath<Owner, Value?> & Sendable, optional shape: Shape<Value>,
        isRequired: Bool = false, _ summary: String
    ) {
        self.init(
            key, shape, isRequired: isRequired, summary, set: { $0[keyPath: path] = $1 }, get: { $0[keyPath: path] })
    }
}
