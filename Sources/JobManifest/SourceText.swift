/// The bytes of a manifest and the way from a byte to its line and column.
struct SourceText: Sendable {
    /// Larger files are refused: 1,504 jobs with every setting spelt out need a third of this.
    static let largestByteCount = 16 * 1024 * 1024

    let file: String
    let bytes: [UInt8]

    /// The text of a byte range; the range is one that the scanner made.
    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Lines and columns of byte offsets in ascending order, found in one pass over the text.
    func places(ofAscending offsets: [Int]) -> [(line: Int, column: Int)] {
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

    /// Turns faults into diagnostics, in the order of the text.
    func diagnostics(_ faults: [Fault]) -> [Diagnostic] {
        // `sorted` keeps the order of equals, so two faults of one place stay as they were found.
        let sorted = faults.sorted { $0.offset < $1.offset }
        return zip(sorted, places(ofAscending: sorted.map(\.offset))).map { fault, place in
            Diagnostic(
                file: file, line: place.line, column: place.column,
                pointer: JSONPointer.text(fault.path), message: fault.message)
        }
    }
}

/// A fault before its line and column are looked up.
struct Fault: Error, Sendable {
    let offset: Int
    /// From the outside in.
    var path: [JSONPointer.Step]
    let message: String
}

/// JSON pointers (RFC 6901): the way to a value inside a document.
enum JSONPointer {
    enum Step: Sendable, Equatable {
        case key(String)
        case index(Int)
    }

    static func text(_ path: [Step]) -> String {
        path.reduce("") { text, step in
            switch step {
            case .index(let index): "\(text)/\(index)"
            case .key(let key): "\(text)/\(escaped(Printable.text(key, limit: 100)))"
            }
        }
    }

    /// A key as a part of a pointer.
    static func escaped(_ key: String) -> String {
        key.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
