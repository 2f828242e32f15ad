import Foundation

/// Constants that meet a map, by how much they vary.
private enum ConstantSpread {
    case uniform(Double)
    /// One a channel of the map.
    case channels([Double])
    /// One a value of the map.
    case map([Double])

    func mapped(_ function: (Double) -> Double) -> ConstantSpread {
        switch self {
        case .uniform(let value): .uniform(function(value))
        case .channels(let values): .channels(values.map(function))
        case .map(let values): .map(values.map(function))
        }
    }

    func allSatisfy(_ condition: (Double) -> Bool) -> Bool {
        switch self {
        case .uniform(let value): condition(value)
        case .channels(let values), .map(let values): values.allSatisfy(condition)
        }
    }
}

/// Functions of two numbers, by the names of their operators.
enum Arithmetic {
    case add, subtract, multiply, divide, maximum, minimum, power

    var function: BinaryFunction? {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .maximum: .maximum
        case .minimum: .minimum
        case .power: nil
        }
    }
}

extension Lowering {
    // MARK: One operand

    /// The value that a function of single numbers can be applied to: the map behind the view, unless that holds more.
    private mutating func operand(_ tensor: LiveTensor) throws(LoweringFault) -> LiveTensor {
        graph.shape(of: tensor.value).count <= tensor.view.count ? tensor : try whole(tensor)
    }

    mutating func activation(_ function: Activation, _ tensor: LiveTensor) throws(LoweringFault) -> LiveTensor {
        let operand = try operand(tensor)
        return LiveTensor(value: add(.activation(function), to: operand.value), view: operand.view)
    }

    /// tensor * scale + shift
    mutating func affine(
        _ tensor: LiveTensor, scale: Double = 1, shift: Double = 0
    ) throws(LoweringFault) -> LiveTensor {
        if scale == 1, shift == 0 { return tensor }
        let operand = try operand(tensor)
        let channels = graph.shape(of: operand.value).channels
        try charge(channels)
        let operation = Operation.affine(
            scale: try Self.floats([Double](repeating: scale, count: channels)),
            shift: try Self.floats([Double](repeating: shift, count: channels)))
        return LiveTensor(value: add(operation, to: operand.value), view: operand.view)
    }

    /// Rounded to what weights are.
    static func floats(_ numbers: [Double]) throws(LoweringFault) -> [Float] {
        let floats = numbers.map { Float($0) }
        guard floats.allSatisfy({ $0.isFinite }) else {
            throw LoweringFault("computes with constants that are no finite numbers")
        }
        return floats
    }

    // MARK: Two operands

    mutating func arithmetic(
        _ operation: Arithmetic, _ first: LoweredValue, _ second: LoweredValue
    ) throws(LoweringFault) -> LoweredValue {
        switch (first, second) {
        case (.constant(let first), .constant(let second)): .constant(try fold(operation, first, second))
        case (.live(let first), .live(let second)): .live(try combine(operation, first, second))
        case (.live(let first), .constant(let second)): .live(try combine(operation, first, second))
        case (.constant(let first), .live(let second)): .live(try combine(operation, first, second))
        }
    }

    static func commonShape(_ first: [Int], _ second: [Int]) throws(LoweringFault) -> [Int] {
        guard let shape = broadcastShape(first, second) else {
            throw LoweringFault("joins the shapes \(first) and \(second), which do not fit")
        }
        return shape
    }

    /// - Precondition: it can be broadcast to the shape.
    static func broadcast(_ tensor: LiveTensor, to shape: [Int]) -> LiveTensor {
        guard let view = tensor.view.broadcast(to: shape) else { preconditionFailure("the shape is a common one") }
        return LiveTensor(value: tensor.value, view: view)
    }

    private mutating func combine(
        _ operation: Arithmetic, _ first: LiveTensor, _ second: LiveTensor
    ) throws(LoweringFault) -> LiveTensor {
        guard let function = operation.function else {
            throw LoweringFault("has an exponent that depends on the image")
        }
        let shape = try Self.commonShape(first.shape, second.shape)
        try Self.checkMap(shape)
        let one = Self.broadcast(first, to: shape)
        let other = Self.broadcast(second, to: shape)
        let layout = layout(for: shape, of: [one, other])
        let inputs = [try placeNarrow(one, in: layout), try placeNarrow(other, in: layout)]
        return LiveTensor(value: add(.binary(function), inputs, shape: layout.shape), view: layout.view)
    }

