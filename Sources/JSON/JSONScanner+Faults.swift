extension JSONScanner {
    /// A fault at the position.
    func fault(_ message: String) -> JSONFault {
        JSONFault(offset: position, path: [], message: message)
    }

    /// A fault "expected ..., found ..." for the text at the position, with a remedy for common mistakes.
    func unexpected(expected: String) -> JSONFault {
        let word = word(at: position)
        let remedy: String
        switch (current, word) {
        case (_, "NaN"), (_, "nan"), (_, "Infinity"), (_, "inf"):
            remedy = ": JSON has finite numbers only"
        case (_, "True"), (_, "False"), (_, "None"): remedy = ": write true, false or null"
        case (UInt8(ascii: "/"), _), (UInt8(ascii: "#"), _): remedy = ": JSON has no comments"
        case (UInt8(ascii: "'"), _): remedy = ": JSON takes double quotes"
        case (UInt8(ascii: "+"), _): remedy = ": a number takes no plus sign"
        case (UInt8(ascii: "."), _): remedy = ": a number begins with a digit"
        case (UInt8(ascii: "\n"), _), (UInt8(ascii: "\r"), _): remedy = ": a string ends on its line"
        default: remedy = ""
        }
        return fault("expected \(expected), found \(characterText(at: position))\(remedy)")
    }

    /// The text at an offset, as a message shows it: a whole word or number, or one character.
    func characterText(at offset: Int) -> String {
        guard offset < bytes.count else { return "the end of the file" }
        let word = word(at: offset)
        if !word.isEmpty { return Printable.text(word, limit: 40) }
        switch bytes[offset] {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "a line break"
        case UInt8(ascii: "\t"): return "a tab"
        case let byte where byte < 0x20:
            return "the control character U+00" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        default: break
        }
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
        return Printable.quoted(source.text(offset..<end))
    }

    /// The run of letters, digits, `_`, `.` and `-` at an offset, up to 50 of them.
    private func word(at offset: Int) -> String {
        var end = offset
        while end < min(bytes.count, offset + 50),
            Self.isWordByte(bytes[end]) || (end > offset && bytes[end] == UInt8(ascii: "."))
                || bytes[end] == UInt8(ascii: "-")
        { end += 1 }
        return source.text(offset..<end)
    }

    package static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Refuses a file that is too large or not UTF-8, and the byte order mark, which RFC 8259 forbids.
    static func checkEncoding(_ source: SourceText) throws(JSONFault) {
        let bytes = source.bytes
        guard bytes.count <= SourceText.largestByteCount else {
            throw JSONFault(
                offset: 0, path: [],
                message: "expected a file of at most \(SourceText.largestByteCount) bytes, found more")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw JSONFault(offset: 0, path: [], message: "expected UTF-8, found UTF-16: save the file as UTF-8")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw JSONFault(
                offset: 0, path: [],
                message: "expected a \(source.noun), found a byte order mark: save the file as UTF-8 without BOM")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            throw JSONFault(
                offset: offset, path: [],
                message: "expected UTF-8, found the byte 0x"
                    + (bytes.indices.contains(offset) ? String(bytes[offset], radix: 16, uppercase: true) : "?")
                    + " that is not part of a character: save the file as UTF-8")
        }
    }
}
