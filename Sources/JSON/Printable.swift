/// Foreign text made fit for a message: short, on one line, and harmless to a terminal.
package enum Printable {
    /// At most `limit` characters of `text`, with control and formatting characters spelt out as `\u{...}`.
    package static func text(_ text: String, limit: Int) -> String {
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == limit { return result + "..." }
            if isInvisible(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As `text`, in double quotes.
    package static func quoted(_ text: String, limit: Int = 40) -> String {
        "\"\(Self.text(text, limit: limit))\""
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: true
        default: false
        }
    }
}
