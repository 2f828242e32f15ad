import Foundation

/// Operators on constants alone. Floats are computed in double precision.
extension Lowering {
    // MARK: Functions of one number

    /// The function of an operator without attributes; nil if it is none.
    private static func function(_ type: String) -> (@Sendable (Double) -> Double)? {
        switch type {
        case "Neg": { -$0 }
        case "Abs": { abs($0) }
        case "Sqrt": { $0.squareRoot() }
        case "Exp": { Foundation.exp($0) }
        case "Log": { Foundation.log($0) }
        case "Reciprocal": { 1 / $0 }
        case "Floor": { $0.rounded(.down) }
        case "Ceil": { $0.rounded(.up) }
        case "Round": { $0.rounded(.toNearestOrEven) }
        case "Sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
        case "Sigmoid": { 1 / (1 + Foundation.exp(-$0)) }
        case "Tanh": { Foundation.tanh($0) }
        case "Erf": { Foundation.erf($0) }
        case "Relu": { max($0, 0) }
        case "Softplus": { Foundation.log(1 + Foundation.exp($0)) }
        case "Sin": { Foundation.sin($0) }
        case "Cos": { Foundation.cos($0) }
        default: nil
        }
    }

    /// A function of one number, applied to a constant; nil if the operator is none.
    mutating func foldFunction(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor? {
        let type = call.node.type
        guard let function = Self.function(type) else { return nil }
        let tensor = try call.constant(0, "numbers")
        if tensor.kind == .integer {
            try charge(tensor.count)
            switch type {
            case "Neg", "Abs", "Sign", "Relu":
                let values = try tensor.integers().map { value in
                    switch type {
                    case "Neg": 0 &- value
                    case "Abs": value < 0 ? 0 &- value : value
                    case "Sign": value.signum()
                    default: max(value, 0)
                    }
                }
                return ConstantTensor(values, shape: tensor.shape)
            default: break
            }
        }
        return try folded(of: [tensor], shape: tensor.shape) { () throws(LoweringFault) in
            try tensor.numbers().map(function)
        }
    }

    func foldNot(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let tensor = try call.constant(0, "truth values")
        return ConstantTensor(try tensor.integers().map { 1 - min(abs($0), 1) }, shape: tensor.shape, kind: .boolean)
    }

    mutating func foldClip(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let tensor = try call.constant(0, "numbers")
        let (lower, upper) = try clipBounds(call)
        try charge(tensor.count)
        if tensor.kind == .integer {
            let values = try tensor.integers().map { value in
                Double(value) < lower ? Int(lower) : Double(value) > upper ? Int(upper) : value
            }
            return ConstantTensor(values, shape: tensor.shape)
        }
        return ConstantTensor(try tensor.numbers().map { min(max($0, lower), upper) }, shape: tensor.shape)
    }

    /// An operand's values broadcast to a shape.
    private static func broadcast(
        _ tensor: ConstantTensor, to shape: [Int]
    ) throws(LoweringFault) -> ConstantTensor {
        guard let view = tensor.view.broadcast(to: shape) else { throw LoweringFault("joins shapes that do not fit") }
        var wide = tensor
        wide.view = view
        return wide
    }

    // MARK: Functions of two numbers

    private mutating func commonShape(
        _ first: ConstantTensor, _ second: ConstantTensor
    ) throws(LoweringFault) -> [Int] {
        let shape = try Self.commonShape(first.shape, second.shape)
        guard let count = elementCount(of: shape) else { throw LoweringFault("makes a tensor of the shape \(shape)") }
        try charge(count)
        return shape
    }

    mutating func fold(
        _ operation: Arithmetic, _ first: ConstantTensor, _ second: ConstantTensor
    ) throws(LoweringFault) -> ConstantTensor {
        let shape = try Self.commonShape(first.shape, second.shape)
        let one = try Self.broadcast(first, to: shape)
        let other = try Self.broadcast(second, to: shape)
        if first.kind != .float, second.kind != .float {
            guard let count = elementCount(of: shape) else { throw LoweringFault("makes the shape \(shape)") }
            try charge(count)
            let left = try one.integers()
            let right = try other.integers()
            if operation == .divide, right.contains(0) { throw LoweringFault("divides by zero") }
            if operation == .power {
                let powers = zip(left, right).map { Foundation.pow(Double($0), Double($1)) }
                return ConstantTensor(try Self.integers(powers), shape: shape)
            }
            let values = zip(left, right).map { left, right in
                switch operation {
                case .add: left &+ right
                case .subtract: left &- right
                case .multiply: left &* right
                case .divide: left.dividedReportingOverflow(by: right).partialValue
                case .maximum: max(left, right)
                default: min(left, right)
                }
            }
            return ConstantTensor(values, shape: shape)
        }
        let result = try folded(of: [one, other], shape: shape) { () throws(LoweringFault) in
            zip(try one.allNumbers(), try other.allNumbers()).map { left, right in
                switch operation {
                case .add: left + right
                case .subtract: left - right
                case .multiply: left * right
                case .divide: left / right
                case .maximum: max(left, right)
                case .minimum: min(left, right)
                case .power: Foundation.pow(left, right)
                }
            }
        }
        // The type is the base's, whatever the exponent's.
        return first.kind == .float || operation != .power
            ? result : ConstantTensor(try Self.integers(try result.numbers()), shape: shape)
    }

    mutating func foldModulo(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let first = try call.constant(0, "numbers")
        let second = try call.constant(1, "numbers")
        let isTruncated = try call.integer("fmod", default: 0) != 0
        let shape = try commonShape(first, second)
        let one = try Self.broadcast(first, to: shape)
        let other = try Self.broadcast(second, to: shape)
        if first.kind == .float || second.kind == .float {
            let values = zip(try one.numbers(), try other.numbers()).map {
                $0.truncatingRemainder(dividingBy: $1)
            }
            return ConstantTensor(values, shape: shape)
        }
        let divisors = try other.integers()
        guard !divisors.contains(0) else { throw LoweringFault("divides by zero") }
        let values = zip(try one.integers(), divisors).map { value, divisor in
            let rest = value.remainderReportingOverflow(dividingBy: divisor).partialValue
            return !isTruncated && rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest
        }
        return ConstantTensor(values, shape: shape)
    }

    /// Comparisons and functions of truth values; nil if the operator is none.
    mutating func foldComparison(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor? {
        let compare: (Double, Double) -> Bool
        switch call.node.type {
        case "Equal": compare = { $0 == $1 }
        case "Greater": compare = { $0 > $1 }
        case "Less": compare = { $0 < $1 }
        case "GreaterOrEqual": compare = { $0 >= $1 }
        case "LessOrEqual": compare = { $0 <= $1 }
        case "And": compare = { $0 != 0 && $1 != 0 }
        case "Or": compare = { $0 != 0 || $1 != 0 }
        case "Xor": compare = { ($0 != 0) != ($1 != 0) }
        default: return nil
        }
        let first = try call.constant(0, "numbers")
        let second = try call.constant(1, "numbers")
        let shape = try commonShape(first, second)
        let one = try Self.broadcast(first, to: shape).numbers()
        let other = try Self.broadcast(second, to: shape).numbers()
        return ConstantTensor(zip(one, other).map { compare($0, $1) ? 1 : 0 }, shape: shape, kind: .boolean)
    }

    mutating func foldWhere(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let condition = try call.constant(0, "conditions")
        let first = try call.constant(1, "numbers")
        let second = try call.constant(2, "numbers")
        let shape = try Self.commonShape(
            try Self.commonShape(condition.shape, first.shape), second.shape)
        guard let count = elementCount(of: shape) else { throw LoweringFault("makes a tensor of the shape \(shape)") }
        try charge(count)
        let holds = try Self.broadcast(condition, to: shape).integers()
        let one = try Self.broadcast(first, to: shape)
        let other = try Self.broadcast(second, to: shape)
        if first.kind != .float, second.kind != .float {
            let left = try one.integers()
            let right = try other.integers()
            return ConstantTensor(
                holds.indices.map { holds[$0] != 0 ? left[$0] : right[$0] }, shape: shape, kind: first.kind)
        }
        let left = try one.numbers()
        let right = try other.numbers()
        return ConstantTensor(holds.indices.map { holds[$0] != 0 ? left[$0] : right[$0] }, shape: shape)
    }

    // MARK: Types

    /// Truncated towards zero.
    static func integers(_ numbers: [Double]) throws(LoweringFault) -> [Int] {
        var integers: [Int] = []
        integers.reserveCapacity(numbers.count)
        for number in numbers {
            guard number > -0x1p63, number < 0x1p63 else {
                throw LoweringFault("makes an integer of \(number)")
            }
            integers.append(Int(number))
        }
        return integers
    }

    mutating func cast(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let type: ONNXType
        if call.node.type == "CastLike" {
            guard case .constant(let like) = try call.input(1) else { return input }
            type = like.kind == .float ? .float : like.kind == .integer ? .int64 : .bool
        } else {
            guard let number = try call.integer("to"), let known = ONNXType(rawValue: number) else {
                throw LoweringFault("casts to a type that is not known")
            }
            type = known
        }
        switch (input, type) {
        case (.live, .float), (.live, .double): return input
        case (.live, _):
            throw LoweringFault(
                "casts what depends on the image to \(type.name)", remedy: "Export the network in float32")
        case (.constant(let tensor), .float), (.constant(let tensor), .double), (.constant(let tensor), .float16):
            if tensor.kind == .float { return input }
            try charge(tensor.count)
            return .constant(ConstantTensor(try tensor.numbers(), shape: tensor.shape))
        case (.constant(let tensor), .bool):
            try charge(tensor.count)
            return .constant(
                ConstantTensor(try tensor.numbers().map { $0 != 0 ? 1 : 0 }, shape: tensor.shape, kind: .boolean))
        case (.constant(let tensor), .int32), (.constant(let tensor), .int64), (.constant(let tensor), .uint8),
            (.constant(let tensor), .int8), (.constant(let tensor), .int16), (.constant(let tensor), .uint16),
            (.constant(let tensor), .uint32), (.constant(let tensor), .uint64):
            if tensor.kind == .integer { return input }
            try charge(tensor.count)
            if tensor.kind == .boolean {
                return .constant(ConstantTensor(try tensor.integers(), shape: tensor.shape))
            }
            return .constant(ConstantTensor(try Self.integers(try tensor.numbers()), shape: tensor.shape))
        default: throw LoweringFault("casts constants to \(type.name)")
        }
    }

    // MARK: New tensors

    mutating func constant(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        guard call.node.attributes.count == 1, let (name, attribute) = call.node.attributes.first else {
            throw LoweringFault("does not have exactly one value")
        }
        switch (name, attribute) {
        case ("value", .tensor(let tensor)): return try Self.constant(tensor)
        case ("value_float", .float(let value)): return ConstantTensor([Double(value)], shape: [])
        case ("value_floats", .floats(let values)):
            return ConstantTensor(values.map(Double.init), shape: [values.count])
        case ("value_int", .integer(let value)): return ConstantTensor([value], shape: [])
        case ("value_ints", .integers(let values)): return ConstantTensor(values, shape: [values.count])
        default: throw LoweringFault("has a value of a kind that is not supported (\(name.quoted))")
        }
    }

    mutating func constantOfShape(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let shape = try call.constant(0, "extents").integers()
        guard let count = elementCount(of: shape), count <= Self.largestMap, shape.count <= Self.highestRank else {
            throw LoweringFault("makes a tensor of the shape \(shape)")
        }
        var value = ConstantTensor([Double(0)], shape: [1])
        if let attribute = call.node.attributes["value"] {
            guard case .tensor(let tensor) = attribute, tensor.count == 1 else {
                throw LoweringFault("has a value that is not one number")
            }
            value = try Self.constant(tensor)
        }
        // One number, seen everywhere.
        value.view = StridedView(extents: shape, strides: [Int](repeating: 0, count: shape.count), offset: 0)
        return value
    }

    mutating func range(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        let parts = [
            try call.constant(0, "start"), try call.constant(1, "limit"), try call.constant(2, "step"),
        ]
        let start = try parts[0].scalar()
        let limit = try parts[1].scalar()
        let step = try parts[2].scalar()
        let length = ((limit - start) / step).rounded(.up)
        guard step != 0, length.isFinite, length <= Double(Self.largestMap) else {
            throw LoweringFault("counts from \(start) to \(limit) by \(step)")
        }
        let count = max(Int(length), 0)
        try charge(count)
        let numbers = (0..<count).map { start + Double($0) * step }
        if parts[0].kind == .integer { return ConstantTensor(try Self.integers(numbers), shape: [count]) }
        return ConstantTensor(numbers, shape: [count])
    }

    /// Constants along an axis; the shape is theirs together.
    mutating func join(_ parts: [LoweredValue], axis: Int, shape: [Int]) throws(LoweringFault) -> ConstantTensor {
        guard let count = elementCount(of: shape) else { throw LoweringFault("makes a tensor of the shape \(shape)") }
        try charge(count)
        var tensors: [ConstantTensor] = []
        for part in parts {
            if case .constant(let tensor) = part { tensors.append(tensor) }
        }
        let outer = shape[..<axis].reduce(1, *)
        func interleave<Number>(_ sources: [[Number]]) -> [Number] {
            var joined: [Number] = []
            joined.reserveCapacity(count)
            for block in 0..<outer {
                for source in sources {
                    let length = source.count / outer
                    joined += source[block * length..<(block + 1) * length]
                }
            }
            return joined
        }
        guard outer > 0 else { return ConstantTensor([Double](), shape: shape) }
        if tensors.allSatisfy({ $0.kind != .float }) {
            var sources: [[Int]] = []
            for tensor in tensors { sources.append(try tensor.integers()) }
            return ConstantTensor(interleave(sources), shape: shape, kind: tensors[0].kind)
        }
        var sources: [[Double]] = []
        for tensor in tensors { sources.append(try tensor.numbers()) }
        return ConstantTensor(interleave(sources), shape: shape)
    }
}
