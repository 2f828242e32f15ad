import Disk

/// Reads one message of protobuf's wire format (protobuf.dev, "Encoding") field by field. Strict: a field that a reader
/// asks for must be of the type that it asks for; groups, which ONNX never had, are refused.
struct WireReader {
    enum WireType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    struct Field {
        let number: Int
        let type: WireType
        /// Where its key begins.
        let offset: Int
    }

    let source: MeteredFile
    /// The message's type in onnx.proto, for errors.
    let message: String
    private var position: Int
    private let end: Int

    /// Names of tensors and nodes are shorter.
    static let longestText = 4096

    /// - Precondition: the range is one of the file, or one that `range` gave.
    init(_ source: MeteredFile, _ range: Range<Int>, _ message: String) {
        self.source = source
        self.message = message
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field's key; nil at the end of the message. Its value has to be read or skipped before the next one.
    mutating func next() throws(NetworkError) -> Field? {
        guard position < end else { return nil }
        try source.countField()
        let offset = position
        let key = try varint(at: offset)
        let number = key >> 3
        guard (1..<1 << 29).contains(number) else {
            throw fault("a field of \(message) at byte \(offset) has the number \(number), which there is not")
        }
        guard let type = WireType(rawValue: UInt8(key & 7)) else {
            throw fault(
                "field \(number) of \(message) at byte \(offset) has the wire type \(key & 7), which ONNX lacks")
        }
        return Field(number: Int(number), type: type, offset: offset)
    }

    /// Steps over a field's value, whatever it is.
    mutating func skip(_ field: Field) throws(NetworkError) {
        switch field.type {
        case .varint: _ = try varint(at: field.offset)
        case .fixed64: _ = try fixed(field, UInt64.self)
        case .fixed32: _ = try fixed(field, UInt32.self)
        case .bytes: _ = try range(field)
        }
    }

    // MARK: Values

    mutating func integer(_ field: Field) throws(NetworkError) -> Int {
        try expect(field, .varint)
        return Int(truncatingIfNeeded: try varint(at: field.offset))
    }

    mutating func float(_ field: Field) throws(NetworkError) -> Float {
        try expect(field, .fixed32)
        return Float(bitPattern: try fixed(field, UInt32.self))
    }

    mutating func double(_ field: Field) throws(NetworkError) -> Double {
        try expect(field, .fixed64)
        return Double(bitPattern: try fixed(field, UInt64.self))
    }

    /// The bytes of a string, a list or a message, which are not read.
    mutating func range(_ field: Field) throws(NetworkError) -> Range<Int> {
        try expect(field, .bytes)
        let length = try varint(at: field.offset)
        guard length <= end - position else {
            let what = "field \(field.number) of \(message) at byte \(field.offset) has \(length) bytes"
            if length > source.file.size - position {
                throw fault("is cut off or damaged: \(what), of which the file holds \(source.file.size - position)")
            }
            throw fault("is damaged: \(what), which is more than its message has")
        }
        let range = position..<position + Int(length)
        position = range.upperBound
        return range
    }

    /// A message in this one.
    mutating func message(_ field: Field, _ name: String) throws(NetworkError) -> WireReader {
        WireReader(source, try range(field), name)
    }

    /// A text that is kept.
    mutating func text(_ field: Field) throws(NetworkError) -> String {
        let range = try range(field)
        let what = "field \(field.number) of \(message) at byte \(field.offset)"
        guard range.count <= Self.longestText else {
            throw fault("\(what) is a name of \(range.count) bytes; the longest that is read has \(Self.longestText)")
        }
        guard let text = try text(in: range) else {
            let shown = String.showing(try source.bytes(range).prefix(40))
            throw fault("\(what) is no UTF-8: \"\(shown)\"")
        }
        return text
    }

    /// Nil where the bytes are no UTF-8, or longer than any name.
    func text(in range: Range<Int>) throws(NetworkError) -> String? {
        guard range.count <= Self.longestText else { return nil }
        try source.charge(48 + range.count)
        return String(validating: try source.bytes(range), as: UTF8.self)
    }

    /// Adds a field of a list of whole numbers, which may come one by one or packed.
    mutating func integers(_ field: Field, to list: inout [Int]) throws(NetworkError) {
        guard field.type == .bytes else {
            try source.charge(16)
            return list.append(try integer(field))
        }
        var inner = WireReader(source, try range(field), message)
        while inner.position < inner.end {
            try source.charge(16)
            list.append(Int(truncatingIfNeeded: try inner.varint(at: field.offset)))
        }
    }

    // MARK: Bytes

    private mutating func varint(at offset: Int) throws(NetworkError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            let byte = try byte(at: offset)
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { break }
            if byte < 0x80 { return value }
        }
        throw fault("is damaged: a number of \(message) at byte \(offset) has more than 64 bits")
    }

    private mutating func fixed<Value: FixedWidthInteger>(_ field: Field, _: Value.Type) throws(NetworkError) -> Value {
        var value: Value = 0
        for index in 0..<MemoryLayout<Value>.size {
            value |= Value(truncatingIfNeeded: try byte(at: field.offset)) << Value(8 * index)
        }
        return value
    }

    /// The next byte of the field whose key is at `offset`.
    private mutating func byte(at offset: Int) throws(NetworkError) -> UInt8 {
        guard position < end else {
            let what = "\(message) ends within its field at byte \(offset)"
            throw fault(end == source.file.size ? "is cut off: \(what)" : "is damaged: \(what)")
        }
        defer { position += 1 }
        return try source.byte(at: position)
    }

    private func expect(_ field: Field, _ type: WireType) throws(NetworkError) {
        guard field.type == type else {
            throw fault(
                "field \(field.number) of \(message) at byte \(field.offset) has the wire type \(field.type.rawValue), not "
                    + "\(type.rawValue)")
        }
    }

    /// A file that is not what ONNX's protobuf can be.
    func fault(_ reason: String) -> NetworkError {
        NetworkError(
            file: source.file.path, reason: reason,
            remedy: "It is damaged or no ONNX file: copy or export it again")
    }
}
