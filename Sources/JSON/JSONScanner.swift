/// A strict reader of JSON (RFC 8259) that keeps the place of every value. It accepts only what the standard allows: no
/// comments, trailing commas, NaN, leading zeros, lone surrogates or text after the value. It stops at the first error.
///
/// - Complexity: O(bytes).
package struct JSONScanner {
    package static let greatestDepth = 64
    /// Bounds the memory for a hostile file; 1,504 jobs with every setting spelt out need a third of it.
    static let greatestValueCount = 1_000_000

    let source: SourceText
    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    private var valueCount = 0

    private init(_ source: SourceText) {
        self.source = source
        bytes = source.bytes
    }

    /// The one value that the text holds.
    package static func scan(_ source: SourceText) throws(JSONFault) -> JSONNode {
        try checkEncoding(source)
        var scanner = JSONScanner(source)
        scanner.skipWhitespace()
        guard scanner.position < scanner.bytes.count else {
            let found = scanner.bytes.isEmpty ? "an empty file" : "nothing but white space"
            throw JSONFault(offset: 0, path: [], message: "expected a \(source.noun) (a JSON object), found \(found)")
        }
        let root = try scanner.value()
        scanner.skipWhitespace()
        guard scanner.position == scanner.bytes.count else {
            throw scanner.unexpected(expected: "the end of the file after the \(source.noun)")
        }
        return root
    }

    // MARK: Values

    private mutating func value() throws(JSONFault) -> JSONNode {
        valueCount += 1
        guard valueCount <= Self.greatestValueCount else {
            throw fault("expected at most \(Self.greatestValueCount) values in a file, found more")
        }
        let start = position
        let content: JSONNode.Content
        // A byte 0 is as unexpected as the end of the file.
        switch current ?? 0 {
        case UInt8(ascii: "{"): content = .object(try object())
        case UInt8(ascii: "["): content = .array(try array())
        case UInt8(ascii: "\""): content = .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number()
            content = .number
        case UInt8(ascii: "t") where consume("true"): content = .boolean(true)
        case UInt8(ascii: "f") where consume("false"): content = .boolean(false)
        case UInt8(ascii: "n") where consume("null"): content = .null
        default: throw unexpected(expected: "a value")
        }
        return JSONNode(content: content, range: start..<position)
    }

    private mutating func object() throws(JSONFault) -> [JSONMember] {
        try enter()
        var members: [JSONMember] = []
        if closes(UInt8(ascii: "}")) { return members }
        while true {
            guard current == UInt8(ascii: "\"") else {
                throw unexpected(
                    expected: members.isEmpty
                        ? "a key in double quotes, or \"}\"" : "a key in double quotes after the comma")
            }
            let keyOffset = position
            let key = try string()
            skipWhitespace()
            guard current == UInt8(ascii: ":") else {
                throw unexpected(expected: "\":\" after the key \(Printable.quoted(key))")
            }
            position += 1
            skipWhitespace()
            do {
                members.append(JSONMember(key: key, keyOffset: keyOffset, value: try value()))
            } catch {
                throw error.inside(.key(key))
            }
            if try ends(with: UInt8(ascii: "}"), "}") { return members }
        }
    }

    private mutating func array() throws(JSONFault) -> [JSONNode] {
        try enter()
        var elements: [JSONNode] = []
        if closes(UInt8(ascii: "]")) { return elements }
        while true {
            do {
                elements.append(try value())
            } catch {
                throw error.inside(.index(elements.count))
            }
            if try ends(with: UInt8(ascii: "]"), "]") { return elements }
        }
    }

    /// Steps over an opening bracket.
    private mutating func enter() throws(JSONFault) {
        guard depth < Self.greatestDepth else {
            throw fault("expected at most \(Self.greatestDepth) levels of nesting, found one more")
        }
        depth += 1
        position += 1
        skipWhitespace()
    }

    /// Steps over `bracket` if it stands here.
    private mutating func closes(_ bracket: UInt8) -> Bool {
        guard current == bracket else { return false }
        position += 1
        depth -= 1
        return true
    }

    /// Steps over a comma (false) or the closing bracket (true), one of which has to follow a value.
    private mutating func ends(with bracket: UInt8, _ name: String) throws(JSONFault) -> Bool {
        skipWhitespace()
        if closes(bracket) { return true }
        guard current == UInt8(ascii: ",") else {
            throw unexpected(expected: "\",\" or \"\(name)\"")
        }
        let comma = position
        position += 1
        skipWhitespace()
        if current == UInt8(ascii: "]") || current == UInt8(ascii: "}") {
            throw JSONFault(
                offset: comma, path: [],
                message: "expected something after the comma, found a closing bracket: remove the trailing comma")
        }
        return false
    }

    // MARK: Bytes

    /// The byte at the position; nil at the end.
    var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    /// Steps over `word` if it stands here and is not the beginning of a longer one.
    private mutating func consume(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, source.text(position..<end) == "\(word)" else { return false }
        if end < bytes.count, Self.isWordByte(bytes[end]) { return false }
        position = end
        return true
    }
}

extension JSONFault {
    /// The same fault with one more step at the beginning of its path.
    func inside(_ step: JSONPointer.Step) -> JSONFault {
        var fault = self
        fault.path.insert(step, at: 0)
        return fault
    }
}
