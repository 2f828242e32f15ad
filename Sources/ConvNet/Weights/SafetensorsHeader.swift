/// The table of contents of a safetensors file: checked, so that reading by it cannot leave the file.
struct SafetensorsHeader: Sendable, Equatable {
    /// What the values of a tensor are that can be read.
    enum Kind: String, Sendable {
        /// 32-bit floating point.
        case float = "F32"
        /// Bytes.
        case byte = "U8"

        /// Bytes of a value.
        var size: Int { self == .float ? MemoryLayout<Float>.size : 1 }
    }

    /// Where a tensor's values lie: little-endian, row-major.
    struct Entry: Sendable, Equatable {
        /// The type's name in the format: "F32".
        let type: String
        let shape: [Int]
        /// Bytes from the first byte after the header.
        let bytes: Range<Int>

        /// Nil for a type that cannot be read. A file may hold such tensors, as long as nobody asks for them.
        var kind: Kind? { Kind(rawValue: type) }
    }

    /// What is wrong with a header, before it is known which file it came from.
    struct Problem: Error, Equatable {
        var tensor: String?
        var reason: String
    }

    private(set) var metadata: [String: String]
    private(set) var entries: [String: Entry] = [:]

    /// Reads and checks the header's text.
    /// - Parameters:
    ///   - text: the bytes between the length and the data.
    ///   - dataLength: the number of bytes in the file after the header; tensors must fill exactly these.
    init(text: [UInt8], dataLength: Int) throws(Problem) {
        var scanner = SafetensorsHeaderScanner(text)
        let contents = try scanner.contents()
        metadata = contents.metadata
        for declaration in contents.tensors {
            entries[declaration.name] = try SafetensorsHeader.entry(declaration, dataLength: dataLength)
        }
        try checkCoverage(of: dataLength)
    }

    private static func entry(_ declaration: SafetensorsHeaderScanner.Declaration, dataLength: Int) throws(Problem)
        -> Entry
    {
        func problem(_ reason: String) -> Problem { Problem(tensor: declaration.name, reason: reason) }

        guard declaration.offsets.count == 2, declaration.offsets[0] <= declaration.offsets[1] else {
            throw problem("has data_offsets that are no [begin, end]")
        }
        let bytes = declaration.offsets[0]..<declaration.offsets[1]
        guard bytes.upperBound <= dataLength else {
            throw problem("ends at byte \(bytes.upperBound) of the data, of which the file holds \(dataLength)")
        }
        let entry = Entry(type: declaration.type, shape: declaration.shape, bytes: bytes)
        // How many bytes a value of another type has is not known here, and nobody reads it.
        guard let kind = entry.kind else { return entry }
        guard let count = Tensor.count(of: declaration.shape) else {
            throw problem("has a shape whose number of values is beyond counting")
        }
        let (needed, overflow) = count.multipliedReportingOverflow(by: kind.size)
        guard !overflow, needed == bytes.count else {
            let size = kind == .float ? "4 bytes" : "a byte"
            throw problem("has \(bytes.count) bytes, but its shape asks for \(count) values of \(size)")
        }
        return entry
    }

    /// Every byte of the data belongs to exactly one tensor, as the format asks.
    private func checkCoverage(of dataLength: Int) throws(Problem) {
        let inOrder = entries.sorted {
            ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
                < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
        }
        var covered = 0
        for (name, entry) in inOrder {
            guard entry.bytes.lowerBound >= covered else {
                throw Problem(tensor: name, reason: "overlaps the tensor before it")
            }
            guard entry.bytes.lowerBound == covered else {
                throw Problem(
                    tensor: name,
                    reason: "begins \(entry.bytes.lowerBound - covered) bytes after the end of the data before it")
            }
            covered = entry.bytes.upperBound
        }
        guard covered == dataLength else {
            throw Problem(reason: "goes on for \(dataLength - covered) bytes after its last tensor")
        }
    }
}
