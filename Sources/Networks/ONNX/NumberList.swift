/// A list of numbers of fixed size in a message. Packed in one piece, as all libraries write it, it stays in the file,
/// for its bytes are those of the values; otherwise it is gathered.
struct NumberList<Value: BitwiseCopyable> {
    /// The bytes in the file, as long as they are the whole list.
    private(set) var range: Range<Int>?
    private var gathered: [Value] = []

    var count: Int { range.map { $0.count / MemoryLayout<Value>.size } ?? gathered.count }

    /// A packed piece.
    mutating func append(_ piece: Range<Int>, of reader: WireReader) throws(NetworkError) {
        let size = MemoryLayout<Value>.size
        guard piece.count % size == 0 else {
            throw reader.fault(
                "is damaged: a list of numbers at byte \(piece.lowerBound) has \(piece.count) bytes, no multiple of \(size)"
            )
        }
        if count == 0 {
            range = piece
        } else {
            try gather(reader.source)
            gathered += try Self.read(piece, reader.source)
        }
    }

    /// A number of its own.
    mutating func append(_ value: Value, of reader: WireReader) throws(NetworkError) {
        try gather(reader.source)
        try reader.source.charge(2 * MemoryLayout<Value>.size)
        gathered.append(value)
    }

    /// All numbers.
    func values(_ source: MeteredFile) throws(NetworkError) -> [Value] {
        if let range { try Self.read(range, source) } else { gathered }
    }

    private mutating func gather(_ source: MeteredFile) throws(NetworkError) {
        guard let range else { return }
        gathered = try Self.read(range, source)
        self.range = nil
    }

    private static func read(_ range: Range<Int>, _ source: MeteredFile) throws(NetworkError) -> [Value] {
        try source.charge(2 * range.count)
        return try source.values(range.count / MemoryLayout<Value>.size, at: range.lowerBound)
    }
}

extension WireReader {
    /// Adds a field of a list of floats.
    mutating func floats(_ field: Field, to list: inout NumberList<Float>) throws(NetworkError) {
        if field.type == .bytes {
            try list.append(try range(field), of: self)
        } else {
            try list.append(try float(field), of: self)
        }
    }

    mutating func doubles(_ field: Field, to list: inout NumberList<Double>) throws(NetworkError) {
        if field.type == .bytes {
            try list.append(try range(field), of: self)
        } else {
            try list.append(try double(field), of: self)
        }
    }
}
