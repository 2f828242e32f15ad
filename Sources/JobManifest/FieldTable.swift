import JSON

/// The keys of one kind of object. From this table its JSON is decoded, checked and encoded, and its part of the schema
/// and of the reference is written: a key that is not here does not exist.
struct FieldTable<Owner: Sendable>: Sendable {
    /// What messages call such an object: "a facet".
    let noun: String
    let summary: String
    let fields: [Field<Owner>]
    var rules: [Rule] = []
    /// Which keys are written for an object. The reader would refuse the others, because of the object's other values.
    var isWritten: @Sendable (Owner, String) -> Bool = { _, _ in true }
    /// Checks and completes what depends on several keys, after all of them are read.
    var finish: @Sendable (inout Owner, FieldReading, ManifestDecoding) -> Void = { _, _, _ in }

    /// Reads an object into `owner`; values whose keys are missing stay as they are. Reports everything that is wrong
    /// with the object, and then returns false.
    func decode(_ node: JSONNode, into owner: inout Owner, _ decoding: ManifestDecoding) -> Bool {
        guard case .object(let members) = node.content else {
            decoding.report(node, expected: "\(noun) (an object)")
            return false
        }
        let reportCount = decoding.reportCount
        var reading = FieldReading(node: node)
        var isRead = [Bool](repeating: false, count: fields.count)
        for member in members {
            guard let index = fields.firstIndex(where: { $0.key == member.key }) else {
                reportUnknown(member, decoding)
                continue
            }
            if isRead[index] {
                decoding.report(
                    at: member.keyOffset, .key(member.key),
                    message: "expected each key once, found the key \"\(member.key)\" again: remove the duplicate")
                continue
            }
            isRead[index] = true
            let isGood = decoding.inside(.key(member.key)) {
                decode(member.value, fields[index], into: &owner, decoding)
            }
            if !isGood { reading.brokenKeys.append(member.key) }
        }
        for (field, isRead) in zip(fields, isRead) where field.isRequired && !isRead {
            decoding.report(
                at: node.range.lowerBound,
                message: "expected the key \"\(field.key)\" (\(field.expectation)), found none in \(noun)")
        }
        for rule in rules {
            guard let violation = rule.violation({ reading.member($0) != nil }) else { continue }
            if let key = violation.key, let member = reading.member(key) {
                decoding.report(at: member.keyOffset, .key(key), message: violation.message)
            } else {
                decoding.report(at: node.range.lowerBound, message: violation.message)
            }
        }
        finish(&owner, reading, decoding)
        return decoding.reportCount == reportCount
    }

    private func decode(
        _ node: JSONNode, _ field: Field<Owner>, into owner: inout Owner, _ decoding: ManifestDecoding
    ) -> Bool {
        if node.kind == .null, !field.isRequired {
            decoding.report(node, expected: field.expectation, hint: ": for the default, leave the key out")
            return false
        }
        return field.decode(node, &owner, decoding)
    }

    private func reportUnknown(_ member: JSONMember, _ decoding: ManifestDecoding) {
        let keys = fields.map(\.key)
        let nearest = NearestName.hint(for: member.key, among: keys)
        let hint = nearest.isEmpty ? "; its keys are " + keys.joined(separator: ", ") : nearest
        decoding.report(
            at: member.keyOffset, .key(member.key),
            message: "expected a key of \(noun), found the unknown key \(Printable.quoted(member.key))\(hint)")
    }

    /// The JSON object with everything that `owner` holds.
    func encode(_ owner: Owner) -> JSONValue {
        .object(
            fields.filter { isWritten(owner, $0.key) }.compactMap { field in
                field.encode(owner).map { JSONValue.Member(key: field.key, value: $0) }
            })
    }

    /// The schema of the object, with the values of `start` as defaults.
    func schema(start: Owner?) -> JSONValue {
        let properties = fields.map { field in
            JSONValue.Member(key: field.key, value: propertySchema(of: field, start: start))
        }
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.key) }
        return .members([
            "type": .string("object"),
            "description": .string(summary),
            "properties": .object(properties),
            "required": required.isEmpty ? nil : .array(required),
            "additionalProperties": .boolean(false),
            "allOf": rules.isEmpty ? nil : .array(rules.map(\.schema)),
        ])
    }

    private func propertySchema(of field: Field<Owner>, start: Owner?) -> JSONValue {
        guard case .object(let members) = field.schema else { return field.schema }
        var all = [JSONValue.Member(key: "description", value: .string(field.summary))] + members
        if !field.isRequired, let value = start.flatMap(field.encode) {
            all.append(JSONValue.Member(key: "default", value: value))
        }
        return .object(all)
    }

    var definitions: [JSONValue.Member] {
        fields.flatMap(\.definitions)
    }
}

/// An object while its last conditions are checked: which keys are there, and which of them could be read.
struct FieldReading {
    let node: JSONNode
    var brokenKeys: [String] = []

    func member(_ key: String) -> JSONMember? {
        node.member(key)
    }

    /// The member, if it is there and its value could be read.
    func goodMember(_ key: String) -> JSONMember? {
        brokenKeys.contains(key) ? nil : node.member(key)
    }

    func isBroken(_ key: String) -> Bool {
        brokenKeys.contains(key)
    }
}
