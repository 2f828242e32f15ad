extension String {
    /// The text as it can be shown on one line of a terminal: control characters, which could move the cursor, color
    /// what follows or tear the line apart, and marks that turn the direction of writing are shown by their codes
    /// (`\n`, `\x1B`, `\u{202E}`). File names may hold all of them.
    public var printable: String {
        // Nearly every text is: then nothing is copied.
        guard unicodeScalars.contains(where: { $0.isControl }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isControl { text += scalar.code } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// Bytes that should be UTF-8 and are not, as a text that shows them: `M\xFCller`.
    public static func showing(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            0x20..<0x7F ~= byte ? String(UnicodeScalar(byte)) : "\\x" + hexadecimal(UInt32(byte), digits: 2)
        }.joined()
    }

    fileprivate static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: Swift.max(digits - text.count, 0)) + text
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Of the invisible ones only those that turn the direction of writing: others are parts of emoji and words.
        case .format: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        default: false
        }
    }

    fileprivate var code: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default:
            value < 0x100
                ? "\\x" + String.hexadecimal(value, digits: 2)
                : "\\u{" + String(value, radix: 16, uppercase: true) + "}"
        }
    }
}