    private mutating func combine(
        _ operation: Arithmetic, _ tensor: LiveTensor, _ constant: ConstantTensor
    ) throws(LoweringFault) -> LiveTensor {
        let shape = try Self.commonShape(tensor.shape, constant.shape)
        try Self.checkMap(shape)
        let operand = Self.broadcast(tensor, to: shape)
        if let number = try constant.repeatedNumber() { return try combine(operation, operand, number) }
        let numbers = try constant.numbers()
        if let number = numbers.first, numbers.allSatisfy({ $0 == number }) {
            return try combine(operation, operand, number)
        }
        let layout = layout(for: shape, of: [operand])
        let spread = try spread(numbers, of: constant.shape, over: layout)
        let value = try place(operand, in: layout)
        let result: Int
        switch operation {
        case .add: result = try shift(value, by: spread)
        case .subtract: result = try shift(value, by: spread.mapped { -$0 })
        case .multiply: result = try scale(value, by: spread)
        case .divide:
            guard spread.allSatisfy({ $0 != 0 }) else { throw LoweringFault("divides by zero") }
            result = try scale(value, by: spread.mapped { 1 / $0 })
        case .maximum, .minimum:
            // max(x, c) = max(x - c, 0) + c
            let difference = try shift(value, by: spread.mapped { -$0 })
            let clip =
                operation == .maximum
                ? Activation.clip(lower: 0, upper: .infinity) : .clip(lower: -.infinity, upper: 0)
            result = try shift(add(.activation(clip), to: difference), by: spread)
        case .power: throw LoweringFault("has exponents that differ")
        }
        return LiveTensor(value: result, view: layout.view)
    }

    private mutating func combine(
        _ operation: Arithmetic, _ tensor: LiveTensor, _ number: Double
    ) throws(LoweringFault) -> LiveTensor {
        switch operation {
        case .add: return try affine(tensor, shift: number)
        case .subtract: return try affine(tensor, shift: -number)
        case .multiply: return try affine(tensor, scale: number)
        case .divide:
            guard number != 0 else { throw LoweringFault("divides by zero") }
            return try affine(tensor, scale: 1 / number)
        case .maximum: return try activation(.clip(lower: Float(number), upper: .infinity), tensor)
        case .minimum: return try activation(.clip(lower: -.infinity, upper: Float(number)), tensor)
        case .power:
            if number == 1 { return tensor }
            if number == 2 { return try square(tensor) }
            if number == 0.5 { return try activation(.sqrt, tensor) }
            if number == -1 { return try activation(.reciprocal, tensor) }
            return try activation(.power(try Self.floats([number])[0]), tensor)
        }
    }

    mutating func square(_ tensor: LiveTensor) throws(LoweringFault) -> LiveTensor {
        let operand = try operand(tensor)
        let value = add(
            .binary(.multiply), [operand.value, operand.value], shape: graph.shape(of: operand.value))
        return LiveTensor(value: value, view: operand.view)
    }

    private mutating func combine(
        _ operation: Arithmetic, _ constant: ConstantTensor, _ tensor: LiveTensor
    ) throws(LoweringFault) -> LiveTensor {
        switch operation {
        case .add, .multiply, .maximum, .minimum: return try combine(operation, tensor, constant)
        case .subtract: return try combine(.add, try affine(tensor, scale: -1), constant)
        case .divide: return try combine(.multiply, try activation(.reciprocal, tensor), constant)
        case .power:
            // c^x = exp(x * log c)
            let numbers = try constant.numbers()
            guard numbers.allSatisfy({ $0 > 0 }) else { throw LoweringFault("has a base that is not positive") }
            let logarithms = ConstantTensor(numbers.map { Foundation.log($0) }, shape: constant.shape)
            return try activation(.exp, try combine(.multiply, tensor, logarithms))
        }
    }

    // MARK: Constants along a map

    /// What of the numbers meets each value of the layout's map.
    private mutating func spread(
        _ numbers: [Double], of shape: [Int], over layout: MapLayout
    ) throws(LoweringFault) -> ConstantSpread {
        guard let view = StridedView(shape).broadcast(to: layout.view.extents)?.transposed(layout.order) else {
            throw LoweringFault("has constants of a shape that does not fit")
        }
        let map = layout.shape
        if let rows = view.reshaped(to: [map.channels, map.height, map.width]), rows.strides[1] == 0,
            rows.strides[2] == 0
        {
            try charge(map.channels)
            return .channels((0..<map.channels).map { numbers[$0 * rows.strides[0]] })
        }
        try charge(map.count)
        var values: [Double] = []
        values.reserveCapacity(map.count)
        view.forEachOffset { values.append(numbers[$0]) }
        return .map(values)
    }

