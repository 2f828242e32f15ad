import JSON

/// A condition on the keys of one object, in the words of JSON Schema and in our own.
struct Rule: Sendable {
    let schema: JSONValue
    /// The message if the keys of an object break the rule, and the key to point at (nil: the object).
    let violation: @Sendable (_ isPresent: (String) -> Bool) -> (key: String?, message: String)?

    private static func required(_ keys: [String]) -> JSONValue {
        .members(["required": .array(keys.map(JSONValue.string))])
    }

    /// Exactly one of two keys has to be there.
    static func exactlyOne(_ first: String, _ second: String) -> Rule {
        Rule(
            schema: .members(["oneOf": .array([required([first]), required([second])])]),
            violation: { isPresent in
                switch (isPresent(first), isPresent(second)) {
                case (true, true): (second, "expected \"\(first)\" or \"\(second)\", found both: remove one of them")
                case (false, false): (nil, "expected the key \"\(first)\" or \"\(second)\", found neither")
                default: nil
                }
            })
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

    /// One key needs another.
    static func needs(_ key: String, _ other: String) -> Rule {
        Rule(
            schema: .members(["dependentRequired": .members([key: .array([.string(other)])])]),
            violation: { isPresent in
                guard isPresent(key), !isPresent(other) else { return nil }
                return (key, "expected \"\(other)\" beside \"\(key)\", found \"\(key)\" alone")
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
