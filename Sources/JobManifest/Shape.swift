import JSON

/// What a value of the manifest looks like. One description serves reading, checking, writing, the schema and the
/// reference: see `Field` and `FieldTable` for objects.
struct Shape<Value: Sendable>: Sendable {
    /// "an integer from 1 to 200".
    let expectation: String
    /// The kinds of JSON value that can be this.
    let kinds: Set<JSONNode.Kind>
    /// JSON Schema of the value.
    var schema: JSONValue
    /// Schemas that `schema` refers to by name.
    var definitions: [JSONValue.Member] = []
    /// Reads the value; nil if an error was reported to the decoding.
    var decode: @Sendable (JSONNode, ManifestDecoding) -> Value?
    /// The JSON of the value; nil if this shape cannot express it (another shape of `either` can).
    let encode: @Sendable (Value) -> JSONValue?
}

extension Shape {
    /// The same JSON as another type.
    func mapped<Other>(
        _ wrap: @escaping @Sendable (Value) -> Other, _ unwrap: @escaping @Sendable (Other) -> Value?
    ) -> Shape<Other> {
        Shape<Other>(
            expectation: expectation, kinds: kinds, schema: schema, definitions: definitions,
            decode: { node, decoding in decode(node, decoding).map(wrap) },
            encode: { other in unwrap(other).flatMap(encode) })
    }

    /// Several shapes of different kinds of JSON: the first one that fits a value's kind reads it.
    static func either(_ shapes: Shape<Value>...) -> Shape<Value> {
        let expectation = shapes.map(\.expectation).joined(separator: " or ")
        return Shape(
            expectation: expectation, kinds: shapes.reduce(into: []) { $0.formUnion($1.kinds) },
            schema: .members(["anyOf": .array(shapes.map(\.schema))]), definitions: shapes.flatMap(\.definitions),
            decode: { node, decoding in
                guard let shape = shapes.first(where: { $0.kinds.contains(node.kind) }) else {
                    decoding.report(node, expected: expectation)
                    return nil
                }
                return shape.decode(node, decoding)
            },
            encode: { value in
                for shape in shapes {
                    if let json = shape.encode(value) { return json }
                }
                return nil
            })
    }

    /// The same shape, its schema written once under `$defs`.
    func named(_ name: String) -> Shape {
        var shape = self
        shape.schema = .members(["$ref": .string("#/$defs/\(name)")])
        shape.definitions.append(JSONValue.Member(key: name, value: schema))
        return shape
    }

    /// A list of `count` values.
    static func list<Element: Sendable>(
        of element: Shape<Element>, count: ClosedRange<Int>, _ noun: String
    ) -> Shape<[Element]> where Value == [Element] {
        let expectation = "a list of \(count.lowerBound) to \(count.upperBound) \(noun)"
        return Shape(
            expectation: expectation, kinds: [.array],
            schema: .members([
                "type": .string("array"), "minItems": .integer(count.lowerBound),
                "maxItems": .integer(count.upperBound),
                "items": element.schema,
            ]),
            definitions: element.definitions,
            decode: { node, decoding in
                guard case .array(let nodes) = node.content else {
                    decoding.report(node, expected: expectation)
                    return nil
                }
                guard count.contains(nodes.count) else {
                    decoding.report(at: node.range.lowerBound, message: "expected \(expectation), found \(nodes.count)")
                    return nil
                }
                var values: [Element] = []
                for (index, child) in nodes.enumerated() {
                    if let value = decoding.inside(.index(index), { element.decode(child, decoding) }) {
                        values.append(value)
                    }
                }
                return values.count == nodes.count ? values : nil
            },
            encode: { values in .array(values.compactMap(element.encode)) })
    }
}

extension Shape {
    /// The same shape with a condition that the schema cannot express: `check` reports what is wrong with a value.
    func checked(_ check: @escaping @Sendable (Value, JSONNode, ManifestDecoding) -> Void) -> Shape {
        var shape = self
        shape.decode = { [decode] node, decoding in
            guard let value = decode(node, decoding) else { return nil }
            let reportCount = decoding.reportCount
            check(value, node, decoding)
            return decoding.reportCount == reportCount ? value : nil
        }
        return shape
    }
}

extension Shape {
    /// A list without duplicates.
    func distinct<Element: Hashable>() -> Shape where Value == [Element] {
        guard case .object(let members) = schema else { return self }
        var shape = self
        shape.schema = .object(members + [JSONValue.Member(key: "uniqueItems", value: .boolean(true))])
        return shape.checked { values, node, decoding in
            var seen: Set<Element> = []
            for (index, value) in values.enumerated() where !seen.insert(value).inserted {
                decoding.inside(.index(index)) {
                    decoding.report(node.elements[index], expected: "every element once", hint: " again")
                }
            }
        }
    }
}