    private mutating func shift(_ value: Int, by spread: ConstantSpread) throws(LoweringFault) -> Int {
        switch spread {
        case .uniform(let number): try affine(value, scale: nil, shift: repeated(number, value))
        case .channels(let numbers): try affine(value, scale: nil, shift: numbers)
        case .map(let numbers): add(.addConstant(Constant(try Self.floats(numbers))), to: value)
        }
    }

    private mutating func scale(_ value: Int, by spread: ConstantSpread) throws(LoweringFault) -> Int {
        switch spread {
        case .uniform(let number): try affine(value, scale: repeated(number, value), shift: nil)
        case .channels(let numbers): try affine(value, scale: numbers, shift: nil)
        case .map(let numbers): add(.multiplyConstant(Constant(try Self.floats(numbers))), to: value)
        }
    }

    private func repeated(_ number: Double, _ value: Int) -> [Double] {
        [Double](repeating: number, count: graph.shape(of: value).channels)
    }

    /// A value of the graph, one scale and shift a channel.
    mutating func affine(_ value: Int, scale: [Double]?, shift: [Double]?) throws(LoweringFault) -> Int {
        let channels = graph.shape(of: value).channels
        try charge(channels)
        return add(
            .affine(
                scale: try scale.map(Self.floats) ?? [Float](repeating: 1, count: channels),
                shift: try shift.map(Self.floats) ?? [Float](repeating: 0, count: channels)),
            to: value)
    }

    /// tensor * scale + shift in one node; the constants, of this shape, are broadcast to the tensor.
    mutating func affine(
        _ tensor: LiveTensor, scale: [Double], shift: [Double], extents: [Int]
    ) throws(LoweringFault) -> LiveTensor {
        let layout = layout(for: tensor.shape, of: [tensor])
        let value = try place(tensor, in: layout)
        let factors = try spread(scale, of: extents, over: layout)
        let summands = try spread(shift, of: extents, over: layout)
        let result: Int
        if case .channels(let factors) = factors, case .channels(let summands) = summands {
            result = try affine(value, scale: factors, shift: summands)
        } else {
            result = try self.shift(try self.scale(value, by: factors), by: summands)
        }
        return LiveTensor(value: result, view: layout.view)
    }

    /// One slope for negative values for each value of the tensor, which `slopes` are broadcast to.
    mutating func parametricRectifier(
        _ tensor: LiveTensor, slopes: ConstantTensor
    ) throws(LoweringFault) -> LiveTensor {
        guard let common = broadcastShape(tensor.shape, slopes.shape), common == tensor.shape else {
            throw LoweringFault("has slopes of the shape \(slopes.shape) for a tensor of the shape \(tensor.shape)")
        }
        let layout = layout(for: tensor.shape, of: [tensor])
        let value = try place(tensor, in: layout)
        let result: Int
        switch try spread(try slopes.numbers(), of: slopes.shape, over: layout) {
        case .uniform(let slope): result = add(.activation(.leaky(slope: Float(slope))), to: value)
        case .channels(let slopes):
            result = add(.parametricRectifier(slopes: try Self.floats(slopes)), to: value)
        case .map(let slopes):
            let positive = add(.activation(.clip(lower: 0, upper: .infinity)), to: value)
            let negative = add(.activation(.clip(lower: -.infinity, upper: 0)), to: value)
            let sloped = add(.multiplyConstant(Constant(try Self.floats(slopes))), to: negative)
            result = add(.binary(.add), [positive, sloped], shape: layout.shape)
        }
        return LiveTensor(value: result, view: layout.view)
    }

    /// A live tensor whose values are constants: for what joins constants with what the image says.
    mutating func live(_ constant: ConstantTensor) throws(LoweringFault) -> LiveTensor {
        let shape = constant.shape
        try Self.checkMap(shape)
        let mean = add(
            .reduction(Reduction(kind: .mean, axis: .channels)), [0],
            shape: MapShape(channels: 1, height: graph.image.height, width: graph.image.width))
        let number = add(
            .reduction(Reduction(kind: .mean, axis: .pixels)), [mean], shape: MapShape(channels: 1, height: 1, width: 1)
        )
        let zero = add(.affine(scale: [0], shift: [0]), to: number)
        let map = MapShape(canonicalOf: shape)
        let zeros = try self.map(
            Self.broadcast(LiveTensor(value: zero, view: StridedView([1])), to: [map.count]), as: map)
        try charge(map.count)
        return rowMajor(add(.addConstant(Constant(try Self.floats(try constant.numbers()))), to: zeros), shape)
    }
}
