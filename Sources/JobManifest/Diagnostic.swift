import JSON

/// One fault of a manifest, with its place:
/// `Jobs/x.json:12:17: /neb/pivots: expected an integer from 1 to 200, found "ten"`.
public struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// Counted from 1, in characters (Unicode scalars), not in bytes.
    public let column: Int
    /// JSON pointer (RFC 6901) of the value at fault; empty for the whole document.
    public let pointer: String
    public let message: String

    public var description: String {
        "\(file):\(line):\(column): " + (pointer.isEmpty ? "" : "\(pointer): ") + message
    }
}

/// Everything that is wrong with a manifest (or with several), in the order of the text. Never empty.
public struct ManifestErrors: Error, Sendable, Equatable, CustomStringConvertible {
    public let diagnostics: [Diagnostic]

    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}

extension SourceText {
    /// Turns faults into diagnostics, in the order of the text.
    func diagnostics(_ faults: [JSONFault]) -> [Diagnostic] {
        // `sorted` keeps the order of equals, so two faults of one place stay as they were found.
        let sorted = faults.sorted { $0.offset < $1.offset }
        return zip(sorted, places(ofAscending: sorted.map(\.offset))).map { fault, place in
            Diagnostic(
                file: file, line: place.line, column: place.column,
                pointer: JSONPointer.text(fault.path), message: fault.message)
        }
    }
}
