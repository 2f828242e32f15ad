/// Matrix products.
extension Lowering {
    mutating func matrixProduct(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        try product(try call.input(0), try call.input(1))
    }

    /// alpha * A * B + beta * C
    mutating func generalProduct(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        func matrix(_ index: Int, _ transposing: String) throws(LoweringFault) -> LoweredValue {
            let input = try call.input(index)
            guard input.shape.count == 2 else {
                throw LoweringFault("multiplies a tensor of the shape \(input.shape), which is no matrix")
            }
            let isTransposed = try call.integer(transposing, default: 0) != 0
            return isTransposed ? input.seen(as: input.view.transposed([1, 0])) : input
        }
        let first = try matrix(0, "transA")
        let second = try matrix(1, "transB")
        let alpha = Double(try call.float("alpha", default: 1))
        let beta = Double(try call.float("beta", default: 1))
        var bias = call.optional(2)
        if case .constant(let tensor) = bias, beta != 1 {
            try charge(tensor.count)
            bias = .constant(ConstantTensor(try tensor.numbers().map { $0 * beta }, shape: tensor.shape))
        } else if case .live(let tensor) = bias {
            bias = .live(try affine(tensor, scale: beta))
        }
        // One number an output: the bias of a convolution.
        if case .constant(let weights) = second, case .live(let tensor) = first,
            let biases = try columnNumbers(bias, weights.shape[1])
        {
            return .live(try product(tensor, weights, alongAxis: 1, scale: alpha, bias: biases))
        }
        var result = try product(first, second)
        if alpha != 1 { result = try arithmetic(.multiply, result, .constant(ConstantTensor([alpha], shape: []))) }
        guard let bias else { return result }
        guard broadcastShape(result.shape, bias.shape) == result.shape else {
            throw LoweringFault("adds the shape \(bias.shape) to \(result.shape)")
        }
        return try arithmetic(.add, result, bias)
    }

    /// The bias of each column, if no row has its own; nil otherwise.
    private mutating func columnNumbers(_ bias: LoweredValue?, _ columns: Int) throws(LoweringFault) -> [Double]? {
        guard let bias else { return [Double](repeating: 0, count: columns) }
        guard case .constant(let tensor) = bias, tensor.shape.count <= 2,
            tensor.shape.dropLast().allSatisfy({ $0 == 1 }),
            tensor.count == columns || tensor.count == 1
        else { return nil }
        try charge(columns)
        let numbers = try tensor.numbers()
        return numbers.count == columns ? numbers : [Double](repeating: numbers[0], count: columns)
    }

    private mutating func product(
        _ first: LoweredValue, _ second: LoweredValue
    ) throws(LoweringFault) -> LoweredValue {
        func mismatch() -> LoweringFault {
            LoweringFault(
                "multiplies the shapes \(first.shape) and \(second.shape), which do not fit",
                remedy: "The network may allow one image size alone from here on; layers before it work at any size")
        }
        guard let depth = first.shape.last, !second.shape.isEmpty else { throw mismatch() }
        let isVector = second.shape.count == 1
        guard depth == (isVector ? second.shape[0] : second.shape[second.shape.count - 2]) else { throw mismatch() }
        switch (first, second) {
        case (.constant(let one), .constant(let other)): return .constant(try foldProduct(one, other))
        case (.live(let tensor), .constant(let weights)):
            guard !isVector, weights.shape.dropLast(2).allSatisfy({ $0 == 1 }) else {
                return .live(try product(tensor, try live(weights)))
            }
            var matrix = weights
            while matrix.shape.count > 2 { matrix.view = matrix.view.removing(axis: 0) }
            return .live(try product(tensor, matrix, alongAxis: tensor.shape.count - 1))
        case (.constant(let weights), .live(let tensor)):
            guard tensor.shape.count >= 2, weights.shape.count == 2 else {
                return .live(try product(try live(weights), tensor))
            }
            var matrix = weights
            matrix.view = matrix.view.transposed([1, 0])
            return .live(try product(tensor, matrix, alongAxis: tensor.shape.count - 2))
        case (.live(let one), .live(let other)): return .live(try product(one, other))
        }
    }

