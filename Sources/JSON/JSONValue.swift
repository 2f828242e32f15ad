/// A JSON value: members keep their order until a form of the text sorts them.
public enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The literal.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public let key: String
        public let value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    public static func integer(_ value: some BinaryInteger) -> JSONValue {
        .number(String(value))
    }

    /// The shortest literal that reads back as the same double. Whole numbers of 64 bits are written as integers, so
    /// that a `Double` and an `Int` of the same value give the same text.
    public static func number(_ value: Double) -> JSONValue {
        if let whole = Int64(exactly: value) { return integer(whole) }
        if let whole = UInt64(exactly: value) { return integer(whole) }
        return .number(value.description)
    }

    /// An object of the members that have a value; the others are left out.
    public static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }
}

extension JSONValue {
    /// One text for one value: keys sorted by their bytes, no white space, nothing escaped that need not be.
    public var canonicalText: String {
        var text = ""
        writeCanonically(to: &text)
        return text
    }

    private func writeCanonically(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let literal): text += literal
        case .string(let string): text += Self.quoted(string)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.writeCanonically(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in Self.sorted(members).enumerated() {
                if index > 0 { text += "," }
                text += Self.quoted(member.key) + ":"
                member.value.writeCanonically(to: &text)
            }
            text += "}"
        }
    }

    /// For people: two spaces a level, members in their own order, lists of plain values on one line.
    public var readableText: String { readableText(indentation: "", isSpread: false) }

    /// The same with sorted keys, and every element of a list on a line of its own.
    public var spreadText: String { readableText(indentation: "", isSpread: true) }

    private func readableText(indentation: String, isSpread: Bool) -> String {
        let inner = indentation + "  "
        func block(_ open: String, _ lines: [String], _ close: String) -> String {
            "\(open)\n" + lines.map { inner + $0 }.joined(separator: ",\n") + "\n\(indentation)\(close)"
        }
        switch self {
        case .array(let elements) where isSpread ? !elements.isEmpty : elements.contains { $0.isContainer }:
            return block("[", elements.map { $0.readableText(indentation: inner, isSpread: isSpread) }, "]")
        case .array(let elements):
            return "[" + elements.map { $0.canonicalText }.joined(separator: ", ") + "]"
        case .object(let members) where !members.isEmpty:
            let lines = (isSpread ? Self.sorted(members) : members).map {
                Self.quoted($0.key) + ": " + $0.value.readableText(indentation: inner, isSpread: isSpread)
            }
            return block("{", lines, "}")
        default: return canonicalText
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}":
                text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension JSONValue {
    /// The first member of that name; nil for any other value than an object.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members.first { $0.key == key }?.value } else { nil }
    }

    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var doubleValue: Double? {
        if case .number(let literal) = self { Double(literal) } else { nil }
    }

    public var integerValue: Int? {
        if case .number(let literal) = self { DecimalLiteral.wholeNumber(literal) } else { nil }
    }

    public var boolValue: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// Empty for any other value than a list.
    public var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
