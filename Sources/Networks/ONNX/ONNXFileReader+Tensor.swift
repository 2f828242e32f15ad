import Disk

extension ONNXFileReader {
    /// More dimensions than any operator has.
    static let greatestRank = 32

    /// The fields of a TensorProto, as they are.
    private struct TensorFields {
        var name = ""
        var shape: [Int] = []
        var type = 0
        var raw: Range<Int>?
        var floats = NumberList<Float>()
        var integers32: [Int] = []
        var integers64: [Int] = []
        var unsigned: [Int] = []
        var doubles = NumberList<Double>()
        var stringCount = 0
        var external: [ExternalEntry] = []
        var location = 0
        var isSegment = false

        /// The lists that are not empty, and their lengths.
        var lists: [(list: ValueList, count: Int)] {
            [
                (.float, floats.count), (.int32, integers32.count), (.string, stringCount), (.int64, integers64.count),
                (.double, doubles.count), (.uint64, unsigned.count),
            ].filter { $0.1 > 0 }
        }
    }

    /// A constant of the graph: its place is its own name.
    func initializer(_ reader: WireReader) throws(NetworkError) -> ONNXTensor {
        let fields = try tensorFields(reader)
        return try tensor(fields, "weight \(fields.name.quoted)")
    }

    func tensor(_ reader: WireReader, _ place: String) throws(NetworkError) -> ONNXTensor {
        try tensor(try tensorFields(reader), place)
    }

    private func tensorFields(_ reader: WireReader) throws(NetworkError) -> TensorFields {
        var reader = reader
        var fields = TensorFields()
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.integers(field, to: &fields.shape)
            case 2: fields.type = try reader.integer(field)
            case 3:
                try reader.skip(field)
                fields.isSegment = true
            case 4: try reader.floats(field, to: &fields.floats)
            case 5: try reader.integers(field, to: &fields.integers32)
            case 6:
                try reader.skip(field)
                fields.stringCount += 1
            case 7: try reader.integers(field, to: &fields.integers64)
            case 8: fields.name = try reader.text(field)
            case 9: fields.raw = try reader.range(field)
            case 10: try reader.doubles(field, to: &fields.doubles)
            case 11: try reader.integers(field, to: &fields.unsigned)
            case 13:
                try source.charge(64)
                fields.external.append(try ExternalEntry(try reader.message(field, "StringStringEntryProto")))
            case 14: fields.location = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
        return fields
    }

    // MARK: Checks

    private func tensor(_ fields: TensorFields, _ place: String) throws(NetworkError) -> ONNXTensor {
        func fault(_ reason: String) -> NetworkError {
            self.fault(reason, place: place, remedy: "Export the network again")
        }
        let type = try type(fields.type, place)
        guard type != .undefined else { throw fault("does not say of which type its values are") }
        guard !fields.isSegment else { throw fault("is cut into segments, which nobody reads") }
        let count = try count(fields.shape, place)
        let lists = fields.lists
        let hasRaw = fields.raw?.isEmpty == false
        guard lists.count + (hasRaw ? 1 : 0) + (fields.location == 1 ? 1 : 0) < 2 else {
            throw fault("has its values twice")
        }
        guard fields.location == 0 || fields.location == 1 else {
            throw fault("has its values at the place \(fields.location), which ONNX does not have")
        }
        let contents: ONNXTensor.Contents
        if fields.location == 1 {
            contents = try external.contents(
                fields.external, byteCount: try byteCount(count, type, place), of: self, place)
        } else if let (list, length) = lists.first {
            guard type == .other || list == type.list else {
                throw fault("has its values in \(list.name), where \(type.name) has them in \(type.list.name)")
            }
            // Of smaller types it is not known how many share a number, and nobody reads them.
            guard type == .other || length == (type.isComplex ? 2 * count : count) else {
                throw fault("holds \(length) values; its shape \(fields.shape) needs \(count)")
            }
            contents = try self.contents(of: list, fields)
        } else if let raw = fields.raw, let needed = try byteCount(count, type, place), needed != raw.count {
            let shown = "its shape \(fields.shape) of \(type.name) needs \(needed)"
            throw fault(raw.isEmpty ? "holds no values; \(shown) bytes" : "holds \(raw.count) bytes; \(shown)")
        } else {
            guard fields.raw != nil || count == 0 else {
                throw fault("holds no values; its shape \(fields.shape) needs \(count)")
            }
            contents = .file(source.file, offset: fields.raw?.lowerBound ?? 0)
        }
        return ONNXTensor(name: fields.name, type: type, shape: fields.shape, contents: contents, path: path)
    }

