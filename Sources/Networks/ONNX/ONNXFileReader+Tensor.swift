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
        func fault(_ reason: String, _ remedy: String = "Export the network again") -> NetworkError {
            self.fault(reason, place: place, remedy: remedy)
        }
        let type = try type(fields.type, place)
        guard type != .undefined else { throw fault("does not say of which type its values are") }
        guard !fields.isSegment else { throw fault("is cut into segments, which nobody reads") }
        let count = try count(fields.shape, place)
        var tensor = ONNXTensor(
            name: fields.name, type: type, shape: fields.shape, contents: .file(source.file, offset: 0),
            path: path)
        let lists = [
            ("float_data", fields.floats.count), ("int32_data", fields.integers32.count),
            ("string_data", fields.stringCount), ("int64_data", fields.integers64.count),
            ("double_data", fields.doubles.count), ("uint64_data", fields.unsigned.count),
        ].filter { $0.1 > 0 }
        guard lists.count + (fields.raw?.isEmpty ?? true ? 0 : 1) + (fields.location == 1 ? 1 : 0) < 2 else {
            throw fault("has its values twice")
        }
        switch fields.location {
        case 0: break
        case 1:
            tensor.contents = try external.contents(
                fields.external, byteCount: try byteCount(count, type, place), of: self, place)
            return tensor
        case let location: throw fault("has its values at the place \(location), which ONNX does not have")
        }
        if let raw = fields.raw, lists.isEmpty {
            let shown = "its shape \(fields.shape) of \(type.name)"
            // How many bytes the smaller types take is not known here, and nobody reads them.
            if let needed = try byteCount(count, type, place), needed != raw.count {
                let isLeftOut = raw.isEmpty && needed > 0
                throw fault(
                    isLeftOut
                        ? "holds no values; \(shown) needs \(needed) bytes"
                        : "holds \(raw.count) bytes; \(shown) needs \(needed)")
            }
            tensor.contents = .file(source.file, offset: raw.lowerBound)
            return tensor
        }
        guard let (list, length) = lists.first else {
            guard count == 0 else { throw fault("holds no values; its shape \(fields.shape) needs \(count)") }
            return tensor
        }
        if type == .other { return tensor }
        guard list == Self.list(for: type) else {
            throw fault("has its values in \(list), where \(type.name) has them in \(Self.list(for: type))")
        }
        // Complex numbers are two.
        guard length == (type == .complex64 || type == .complex128 ? count.multipliedReportingOverflow(by: 2).0 : count)
        else { throw fault("holds \(length) values; its shape \(fields.shape) needs \(count)") }
        switch list {
        case "float_data":
            tensor.contents =
                if let range = fields.floats.range { .file(source.file, offset: range.lowerBound) } else {
                    .floats(try fields.floats.values(source))
                }
        case "double_data":
            tensor.contents =
                if let range = fields.doubles.range { .file(source.file, offset: range.lowerBound) } else {
                    .floats(try fields.doubles.values(source).map { Float($0) })
                }
        case "int32_data": tensor.contents = .integers(fields.integers32)
        case "int64_data": tensor.contents = .integers(fields.integers64)
        case "uint64_data": tensor.contents = .integers(fields.unsigned)
        default: break
        }
        return tensor
    }

    /// The field of a TensorProto for values of a type.
    private static func list(for type: ONNXType) -> String {
        switch type {
        case .float, .complex64: "float_data"
        case .double, .complex128: "double_data"
        case .int64: "int64_data"
        case .uint32, .uint64: "uint64_data"
        case .string: "string_data"
        default: "int32_data"
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
}
