import Disk

extension ONNXTensor {
    /// How messages call it: `weight "layer1.0.conv1.weight"`.
    var place: String { "weight \(name.quoted)" }

    /// Its values in row-major order, `count` of them. Smaller types are widened, which is exact; doubles are rounded.
    ///
    /// - Parameter isFinite: infinities and NaN are refused. (The bound of a Clip, or what a Pad writes, may be infinite.)
    /// - Throws: `NetworkError` for whole numbers and other types, if a value is not finite, or if the file cannot be
    ///   read any more.
    public func floats(isFinite: Bool = true) throws(NetworkError) -> [Float] {
        try checkFloatingPoint()
        let floats: [Float]
        switch (type, contents) {
        case (_, .floats(let values)): floats = values
        case (.float, .file(let file, let offset)): floats = try read(file, offset)
        case (.double, .file(let file, let offset)):
            let doubles: [Double] = try read(file, offset)
            floats = doubles.map { Float($0) }
        case (.float16, _): floats = try bits16().map { Float(Float16(bitPattern: $0)) }
        case (.bfloat16, _): floats = try bits16().map { Float(bitPattern: UInt32($0) << 16) }
        default: throw fault("has its \(type.name) values as whole numbers")
        }
        guard !isFinite || floats.allSatisfy({ $0.isFinite }) else {
            throw fault(
                "holds a NaN or an infinite number, or one beyond float",
                remedy: "Export a network whose weights are finite"
            )
        }
        return floats
    }

    /// Shapes, indices and the like have fewer values; in memory they take more room than in the file.
    private static var greatestIntegerCount: Int { 1 << 20 }

    /// Its values in row-major order, `count` of them; of booleans 0 and 1.
    ///
    /// - Throws: `NetworkError` for floating-point numbers and other types, for more than 2^20 values, if a value is
    ///   none of its type or beyond `Int`, or if the file cannot be read any more.
    public func integers() throws(NetworkError) -> [Int] {
        guard count <= Self.greatestIntegerCount else {
            throw fault("holds \(count) whole numbers; at most \(Self.greatestIntegerCount) are read")
        }
        return switch type {
        case .int8: try wholeNumbers(Int8.self)
        case .uint8: try wholeNumbers(UInt8.self)
        case .int16: try wholeNumbers(Int16.self)
        case .uint16: try wholeNumbers(UInt16.self)
        case .int32: try wholeNumbers(Int32.self)
        case .uint32: try wholeNumbers(UInt32.self)
        case .int64: try wholeNumbers(Int64.self)
        case .uint64: try wholeNumbers(UInt64.self)
        case .bool: try wholeNumbers(UInt8.self).map { $0 == 0 ? 0 : 1 }
        default:
            throw fault("is of the type \(type.name), where whole numbers are expected")
        }
    }

    /// The same values as floats that are read when they are needed.
    /// - Throws: `NetworkError` for whole numbers and other types.
    public func constant() throws(NetworkError) -> Constant {
        try checkFloatingPoint()
        return Constant(self)
    }

    private func checkFloatingPoint() throws(NetworkError) {
        switch type {
        case .float, .float16, .bfloat16, .double: return
        default:
            throw fault(
                "is of the type \(type.name), where floating-point numbers are expected",
                remedy: "Export the network with float weights, not quantized")
        }
    }

    // MARK: Reading

    /// The bits of the two types of 16 bits.
    private func bits16() throws(NetworkError) -> [UInt16] {
        switch contents {
        case .file(let file, let offset): try read(file, offset)
        case .integers(let values): try values.map { value throws(NetworkError) in try converted(value) }
        case .floats: []
        }
    }

    private func wholeNumbers<Value: FixedWidthInteger & BitwiseCopyable>(
        _: Value.Type
    ) throws(NetworkError) -> [Int] {
        switch contents {
        case .file(let file, let offset):
            let values: [Value] = try read(file, offset)
            return try values.map { value throws(NetworkError) in
                guard let whole = Int(exactly: value) else { throw beyond("\(value)") }
                return whole
            }
        case .integers(let values):
            // Of uint64 the file's reader has kept the bits.
            for value in values { let _: Value = try converted(value) }
            return values
        case .floats: throw fault("has its \(type.name) values as floating-point numbers")
        }
    }

    private func converted<Value: FixedWidthInteger>(_ value: Int) throws(NetworkError) -> Value {
        guard let converted = Value(exactly: value) else { throw beyond("\(value)") }
        return converted
    }

    private func read<Value: BitwiseCopyable>(_ file: OpenFile, _ offset: Int) throws(NetworkError) -> [Value] {
        do throws(DiskError) {
            return try file.values(count, at: offset)
        } catch {
            throw NetworkError(error, place: place)
        }
    }

    private func beyond(_ value: String) -> NetworkError {
        fault("holds \(value), which is beyond \(type == .uint64 ? "int64" : type.name)")
    }

    private func fault(_ reason: String, remedy: String = "Export the network again") -> NetworkError {
        NetworkError(file: path, place: place, reason: reason, remedy: remedy)
    }
}