    private func contents(of list: ValueList, _ fields: TensorFields) throws(NetworkError) -> ONNXTensor.Contents {
        switch list {
        case .float:
            if let range = fields.floats.range { return .file(source.file, offset: range.lowerBound) }
            return .floats(try fields.floats.values(source))
        case .double:
            if let range = fields.doubles.range { return .file(source.file, offset: range.lowerBound) }
            return .floats(try fields.doubles.values(source).map { Float($0) })
        case .int32: return .integers(fields.integers32)
        case .int64: return .integers(fields.integers64)
        case .uint64: return .integers(fields.unsigned)
        // Texts are not kept.
        case .string: return .integers([])
        }
    }

    /// The type of a number in the file.
    func type(_ number: Int, _ place: String) throws(NetworkError) -> ONNXType {
        // TensorProto.DataType has 28 today.
        guard (0...63).contains(number) else {
            throw fault(
                "has the type \(number), which ONNX does not have", place: place, remedy: "Export the network again")
        }
        return ONNXType(rawValue: number) ?? .other
    }

    func tooManyDimensions(_ place: String) -> NetworkError {
        fault("has more than \(Self.greatestRank) dimensions", place: place, remedy: "Export the network again")
    }

    /// The number of values of a shape.
    private func count(_ shape: [Int], _ place: String) throws(NetworkError) -> Int {
        guard shape.count <= Self.greatestRank else { throw tooManyDimensions(place) }
        var count = 1
        for size in shape {
            guard size >= 0 else {
                throw fault(
                    "has the shape \(shape), with a negative dimension", place: place,
                    remedy: "Export the network again")
            }
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard !overflows else { throw tooLarge(shape, place) }
            count = product
        }
        // Whatever the type, the number of bytes can be counted.
        guard count <= .max / 16 else { throw tooLarge(shape, place) }
        return count
    }

    private func tooLarge(_ shape: [Int], _ place: String) -> NetworkError {
        fault(
            "has the shape \(shape), whose values cannot be counted", place: place, remedy: "Export the network again")
    }

    /// Nil for types whose size is not known, or not fixed.
    private func byteCount(_ count: Int, _ type: ONNXType, _ place: String) throws(NetworkError) -> Int? {
        guard type != .string else {
            throw fault("holds texts as raw bytes", place: place, remedy: "Export the network again")
        }
        return type.size.map { count * $0 }
    }
}

/// The fields of a TensorProto that hold values one by one.
private enum ValueList {
    case float, int32, string, int64, double, uint64

    var name: String {
        switch self {
        case .float: "float_data"
        case .int32: "int32_data"
        case .string: "string_data"
        case .int64: "int64_data"
        case .double: "double_data"
        case .uint64: "uint64_data"
        }
    }
}

extension ONNXType {
    /// Bytes of a value in `raw_data`; nil for texts and for types that share bytes.
    var size: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .float, .int32, .uint32: 4
        case .int64, .double, .uint64, .complex64: 8
        case .complex128: 16
        case .undefined, .string, .other: nil
        }
    }

    /// Two numbers make a value.
    fileprivate var isComplex: Bool { self == .complex64 || self == .complex128 }

    /// Where a TensorProto has such values one by one.
    fileprivate var list: ValueList {
        switch self {
        case .float, .complex64: .float
        case .double, .complex128: .double
        case .int64: .int64
        case .uint32, .uint64: .uint64
        case .string: .string
        default: .int32
        }
    }
}
