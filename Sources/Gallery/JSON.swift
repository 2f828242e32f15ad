import Foundation

/// A JSON value that a page shows, or gives to its script.
enum JSON: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The literal.
    case number(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    static func integer(_ value: Int) -> JSON { .number(String(value)) }

    /// With four decimals: as much as a curve on a screen can show.
    static func rounded(_ value: Double) -> JSON {
        value.isFinite ? .number(Figures.ascii(value, digits: 4)) : .null
    }

    subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var doubleValue: Double? {
        if case .number(let literal) = self { Double(literal) } else { nil }
    }

    var integerValue: Int? {
        if case .number(let literal) = self { Int(literal) } else { nil }
    }

    var boolValue: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// On one line, with sorted keys.
    var text: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// On lines of their own, with sorted keys.
    var indentedText: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let literal): text += literal
        case .string(let string): text += JSON.quoted(string)
        case .array(let elements):
            JSON.writeList(elements, "[", "]", to: &text, indent: indent) { element, text, indent in
                element.write(to: &text, indent: indent)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            JSON.writeList(sorted, "{", "}", to: &text, indent: indent) { member, text, indent in
                text += JSON.quoted(member.key) + (indent == nil ? ":" : ": ")
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?,
        write: (Element, inout String, Int?) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: " ", count: 2 * (indent + 1)) }
            write(element, &text, indent.map { $0 + 1 })
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: " ", count: 2 * indent) }
        text += close
    }

    private static func quoted(_ string: String) -> String {
        var quoted = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            // Line separators end a line in older scripts.
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension JSON: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            var members: [String: JSON] = [:]
            for key in container.allKeys { members[key.stringValue] = try container.decode(JSON.self, forKey: key) }
            self = .object(members)
            return
        }
        if var container = try? decoder.unkeyedContainer() {
            var elements: [JSON] = []
            while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
            self = .array(elements)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(String(value))
        } else if let value = try? container.decode(UInt64.self) {
            self = .number(String(value))
        } else {
            self = .number(try container.decode(Double.self).description)
        }
    }
}
