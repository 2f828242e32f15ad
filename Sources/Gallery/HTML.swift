import JSON

/// Markup that no text from outside can change. Literals in the source are markup, and every `String` that is put into
/// them is escaped for text between tags and for attributes in double quotes. Pages have such text nowhere else.
///
///     let link: HTML = "<a href=\"\(address)\">\(name)</a>"
///
/// Nothing that is known only at run time becomes markup: a `String` can only become text, or JSON for a script
/// element, which is escaped in its own way.
struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    private(set) var markup: String

    /// A `StaticString`, so that the compiler refuses any other.
    init(stringLiteral literal: StaticString) {
        markup = literal.description
    }

    init(stringInterpolation interpolation: Interpolation) {
        markup = interpolation.markup
    }

    /// Text as it is to be read.
    init(text: String) {
        markup = HTML.escaped(text)
    }

    /// A value for the content of `<script type="application/json">`, where `<` is the only sign that could end it.
    init(scriptData value: JSONValue) {
        markup = value.canonicalText.replacing("<", with: "\\u003c").replacing("&", with: "\\u0026")
    }

    static let nothing: HTML = ""

    /// A long name that may be broken after its underscores.
    init(breakable name: String) {
        markup = name.split(separator: "_", omittingEmptySubsequences: false).map { HTML.escaped(String($0)) }
            .joined(separator: "_<wbr>")
    }

    static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.markup += right.markup
        return sum
    }

    struct Interpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString
        fileprivate(set) var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(2 * literalCapacity)
        }

        mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }
        mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }
        mutating func appendInterpolation(_ address: Address) { markup += HTML.escaped(address.text) }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ html: HTML?) { markup += html?.markup ?? "" }
        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
    }

    /// Also removes what no HTML document may hold (NUL and other control characters).
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || "&<>\"'".utf8.contains($0) }) else { return text }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 32)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
