/// The bytes of a text and the way from a byte to its line and column.
package struct SourceText: Sendable {
    /// Larger files are refused: 1,504 jobs with every setting spelt out need a third of this.
    package static let largestByteCount = 16 * 1024 * 1024

    package let file: String
    package let bytes: [UInt8]
    /// What it should be, for messages: `manifest`.
    let noun: String

    package init(file: String, bytes: [UInt8], noun: String = "manifest") {
        self.file = file
        self.bytes = bytes
        self.noun = noun
    }

    /// The text of a byte range; the range is one that the scanner made.
    package func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Lines and columns of byte offsets in ascending order, found in one pass over the text.
    package func places(ofAscending offsets: [Int]) -> [(line: Int, column: Int)] {
        var places: [(line: Int, column: Int)] = []
        places.reserveCapacity(offsets.count)
        var position = 0
        var line = 1
        var column = 1
        for offset in offsets {
            while position < min(offset, bytes.count) {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else if byte & 0b1100_0000 != 0b1000_0000 {
                    // Continuation bytes belong to the character that began before them.
                    column += 1
                }
                position += 1
            }
            places.append((line, column))
        }
        return places
    }
}

/// A fault before its line and column are looked up.
package struct JSONFault: Error, Sendable {
    package let offset: Int
    /// From the outside in.
    package var path: [JSONPointer.Step]
    package let message: String

    package init(offset: Int, path: [JSONPointer.Step], message: String) {
        self.offset = offset
        self.path = path
        self.message = message
    }
}

/// JSON pointers (RFC 6901): the way to a value inside a document.
package enum JSONPointer {
    package enum Step: Sendable, Equatable {
        case key(String)
        case index(Int)
    }

    package static func text(_ path: [Step]) -> String {
        path.reduce("") { text, step in
            switch step {
            case .index(let index): "\(text)/\(index)"
            case .key(let key): "\(text)/\(escaped(Printable.text(key, limit: 100)))"
            }
        }
    }

    /// A key as a part of a pointer.
    package static func escaped(_ key: String) -> String {
        key.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
