/// Protobuf's wire format, written by hand: fields in the order of the calls, nothing checked.
public struct ProtobufWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Ten bytes for negative numbers.
    public static func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value))
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A key: the field's number and one of the wire types 0...7.
    public mutating func key(_ field: Int, _ wireType: Int) { bytes += Self.varint(field << 3 | wireType) }

    /// Bytes as they are.
    public mutating func append(_ more: [UInt8]) { bytes += more }

    public mutating func integer(_ field: Int, _ value: Int) {
        key(field, 0)
        bytes += Self.varint(value)
    }

    public mutating func float(_ field: Int, _ value: Float) {
        key(field, 5)
        bytes += Self.littleEndian([value])
    }

    public mutating func double(_ field: Int, _ value: Double) {
        key(field, 1)
        bytes += Self.littleEndian([value])
    }

    public mutating func data(_ field: Int, _ value: [UInt8]) {
        key(field, 2)
        bytes += Self.varint(value.count) + value
    }

    public mutating func string(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

    public mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        data(field, inner.bytes)
    }

    /// Numbers of variable length, packed or one by one.
    public mutating func integers(_ field: Int, _ values: [Int], isPacked: Bool) {
        if isPacked {
            if !values.isEmpty { data(field, values.flatMap(Self.varint)) }
        } else {
            for value in values { integer(field, value) }
        }
    }

    public mutating func floats(_ field: Int, _ values: [Float], isPacked: Bool) {
        if isPacked {
            if !values.isEmpty { data(field, Self.littleEndian(values)) }
        } else {
            for value in values { float(field, value) }
        }
    }

    public mutating func doubles(_ field: Int, _ values: [Double], isPacked: Bool) {
        if isPacked {
            if !values.isEmpty { data(field, Self.littleEndian(values)) }
        } else {
            for value in values { double(field, value) }
        }
    }

    /// The bytes of values as they lie in memory.
    public static func littleEndian<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }
}
