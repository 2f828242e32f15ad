import Disk

/// A file that is read byte by byte, of which a small window is in memory, and what reading it has cost so far. What
/// the program keeps of a file is bounded whatever the file says.
final class MeteredFile {
    /// Memory for all that is kept of a file beside its tensors' values, in bytes: the largest network seen needs a
    /// tenth of it.
    static let greatestMemory = 40 << 20
    /// Fields of all messages together, a second's work.
    static let greatestFieldCount = 20_000_000

    let file: OpenFile
    private var window: [UInt8] = []
    private var windowStart = 0
    private var memory = 0
    private var fieldCount = 0

    /// Large enough for many nodes, small enough to be read again behind every tensor that is stepped over.
    private static let windowLength = 1 << 14

    init(_ file: OpenFile) {
        self.file = file
    }

    /// - Precondition: the file was at least that long when it was opened.
    func byte(at offset: Int) throws(NetworkError) -> UInt8 {
        if offset < windowStart || offset - windowStart >= window.count {
            window = try bytes(offset..<min(offset + Self.windowLength, file.size))
            windowStart = offset
        }
        return window[offset - windowStart]
    }

    /// - Precondition: the file had these bytes when it was opened.
    func bytes(_ range: Range<Int>) throws(NetworkError) -> [UInt8] {
        if range.lowerBound >= windowStart, range.upperBound - windowStart <= window.count {
            return Array(window[range.lowerBound - windowStart..<range.upperBound - windowStart])
        }
        return try values(range.count, at: range.lowerBound)
    }

    /// Values as they lie in the file.
    func values<Value: BitwiseCopyable>(_ count: Int, at offset: Int) throws(NetworkError) -> [Value] {
        do throws(DiskError) {
            return try file.values(count, at: offset)
        } catch {
            throw NetworkError(error)
        }
    }

    /// Called before something is kept: a generous estimate of its bytes, growth of lists and tables included.
    func charge(_ bytes: Int) throws(NetworkError) {
        memory += bytes
        guard memory <= Self.greatestMemory else {
            throw NetworkError(
                file: file.path,
                reason: "says more of its network than fits into \(Self.greatestMemory >> 20) MiB, its weights apart",
                remedy: "If it is a network, save it again with its weights as raw_data (onnx.save does that)")
        }
    }

    func countField() throws(NetworkError) {
        fieldCount += 1
        guard fieldCount <= Self.greatestFieldCount else {
            throw NetworkError(
                file: file.path, reason: "has more than \(Self.greatestFieldCount) fields",
                remedy: "If it is a network, save it again with its weights as raw_data (onnx.save does that)")
        }
    }
}