    /// Each row of numbers along `axis` times a matrix of constants `[depth, columns]`: a convolution of 1 x 1.
    private mutating func product(
        _ tensor: LiveTensor, _ weights: ConstantTensor, alongAxis axis: Int, scale: Double = 1, bias: [Double]? = nil
    ) throws(LoweringFault) -> LiveTensor {
        let depth = weights.shape[0]
        let columns = weights.shape[1]
        guard tensor.shape[axis] == depth, columns > 0 else {
            throw LoweringFault(
                "multiplies the shape \(tensor.shape) by a matrix \(weights.shape), which does not fit",
                remedy: "The network may allow one image size alone from here on; layers before it work at any size")
        }
        guard weights.kind == .float else { throw LoweringFault("has weights that are no floats") }
        let (input, map, view) = try channelMap(tensor, axis: axis)
        var matrix = weights
        matrix.view = weights.view.transposed([1, 0])
        let (constant, steps) = try kernels(matrix)
        try charge(columns)
        var convolution = Convolution(
            outputChannels: columns, inputChannels: depth, kernelHeight: 1, kernelWidth: 1, weights: constant,
            bias: bias)
        (convolution.outputStep, convolution.inputStep) = (steps[0], steps[1])
        (convolution.rowStep, convolution.columnStep) = (0, 0)
        if scale != 1 { convolution.scale = [Double](repeating: scale, count: columns) }
        let shape = MapShape(channels: columns, height: map.height, width: map.width)
        try Self.checkMap([columns, map.height, map.width])
        var result = view
        result.extents[axis] = columns
        result.strides[axis] = columns == 1 ? 0 : map.pixels
        return LiveTensor(value: add(.convolution(convolution), [input], shape: shape), view: result)
    }

    /// The tensor as a map whose channels are the elements of one axis, and a view of it as the tensor.
    func channelOrder(_ tensor: LiveTensor, axis: Int) -> [Int] {
        [axis] + tensor.shape.indices.filter { $0 != axis }
    }

    private mutating func channelMap(
        _ tensor: LiveTensor, axis: Int
    ) throws(LoweringFault) -> (value: Int, shape: MapShape, view: StridedView) {
        let source = graph.shape(of: tensor.value)
        // As it is, if its channels are that axis.
        if tensor.view.isPermutation(of: source.count), tensor.shape[axis] == source.channels,
            source.channels == 1 || tensor.view.strides[axis] == source.pixels
        {
            return (tensor.value, source, tensor.view)
        }
        let order = channelOrder(tensor, axis: axis)
        let moved = tensor.view.transposed(order)
        let rest = Array(moved.extents.dropFirst())
        let shape = MapShape(
            channels: moved.extents[0], height: rest.dropLast().reduce(1, *), width: rest.last ?? 1)
        var inverse = order
        for (place, old) in order.enumerated() { inverse[old] = place }
        let value = try map(LiveTensor(value: tensor.value, view: moved), as: shape)
        return (value, shape, StridedView(moved.extents).transposed(inverse))
    }

    /// Both depend on the image: one product for each of the leading axes, which are broadcast.
    private mutating func product(_ first: LiveTensor, _ second: LiveTensor) throws(LoweringFault) -> LiveTensor {
        var one = first.view
        var other = second.view
        let isRow = one.rank == 1
        let isColumn = other.rank == 1
        if isRow { one = one.inserting(axisAt: 0) }
        if isColumn { other = other.inserting(axisAt: 1) }
        let rows = one.extents[one.rank - 2]
        let depth = one.extents[one.rank - 1]
        let columns = other.extents[other.rank - 1]
        let batch = try Self.commonShape(Array(one.extents.dropLast(2)), Array(other.extents.dropLast(2)))
        guard let wideOne = one.broadcast(to: batch + [rows, depth]),
            let wideOther = other.broadcast(to: batch + [depth, columns])
        else { throw LoweringFault("multiplies shapes that do not fit") }
        for shape in [wideOne.extents, wideOther.extents, batch + [rows, columns]] { try Self.checkMap(shape) }
        let count = batch.reduce(1, *)
        let left = try map(
            LiveTensor(value: first.value, view: wideOne), as: MapShape(channels: count, height: rows, width: depth))
        let right = try map(
            LiveTensor(value: second.value, view: wideOther),
            as: MapShape(channels: count, height: depth, width: columns))
        let value = add(
            .matrixProduct, [left, right], shape: MapShape(channels: count, height: rows, width: columns))
        var view = StridedView(batch + [rows, columns])
        if isColumn { view = view.removing(axis: view.rank - 1) }
        if isRow { view = view.removing(axis: view.rank - (isColumn ? 1 : 2)) }
        return LiveTensor(value: value, view: view)
    }
}
