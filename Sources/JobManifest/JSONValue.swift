/// A JSON value to be written: members keep their order until the canonical form sorts them.
enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The literal.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Sendable, Equatable {
        let key: String
        let value: JSONValue
    }

    static func integer(_ value: some BinaryInteger) -> JSONValue {
        .number(String(value))
    }

    /// The shortest literal that reads back as the same double. Whole numbers of 64 bits are written as integers, so
    /// that a `Double` and an `Int` of the same value give the same text.
    static func number(_ value: Double) -> JSONValue {
        if let whole = Int64(exactly: value) { return integer(whole) }
        if let whole = UInt64(exactly: value) { return integer(whole) }
        return .number(value.description)
    }

    /// An object of the members that have a value; the others are left out.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }
}

extension JSONValue {
    /// One text for one value: keys sorted by their bytes, no white space, nothing escaped that need not be.
    var canonicalText: String {
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
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { text += "," }
                text += Self.quoted(member.key) + ":"
                member.value.writeCanonically(to: &text)
            }
            text += "}"
        }
    }

    /// For people: two spaces a level, members in their own order, lists of plain values on one line.
    var readableText: String {
        readableText(indentation: "")
    }

    private func readableText(indentation: String) -> String {
        let inner = indentation + "  "
        switch self {
        case .array(let elements) where elements.contains(where: \.isContainer):
            let lines = elements.map { inner + $0.readableText(indentation: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
        case .array(let elements):
            return "[" + elements.map(\.canonicalText).joined(separator: ", ") + "]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map {
                inner + Self.quoted($0.key) + ": " + $0.value.readableText(indentation: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
        default: return canonicalText
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
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
