/// An ONNX file taken apart into its fields, so that tests can damage one and leave the lengths around it right.
public struct ONNXTree {
    public struct Field {
        public var number: Int
        public var value: Value

        public init(_ number: Int, _ value: Value) {
            self.number = number
            self.value = value
        }
    }

    public enum Value {
        case varint(UInt64)
        case fixed64([UInt8])
        case fixed32([UInt8])
        case bytes([UInt8])
        case message([Field])
        /// What follows the key, whatever it is.
        case raw(wireType: Int, [UInt8])
    }

    /// The message types of onnx.proto in which others lie.
    private enum Kind {
        case model, graph, node, attribute, tensor, value, type, tensorType, shape, sparse, plain

        /// The type of the messages in one of its fields; nil where they are none.
        func inner(_ field: Int) -> Kind? {
            switch (self, field) {
            case (.model, 7), (.attribute, 6): .graph
            case (.model, 8), (.model, 14), (.model, 25), (.node, 9), (.tensor, 13), (.shape, 1): .plain
            case (.graph, 1): .node
            case (.graph, 5), (.attribute, 5), (.sparse, 1): .tensor
            case (.graph, 11), (.graph, 12), (.graph, 13): .value
            case (.graph, 15): .sparse
            case (.node, 5): .attribute
            case (.value, 2): .type
            case (.type, 1): .tensorType
            case (.tensorType, 2): .shape
            default: nil
            }
        }
    }

    public var fields: [Field]

    /// - Precondition: the bytes are those of a whole file without groups.
    public init(_ bytes: [UInt8]) {
        fields = Self.fields(bytes[...], .model)
    }

    private static func fields(_ bytes: ArraySlice<UInt8>, _ kind: Kind) -> [Field] {
        var rest = bytes
        func varint() -> UInt64 {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        func take(_ count: Int) -> ArraySlice<UInt8> {
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        var fields: [Field] = []
        while !rest.isEmpty {
            let key = varint()
            let number = Int(key >> 3)
            switch key & 7 {
            case 0: fields.append(Field(number, .varint(varint())))
            case 1: fields.append(Field(number, .fixed64(Array(take(8)))))
            case 5: fields.append(Field(number, .fixed32(Array(take(4)))))
            case 2:
                let inner = take(Int(varint()))
                if let type = kind.inner(number) {
                    fields.append(Field(number, .message(Self.fields(inner, type))))
                } else {
                    fields.append(Field(number, .bytes(Array(inner))))
                }
            default: preconditionFailure("a whole file has no groups")
            }
        }
        return fields
    }

    public var bytes: [UInt8] { Self.bytes(of: fields) }

    public static func bytes(of fields: [Field]) -> [UInt8] {
        var writer = ProtobufWriter()
        for field in fields {
            switch field.value {
            case .varint(let value): writer.integer(field.number, Int(truncatingIfNeeded: value))
            case .fixed64(let bytes):
                writer.key(field.number, 1)
                writer.append(bytes)
            case .fixed32(let bytes):
                writer.key(field.number, 5)
                writer.append(bytes)
            case .bytes(let bytes): writer.data(field.number, bytes)
            case .message(let inner): writer.data(field.number, bytes(of: inner))
            case .raw(let wireType, let bytes):
                writer.key(field.number, wireType)
                writer.append(bytes)
            }
        }
        return writer.bytes
    }
}
