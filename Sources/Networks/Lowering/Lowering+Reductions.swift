/// Sums, means, maxima along axes, and what is normalized along them.
extension Lowering {
    /// A tensor as a map that has some of its axes, and no others, as its channels or as its pixels.
    struct AxisMap {
        var value: Int
        var axis: Reduction.Axis
        /// Of the tensor's elements in the map.
        var view: StridedView
    }

    /// - Parameter prefersChannels: where the elements have to be moved, the axes become the channels.
    mutating func axisMap(
        _ tensor: LiveTensor, axes: [Int], prefersChannels: Bool = false
    ) throws(LoweringFault) -> AxisMap {
        let source = graph.shape(of: tensor.value)
        let long = tensor.shape.indices.filter { tensor.shape[$0] != 1 }
        if tensor.view.isPermutation(of: source.count) {
            // As it is, if the axes are all axes of channels, or all axes of pixels.
            let inside = long.filter { axes.contains($0) }
            let outside = long.filter { !axes.contains($0) }
            func isPixel(_ axis: Int) -> Bool {
                tensor.view.strides[axis] * tensor.shape[axis] <= source.pixels
            }
            func isChannel(_ axis: Int) -> Bool { tensor.view.strides[axis] >= source.pixels }
            if inside.allSatisfy(isChannel), outside.allSatisfy(isPixel) {
                return AxisMap(value: tensor.value, axis: .channels, view: tensor.view)
            }
            if !prefersChannels, inside.allSatisfy(isPixel), outside.allSatisfy(isChannel) {
                return AxisMap(value: tensor.value, axis: .pixels, view: tensor.view)
            }
        }
        let kept = tensor.shape.indices.filter { !axes.contains($0) }
        let inner = axes.sorted()
        let order = prefersChannels ? inner + kept : kept + inner
        let moved = tensor.view.transposed(order)
        let first = (prefersChannels ? inner : kept).reduce(1) { $0 * tensor.shape[$1] }
        let shape = MapShape(channels: first, height: 1, width: tensor.view.count / first)
        var inverse = order
        for (place, old) in order.enumerated() { inverse[old] = place }
        let value = try map(LiveTensor(value: tensor.value, view: moved), as: shape)
        return AxisMap(
            value: value, axis: prefersChannels ? .channels : .pixels,
            view: StridedView(moved.extents).transposed(inverse))
    }

    /// The axes of a reduction; empty: it does nothing.
    private func reducedAxes(_ call: NodeCall, rank: Int) throws(LoweringFault) -> [Int] {
        let version = call.node.type == "ReduceSum" ? 13 : 18
        let named = try call.integers("axes", orInput: 1, from: version) ?? []
        if named.isEmpty {
            let doesNothing = try call.integer("noop_with_empty_axes", default: 0) != 0
            return doesNothing ? [] : Array(0..<rank)
        }
        return try call.axes(named, rank: rank)
    }

