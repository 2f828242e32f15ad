import Disk

/// The names of a network's logits, in a text file: one on each line. Lines that begin with `#`, at the beginning of
/// the file, say where they come from.
public enum Labels {
    static let greatestCount = 100_000
    static let greatestLength = 1000
    private static let greatestSize = 16 << 20

    /// Reads a file of labels.
    /// - Throws: `NetworkError` if it cannot be read, is no UTF-8, has no labels or too many, or one that is no label.
    public static func read(_ path: String) throws(NetworkError) -> [String] {
        let bytes: [UInt8]
        do throws(DiskError) {
            bytes = try WholeFile.bytes(of: path, limit: greatestSize)
        } catch {
            throw NetworkError(
                error, remedy: error.kind == .notFound ? "Labels are a text file with one name on each line" : nil)
        }
        return try read(bytes, path: path)
    }

    /// Reads labels from memory.
    /// - Parameter path: the file's name in errors.
    public static func read(_ bytes: [UInt8], path: String) throws(NetworkError) -> [String] {
        // Windows' editors put a mark before the text, and end lines with two characters.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        let comments = lines.prefix { $0.first == UInt8(ascii: "#") }.count
        guard lines.count > comments else {
            throw NetworkError(file: path, reason: "has no labels", remedy: "Write one name on each line")
        }
        guard lines.count - comments <= greatestCount else {
            throw NetworkError(
                file: path, reason: "has \(lines.count - comments) lines; at most \(greatestCount) labels are read")
        }
        var labels: [String] = []
        for (index, line) in lines.enumerated().dropFirst(comments) {
            guard let label = String(validating: line, as: UTF8.self), isLabel(label) else {
                throw NetworkError(
                    file: path, place: "line \(index + 1)",
                    reason: line.isEmpty
                        ? "is empty"
                        : "\"\(String.showing(line.prefix(40)))\" is no text of 1 to \(greatestLength) bytes",
                    remedy: "Write one name on each line, in UTF-8")
            }
            labels.append(label)
        }
        return labels
    }

    /// On one line, and harmless to a terminal.
    static func isLabel(_ text: String) -> Bool {
        (1...greatestLength).contains(text.utf8.count) && text.printable == text
            && text.contains { !$0.isWhitespace }
    }
}
