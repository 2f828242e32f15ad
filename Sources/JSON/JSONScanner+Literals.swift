extension JSONScanner {
    /// Longer literals are refused: no number that a double can tell apart needs them.
    static let greatestNumberLength = 100

    /// Steps over a number; `position` is at its first character.
    mutating func number() throws(JSONFault) {
        let start = position
        if current == UInt8(ascii: "-") {
            position += 1
            guard currentIsDigit else { throw unexpected(expected: "a digit after the minus sign") }
        }
        if current == UInt8(ascii: "0") {
            position += 1
            if currentIsDigit {
                position = start
                throw unexpected(expected: "a number without leading zeros")
            }
        } else {
            skipDigits()
        }
        if current == UInt8(ascii: ".") {
            position += 1
            guard currentIsDigit else { throw unexpected(expected: "a digit after the decimal point") }
            skipDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard currentIsDigit else { throw unexpected(expected: "a digit in the exponent") }
            skipDigits()
        }
        if let byte = current, Self.isWordByte(byte) || byte == UInt8(ascii: ".") {
            position = start
            throw unexpected(expected: "a number in decimal digits")
        }
        guard position - start <= Self.greatestNumberLength else {
            let length = position - start
            position = start
            throw fault("expected a number of at most \(Self.greatestNumberLength) characters, found \(length)")
        }
    }

    private var currentIsDigit: Bool {
        guard let byte = current else { return false }
        return UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private mutating func skipDigits() {
        while currentIsDigit { position += 1 }
    }

    /// Reads a string; `position` is at its opening quotation mark.
    mutating func string() throws(JSONFault) -> String {
        position += 1
        var result = ""
        while true {
            guard let byte = current else {
                throw fault("expected a closing quotation mark, found the end of the file")
            }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return result
            case UInt8(ascii: "\\"):
                result.unicodeScalars.append(try escape())
            case 0..<0x20:
                throw unexpected(
                    expected: "a closing quotation mark or a character (a control character as its escape)")
            default:
                let start = position
                while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                    position += 1
                }
                result += source.text(start..<position)
            }
        }
    }

    /// Reads an escape; `position` is at its backslash, and stays there if the escape is bad.
    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let byte = current else {
            throw fault("expected a closing quotation mark, found the end of the file")
        }
        let scalar: Unicode.Scalar
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default:
            let found = characterText(at: position)
            position = start
            throw fault(
                #"expected an escape of JSON (\" \\ \/ \b \f \n \r \t \uXXXX), found a backslash before \#(found)"#)
        }
        position += 1
        return scalar
    }

    /// Reads `\uXXXX`, and the second half of a surrogate pair; `position` is at the `u`.
    private mutating func unicodeEscape(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try hexadecimalUnit(from: start)
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        let isHigh = first < 0xDC00
        if isHigh, current == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") {
            position += 1
            let second = try hexadecimalUnit(from: position - 1)
            let offset = (UInt32(first) - 0xD800) << 10
            if 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + offset + UInt32(second) - 0xDC00) {
                return scalar
            }
        }
        position = start
        throw fault(
            "expected a surrogate pair (two \\uXXXX escapes for one character), found the lone surrogate "
                + source.text(start..<start + 6))
    }

    /// Reads the four digits after `u`, where `position` is; an error is placed at `start`.
    private mutating func hexadecimalUnit(from start: Int) throws(JSONFault) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                let found = characterText(at: position)
                position = start
                throw fault("expected four hexadecimal digits after \\u, found \(found)")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
