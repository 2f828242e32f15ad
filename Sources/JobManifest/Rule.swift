import JSON

/// A condition on the keys of one object, in the words of JSON Schema and in our own.
struct Rule: Sendable {
    let schema: JSONValue
    /// The message if the keys of an object break the rule, and the key to point at (nil: the object).
    let violation: @Sendable (_ isPresent: (String) -> Bool) -> (key: String?, message: String)?

    private static func required(_ keys: [String]) -> JSONValue {
        .members(["required": .array(keys.map(JSONValue.string))])
    }

    /// Exactly one of some keys has to be there.
    static func exactlyOne(_ keys: String...) -> Rule {
        Rule(
            schema: .members(["oneOf": .array(keys.map { required([$0]) })]),
            violation: { violation(of: keys, $0) })
    }

    /// Exactly one of two keys has to be there; beside another key, also neither.
    static func exactlyOne(_ first: String, _ second: String, orNeitherBeside other: String) -> Rule {
        let neither = JSONValue.members([
            "required": .array([.string(other)]),
            "not": .members(["anyOf": .array([required([first]), required([second])])]),
        ])
        return Rule(
            schema: .members(["oneOf": .array([required([first]), required([second]), neither])]),
            violation: { isPresent in
                isPresent(other) && !isPresent(first) && !isPresent(second)
                    ? nil : violation(of: [first, second], isPresent)
            })
    }

    private static func violation(
        of keys: [String], _ isPresent: (String) -> Bool
    ) -> (key: String?, message: String)? {
        let found = keys.filter(isPresent)
        let quoted = keys.map { "\"\($0)\"" }
        let names = quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
        if found.isEmpty { return (nil, "expected the key \(names), found \(keys.count == 2 ? "neither" : "none")") }
        guard found.count > 1 else { return nil }
        return (
            found[found.count - 1],
            "expected \(found.count == 2 ? "\"\(found[0])\" or \"\(found[1])\"" : names), found "
                + "\(found.count == 2 ? "both: remove one of them" : "all: keep one of them")"
        )
    }

    /// One key excludes some others.
    static func excludes(_ key: String, _ others: String...) -> Rule {
        Rule(
            schema: .members(["not": .members(["anyOf": .array(others.map { required([key, $0]) })])]),
            violation: { isPresent in
                guard isPresent(key), let other = others.first(where: isPresent) else { return nil }
                return (other, "expected \"\(key)\" or \"\(other)\", found both: remove one of them")
            })
    }

    /// A condition on a key's value, which the reader states in words of its own: with the value, one of two keys has to be
    /// there; otherwise a key must not be there.
    static func ofSchema(
        ifKey key: String, is value: String, thenOne first: String, _ second: String, elseWithout other: String
    ) -> Rule {
        Rule(
            schema: .members([
                "if": .members([
                    "properties": .members([key: .members(["const": .string(value)])]),
                    "required": .array([.string(key)]),
                ]),
                "then": .members(["anyOf": .array([required([first]), required([second])])]),
                "else": .members(["not": required([other])]),
            ]),
            violation: { _ in nil })
    }

    /// One key needs another.
    static func needs(_ key: String, _ other: String) -> Rule {
        Rule(
            schema: .members(["dependentRequired": .members([key: .array([.string(other)])])]),
            violation: { isPresent in
                guard isPresent(key), !isPresent(other) else { return nil }
                return (key, "expected \"\(other)\" beside \"\(key)\", found \"\(key)\" alone")
            })
    }

    /// One key needs one of two others.
    static func needs(_ key: String, _ first: String, or second: String) -> Rule {
        let either = JSONValue.members(["anyOf": .array([required([first]), required([second])])])
        return Rule(
            schema: .members(["dependentSchemas": .members([key: either])]),
            violation: { isPresent in
                guard isPresent(key), !isPresent(first), !isPresent(second) else { return nil }
                return (key, "expected \"\(first)\" or \"\(second)\" beside \"\(key)\", found \"\(key)\" alone")
            })
    }

    /// Two keys need each other.
    static func together(_ first: String, _ second: String) -> Rule {
        Rule(
            schema: .members([
                "dependentRequired": .members([first: .array([.string(second)]), second: .array([.string(first)])])
            ]),
            violation: { isPresent in
                guard isPresent(first) != isPresent(second) else { return nil }
                let (given, missing) = isPresent(first) ? (first, second) : (second, first)
                return (given, "expected \"\(missing)\" beside \"\(given)\", found \"\(given)\" alone")
            })
    }
}