    mutating func reduction(
        _ call: NodeCall, _ function: ReductionFunction
    ) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let axes = try reducedAxes(call, rank: input.shape.count)
        let keepsAxes = try call.integer("keepdims", default: 1) != 0
        switch input {
        case .constant(let tensor):
            if axes.isEmpty { return input }
            return .constant(try foldReduction(tensor, function, axes: axes, keepsAxes: keepsAxes))
        case .live(let tensor):
            return .live(try reduction(tensor, function, axes: axes, keepsAxes: keepsAxes))
        }
    }

    mutating func reduction(
        _ tensor: LiveTensor, _ function: ReductionFunction, axes: [Int], keepsAxes: Bool
    ) throws(LoweringFault) -> LiveTensor {
        switch function {
        case .mean: return try reduce(tensor, .mean, axes: axes, keepsAxes: keepsAxes)
        case .sum: return try reduce(tensor, .sum, axes: axes, keepsAxes: keepsAxes)
        case .maximum: return try reduce(tensor, .maximum, axes: axes, keepsAxes: keepsAxes)
        case .minimum: return try reduce(tensor, .minimum, axes: axes, keepsAxes: keepsAxes)
        case .absoluteSum:
            return try reduce(try activation(.absolute, tensor), .sum, axes: axes, keepsAxes: keepsAxes)
        case .squareSum: return try reduce(try square(tensor), .sum, axes: axes, keepsAxes: keepsAxes)
        case .norm:
            let sums = try reduce(try square(tensor), .sum, axes: axes, keepsAxes: keepsAxes)
            return try activation(.sqrt, sums)
        case .product: throw LoweringFault("multiplies all values of an axis, which is not supported")
        }
    }

    private mutating func reduce(
        _ tensor: LiveTensor, _ kind: Reduction.Kind, axes: [Int], keepsAxes: Bool
    ) throws(LoweringFault) -> LiveTensor {
        var result = tensor
        if axes.contains(where: { tensor.shape[$0] != 1 }) {
            let map = try axisMap(tensor, axes: axes)
            var shape = graph.shape(of: map.value)
            result.view = map.view
            switch map.axis {
            case .channels: shape.channels = 1
            case .pixels:
                // What is left are channels, one element each.
                for axis in result.shape.indices { result.view.strides[axis] /= shape.pixels }
                shape.height = 1
                shape.width = 1
            }
            for axis in axes {
                result.view.extents[axis] = 1
                result.view.strides[axis] = 0
            }
            result.value = add(
                .reduction(Reduction(kind: kind, axis: map.axis)), [map.value], shape: shape)
        }
        if !keepsAxes {
            for axis in axes.sorted(by: >) { result.view = result.view.removing(axis: axis) }
        }
        return result
    }

    /// GlobalAveragePool and GlobalMaxPool.
    mutating func globalPooling(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        guard tensor.shape.count >= 3 else { throw LoweringFault("pools a tensor of the shape \(tensor.shape)") }
        let function: ReductionFunction = call.node.type == "GlobalMaxPool" ? .maximum : .mean
        return .live(try reduction(tensor, function, axes: Array(2..<tensor.shape.count), keepsAxes: true))
    }

    mutating func softmax(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let rank = tensor.shape.count
        guard rank > 0 else { throw LoweringFault("has no axis") }
        let axis = try call.axis(try call.integer("axis", default: call.opset < 13 ? 1 : -1), rank: rank)
        // Before version 13 all axes from this one on are one.
        let axes = call.opset < 13 ? Array(axis..<rank) : [axis]
        let map = try axisMap(tensor, axes: axes, prefersChannels: true)
        let value = add(.softmax, to: map.value)
        let result = LiveTensor(value: value, view: map.view)
        return .live(call.node.type == "LogSoftmax" ? try activation(.log, result) : result)
    }

    // MARK: Normalization

    /// (x - mean) / sqrt(variance + epsilon) over axes.
    private mutating func standardize(
        _ tensor: LiveTensor, axes: [Int], epsilon: Float
    ) throws(LoweringFault) -> LiveTensor {
        guard epsilon >= 0 else { throw LoweringFault("has the epsilon \(epsilon)") }
        let map = try axisMap(tensor, axes: axes)
        let value = add(.standardization(Standardization(axis: map.axis, epsilon: epsilon)), to: map.value)
        return LiveTensor(value: value, view: map.view)
    }

    /// tensor * scale + shift, constants that are broadcast to it.
    private mutating func scaleAndShift(
        _ tensor: LiveTensor, scale: LoweredValue?, shift: LoweredValue?
    ) throws(LoweringFault) -> LoweredValue {
        var result = LoweredValue.live(tensor)
        for (operation, operand) in [(Arithmetic.multiply, scale), (.add, shift)] {
            guard let operand else { continue }
            guard broadcastShape(tensor.shape, operand.shape) == tensor.shape else {
                throw LoweringFault("scales the shape \(tensor.shape) by \(operand.shape)")
            }
            result = try arithmetic(operation, result, operand)
        }
        return result
    }

    mutating func layerNormalization(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let rank = tensor.shape.count
        let first = try call.axis(try call.integer("axis", default: -1), rank: rank)
        let normalized = try standardize(
            tensor, axes: Array(first..<rank), epsilon: try call.float("epsilon", default: 1e-5))
        return try scaleAndShift(normalized, scale: try call.input(1), shift: call.optional(2))
    }

    /// One number a channel, to be broadcast to `[batch, channels, ...]`.
    private mutating func channelFactors(
        _ call: NodeCall, _ index: Int, count: Int, rank: Int
    ) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(index)
        guard input.shape == [count] else {
            throw LoweringFault("has the shape \(input.shape) where it needs one number for each of \(count)")
        }
        return try reshape(input, to: [1, count] + [Int](repeating: 1, count: rank - 2))
    }

    mutating func instanceNormalization(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let rank = tensor.shape.count
        guard rank >= 3 else { throw LoweringFault("normalizes the pixels of the shape \(tensor.shape)") }
        let normalized = try standardize(
            tensor, axes: Array(2..<rank), epsilon: try call.float("epsilon", default: 1e-5))
        let channels = tensor.shape[1]
        return try scaleAndShift(
            normalized, scale: try channelFactors(call, 1, count: channels, rank: rank),
            shift: try channelFactors(call, 2, count: channels, rank: rank))
    }

    mutating func groupNormalization(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let shape = tensor.shape
        guard shape.count >= 2, let groups = try call.integer("num_groups"), groups > 0, shape[1] % groups == 0 else {
            throw LoweringFault("has groups that do not divide the shape \(shape)")
        }
        let split = [shape[0], groups, shape[1] / groups] + shape[2...]
        guard case .live(let parts) = try reshape(.live(tensor), to: split) else { return .live(tensor) }
        let epsilon = try call.float("epsilon", default: 1e-5)
        let normalized = try standardize(parts, axes: Array(2..<split.count), epsilon: epsilon)
        if call.opset < 21 {
            // One scale a group.
            let scaled = try scaleAndShift(
                normalized, scale: try channelFactors(call, 1, count: groups, rank: split.count),
                shift: try channelFactors(call, 2, count: groups, rank: split.count))
            return try reshape(scaled, to: shape)
        }
        guard case .live(let joined) = try reshape(.live(normalized), to: shape) else { return .live(tensor) }
        return try scaleAndShift(
            joined, scale: try channelFactors(call, 1, count: shape[1], rank: shape.count),
            shift: try channelFactors(call, 2, count: shape[1], rank: shape.count))
    }

    mutating func batchNormalization(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let mode = try call.integer("training_mode", default: 0)
        let isTraining = call.opset >= 14 ? mode != 0 : call.outputCount > 1
        if case .constant = input { return .constant(try foldBatchNormalization(call, isTraining: isTraining)) }
        guard !isTraining else {
            throw LoweringFault(
                "normalizes by the statistics of the image itself (training mode)",
                remedy: "Export the network after model.eval()")
        }
        guard input.shape.count >= 2 else { throw LoweringFault("normalizes the shape \(input.shape)") }
        let channels = input.shape[1]
        let scales = try channelNumbers(call, 1, "scales", channels)
        let shifts = try channelNumbers(call, 2, "shifts", channels)
        let means = try channelNumbers(call, 3, "means", channels)
        let variances = try channelNumbers(call, 4, "variances", channels)
        let epsilon = Double(try call.float("epsilon", default: 1e-5))
        var scale: [Double] = []
        var shift: [Double] = []
        for channel in 0..<channels {
            let factor = scales[channel] / (variances[channel] + epsilon).squareRoot()
            scale.append(factor)
            shift.append(shifts[channel] - means[channel] * factor)
        }
        try charge(4 * channels)
        let extents = [1, channels] + [Int](repeating: 1, count: input.shape.count - 2)
        guard case .live(let tensor) = input else { return input }
        return .live(try affine(tensor, scale: scale, shift: shift, extents: extents))
    }

    mutating func localResponse(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let input = try image(tensor)
        guard let size = try call.integer("size"), (1...1 << 15).contains(size) else {
            throw LoweringFault("lacks the number of its neighbors")
        }
        let operation = Operation.localResponse(
            size: size, alpha: try call.float("alpha", default: 0.0001), beta: try call.float("beta", default: 0.75),
            bias: try call.float("bias", default: 1))
        return .live(rowMajor(add(operation, to: input), tensor.shape))
    }
}
