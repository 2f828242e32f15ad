/// Reads the JSON of a safetensors header: exactly the grammar that the format allows. So depth and memory are bounded
/// by the text, and a name that appears twice is noticed (Foundation's reader takes the last).
struct SafetensorsHeaderScanner {
    typealias Problem = SafetensorsHeader.Problem

    /// One tensor as the header declares it, unchecked.
    struct Declaration {
        let name: String
        var type = ""
        var shape: [Int] = []
        var offsets: [Int] = []
    }

    private let text: [UInt8]
    private var position = 0
    /// The tensor whose declaration is being read.
    private var tensor: String?

    init(_ text: [UInt8]) {
        self.text = text
    }

    mutating func contents() throws(Problem) -> (metadata: [String: String], tensors: [Declaration]) {
        var metadata: [String: String] = [:]
        var tensors: [Declaration] = []
        guard text.first == UInt8(ascii: "{") else { throw problem("does not begin with {") }
        try members { (scanner: inout Self, name: String) throws(Problem) in
            if name == "__metadata__" {
                metadata = try scanner.strings()
            } else {
                tensors.append(try scanner.declaration(of: name))
            }
        }
        skipSpace()
        guard position == text.count else { throw problem("has text after its end") }
        return (metadata, tensors)
    }

    private mutating func declaration(of name: String) throws(Problem) -> Declaration {
        tensor = name
        defer { tensor = nil }
        var declaration = Declaration(name: name)
        var keys: Set<String> = []
        try members { (scanner: inout Self, key: String) throws(Problem) in
            keys.insert(key)
            switch key {
            case "dtype": declaration.type = try scanner.string()
            case "shape": declaration.shape = try scanner.counts()
            case "data_offsets": declaration.offsets = try scanner.counts()
            default: throw scanner.problem("has an unknown entry \(SafetensorsError.quoted(key))")
            }
        }
        for key in ["dtype", "shape", "data_offsets"] where !keys.contains(key) {
            throw problem("has no \(key)")
        }
        return declaration
    }

    private mutating func strings() throws(Problem) -> [String: String] {
        var strings: [String: String] = [:]
        try members { (scanner: inout Self, key: String) throws(Problem) in strings[key] = try scanner.string() }
        return strings
    }

    /// Reads an object, calling `value` behind every key's colon; refuses a key that comes twice.
    private mutating func members(_ value: (inout Self, String) throws(Problem) -> Void) throws(Problem) {
        var keys: Set<String> = []
        try list(from: "{", to: "}") { (scanner: inout Self) throws(Problem) in
            let key = try scanner.string()
            guard keys.insert(key).inserted else {
                throw scanner.problem("names \(SafetensorsError.quoted(key)) twice")
            }
            try scanner.expect(":")
            try value(&scanner, key)
        }
    }

    private mutating func counts() throws(Problem) -> [Int] {
        var counts: [Int] = []
        try list(from: "[", to: "]") { (scanner: inout Self) throws(Problem) in counts.append(try scanner.count()) }
        return counts
    }

    /// Reads elements parted by commas between two brackets.
    private mutating func list(
        from opening: Unicode.Scalar, to closing: Unicode.Scalar, _ element: (inout Self) throws(Problem) -> Void
    ) throws(Problem) {
        try expect(opening)
        if accept(closing) { return }
        repeat { try element(&self) } while accept(",")
        try expect(closing)
    }

    /// A whole number, zero or more: digits only.
    private mutating func count() throws(Problem) -> Int {
        skipSpace()
        let start = position
        var count = 0
        while position < text.count, let digit = SafetensorsHeaderScanner.digit(text[position]), digit < 10 {
            let (tens, tooLarge) = count.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tens.addingReportingOverflow(digit)
            guard !tooLarge, !overflow else { throw problem("has a number beyond counting") }
            count = sum
            position += 1
        }
        let hasLeadingZero = position - start > 1 && text[start] == UInt8(ascii: "0")
        let goesOn = position < text.count && [".", "e", "E"].contains(Character(Unicode.Scalar(text[position])))
        guard position > start, !hasLeadingZero, !goesOn else { throw problem("needs a whole number, zero or more,") }
        return count
    }

    private mutating func string() throws(Problem) -> String {
        try expect("\"")
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw problem("has a string that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                bytes += UTF8.encode(try escape()).map(Array.init) ?? []
            case 0..<0x20:
                throw problem("has a control character in a string")
            default:
                bytes.append(byte)
            }
        }
        throw problem("has a string without an end")
    }

    /// What follows a backslash.
    private mutating func escape() throws(Problem) -> Unicode.Scalar {
        guard position < text.count else { throw problem("has a string without an end") }
        let letter = Unicode.Scalar(text[position])
        position += 1
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), position + 1 < text.count,
                text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw problem("has half a surrogate pair in a string") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(UInt32(code)) else {
                throw problem("has half a surrogate pair in a string")
            }
            return scalar
        default: throw problem("has an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(Problem) -> Int {
        var code = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = SafetensorsHeaderScanner.digit(text[position]) else {
                throw problem("has an escape \\u without four hexadecimal digits")
            }
            code = code * 16 + digit
            position += 1
        }
        return code
    }

    /// The value of a hexadecimal digit.
    private static func digit(_ byte: UInt8) -> Int? {
        Character(Unicode.Scalar(byte)).hexDigitValue
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        guard accept(character) else { throw problem("needs \(character)") }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private func problem(_ reason: String) -> Problem {
        Problem(tensor: tensor, reason: "the header \(reason) at byte \(8 + position) of the file")
    }
}
