/// Padding and resizing: for each row and column of the result, where it comes from.
extension Lowering {
    /// Along one axis: an index of the input for each element of the output, or -1 for the border.
    typealias AxisIndices = (axis: Int, indices: [Int])

    /// The tensor with the elements of two axes (or one) chosen anew.
    private mutating func resample(
        _ tensor: LiveTensor, _ choices: [AxisIndices], border: Float
    ) throws(LoweringFault) -> LiveTensor {
        let shape = tensor.shape
        // The axes of rows and columns.
        var rowAxis: Int?
        var columnAxis = choices[0].axis
        if choices.count > 1 {
            (rowAxis, columnAxis) = (min(choices[0].axis, choices[1].axis), max(choices[0].axis, choices[1].axis))
        } else if columnAxis + 1 < shape.count, columnAxis > 0, columnAxis == shape.count - 2 {
            // Rows alone, of an image: its columns stay.
            (rowAxis, columnAxis) = (columnAxis, columnAxis + 1)
        } else if columnAxis > 0 {
            rowAxis = columnAxis - 1
        }
        let source = graph.shape(of: tensor.value)
        let rows = rowAxis.map { shape[$0] } ?? 1
        let columns = shape[columnAxis]
        // As the source has its rows and columns, if they are those.
        let isInPlace =
            tensor.view.isPermutation(of: source.count) && rows == source.height && columns == source.width
            && (rows == 1 || rowAxis.map { tensor.view.strides[$0] } == source.width)
            && (columns == 1 || tensor.view.strides[columnAxis] == 1)
        let chosen = [rowAxis, columnAxis].compactMap { $0 }
        var order = isInPlace ? tensor.view.axesByStride.filter { !chosen.contains($0) } : []
        if !isInPlace { order = shape.indices.filter { !chosen.contains($0) } }
        order += chosen
        let moved = tensor.view.transposed(order)
        let channels = moved.extents.dropLast(chosen.count).reduce(1, *)
        let value = try map(
            LiveTensor(value: tensor.value, view: moved),
            as: MapShape(channels: channels, height: rows, width: columns))
        var rowIndices = Array(0..<rows)
        var columnIndices = Array(0..<columns)
        for choice in choices {
            if choice.axis == rowAxis { rowIndices = choice.indices } else { columnIndices = choice.indices }
        }
        var extents = moved.extents
        extents[extents.count - 1] = columnIndices.count
        if chosen.count > 1 { extents[extents.count - 2] = rowIndices.count }
        try Self.checkMap(extents)
        try charge(rowIndices.count + columnIndices.count)
        let result = add(
            .resample(rows: rowIndices, columns: columnIndices, border: border), [value],
            shape: MapShape(channels: channels, height: rowIndices.count, width: columnIndices.count))
        var inverse = order
        for (place, old) in order.enumerated() { inverse[old] = place }
        return LiveTensor(value: result, view: StridedView(extents).transposed(inverse))
    }

    /// All choices, two axes at a time, those of rows and columns together.
    private mutating func resampleAll(
        _ tensor: LiveTensor, _ choices: [AxisIndices], border: Float
    ) throws(LoweringFault) -> LiveTensor {
        var result = tensor
        var rest = choices.sorted { $0.axis > $1.axis }
        while !rest.isEmpty {
            let pair = Array(rest.prefix(2))
            rest.removeFirst(pair.count)
            result = try resample(result, pair, border: border)
        }
        return result
    }

    mutating func pad(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let rank = input.shape.count
        guard let pads = try call.integers("pads", orInput: 1, from: 11) else { throw LoweringFault("lacks its pads") }
        var axes = Array(0..<rank)
        if call.opset >= 18, let named = try call.optionalConstant(3, "axes") {
            axes = try call.axes(try named.integers(), rank: rank)
        }
        guard pads.count == 2 * axes.count else {
            throw LoweringFault("has \(pads.count) pads for \(axes.count) axes")
        }
        var border = Double(0)
        if call.opset < 11 {
            border = Double(try call.float("value", default: 0))
        } else if let value = try call.optionalConstant(2, "padding") {
            border = try value.scalar()
        }
        let mode = try call.string("mode", default: "constant")
        var choices: [AxisIndices] = []
        for (place, axis) in axes.enumerated() where pads[place] != 0 || pads[place + axes.count] != 0 {
            choices.append(
                (
                    axis,
                    try paddedIndices(
                        input.shape[axis], before: pads[place], after: pads[place + axes.count], mode: mode)
                ))
        }
        if choices.isEmpty { return input }
        switch input {
        case .live(let tensor):
            // Minus infinity is what maxima take no notice of.
            guard !border.isNaN else { throw LoweringFault("pads with what is no number") }
            return .live(try resampleAll(tensor, choices, border: Float(border)))
        case .constant(let tensor): return .constant(try choose(tensor, choices, border: border))
        }
    }

    /// Of an axis of `extent` elements.
    private mutating func paddedIndices(
        _ extent: Int, before: Int, after: Int, mode: String
    ) throws(LoweringFault) -> [Int] {
        let longest = 1 << 20
        guard abs(before.clamped) <= longest, abs(after.clamped) <= longest, extent <= longest,
            extent + before + after > 0
        else { throw LoweringFault("pads an axis of \(extent) by \(before) and \(after)") }
        try charge(extent + before + after)
        func reflected(_ index: Int) -> Int? {
            // To and fro; an axis of one element has nothing to reflect.
            let period = 2 * (extent - 1)
            guard period > 0 else { return index == 0 ? 0 : nil }
            let place = ((index % period) + period) % period
            return place < extent ? place : period - place
        }
        var indices: [Int] = []
        for index in -before..<extent + after {
            switch mode {
            case "constant": indices.append((0..<extent).contains(index) ? index : -1)
            case "edge": indices.append(min(max(index, 0), extent - 1))
            case "wrap": indices.append(((index % extent) + extent) % extent)
            case "reflect":
                guard let place = reflected(index) else { throw LoweringFault("reflects an axis of one element") }
                indices.append(place)
            default: throw LoweringFault("pads in the mode \(mode.quoted)")
            }
        }
        return indices
    }

    /// A constant whose axes are chosen anew.
    private mutating func choose(
        _ tensor: ConstantTensor, _ choices: [AxisIndices], border: Double
    ) throws(LoweringFault) -> ConstantTensor {
        var result = tensor
        for choice in choices {
            var shape = result.shape
            let extent = shape[choice.axis]
            shape[choice.axis] = choice.indices.count
            guard let count = elementCount(of: shape) else { throw LoweringFault("pads to the shape \(shape)") }
            try charge(count)
            let outer = shape[..<choice.axis].reduce(1, *)
            let inner = shape[(choice.axis + 1)...].reduce(1, *)
            func pick<Number>(_ numbers: [Number], _ border: Number) -> [Number] {
                var picked: [Number] = []
                picked.reserveCapacity(count)
                for block in 0..<outer {
                    for index in choice.indices {
                        if index < 0 {
                            picked += [Number](repeating: border, count: inner)
                        } else {
                            let start = (block * extent + index) * inner
                            picked += numbers[start..<start + inner]
                        }
                    }
                }
                return picked
            }
            if tensor.kind == .float {
                result = ConstantTensor(pick(try result.numbers(), border), shape: shape)
            } else {
                let integer = try Self.integers([border])[0]
                result = ConstantTensor(pick(try result.integers(), integer), shape: shape, kind: tensor.kind)
            }
        }
        return result
    }

    // MARK: Resizing

    /// Resize and Upsample.
    mutating func resize(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let rank = tensor.shape.count
        let isUpsample = call.node.type == "Upsample"
        var axes = Array(0..<rank)
        if call.opset >= 18, let named = try call.integers("axes") { axes = try call.axes(named, rank: rank) }
        // The sizes that result, and the scales that lead there.
        var scales: [Float] = []
        if isUpsample, call.opset < 9 {
            scales = try call.floats("scales") ?? []
        } else if let given = try call.optionalConstant(isUpsample || call.opset < 11 ? 1 : 2, "scales") {
            scales = try given.numbers().map { Float($0) }
        }
        var sizes: [Int] = []
        if !isUpsample, call.opset >= 11, let given = try call.optionalConstant(3, "sizes") {
            sizes = try given.integers()
        }
        if sizes.isEmpty {
            guard scales.count == axes.count else { throw LoweringFault("has \(scales.count) scales of \(axes.count)") }
            for (place, axis) in axes.enumerated() {
                let size = (Float(tensor.shape[axis]) * scales[place]).rounded(.down)
                guard size >= 1, size <= Float(1 << 20) else { throw LoweringFault("scales by \(scales)") }
                sizes.append(Int(size))
            }
        } else {
            guard sizes.count == axes.count, sizes.allSatisfy({ (1...1 << 20).contains($0) }) else {
                throw LoweringFault("resizes to \(sizes)")
            }
            let policy = try call.string("keep_aspect_ratio_policy", default: "stretch")
            guard policy == "stretch" else { throw LoweringFault("resizes by the policy \(policy.quoted)") }
            scales = zip(sizes, axes).map { Float($0) / Float(tensor.shape[$1]) }
        }
        let resizing = AxisResizing(
            mode: try call.string("mode", default: "nearest"),
            coordinates: try call.string(
                "coordinate_transformation_mode", default: isUpsample || call.opset < 11 ? "asymmetric" : "half_pixel"),
            rounding: try call.string(
                "nearest_mode", default: isUpsample || call.opset < 11 ? "floor" : "round_prefer_floor"))
        var axesToResize: [(axis: Int, size: Int, scale: Float)] = []
        for (place, axis) in axes.enumerated() where sizes[place] != tensor.shape[axis] || scales[place] != 1 {
            axesToResize.append((axis, sizes[place], scales[place]))
            try charge(sizes[place])
        }
        if axesToResize.isEmpty { return .live(tensor) }
        switch resizing.mode {
        case "nearest":
            var choices: [AxisIndices] = []
            for (axis, size, scale) in axesToResize {
                choices.append((axis, try resizing.nearest(from: tensor.shape[axis], to: size, scale: scale)))
            }
            return .live(try resampleAll(tensor, choices, border: 0))
        case "linear", "bilinear":
            var result = LoweredValue.live(tensor)
            for (axis, size, scale) in axesToResize {
                result = try interpolate(result, axis, resizing, to: size, scale: scale)
            }
            return result
        default:
            throw LoweringFault(
                "resizes in the mode \(resizing.mode.quoted), which is not supported",
                remedy: "Use mode nearest or linear")
        }
    }

    /// Between two neighbors along an axis: a weighted sum of two that are chosen.
    private mutating func interpolate(
        _ input: LoweredValue, _ axis: Int, _ resizing: AxisResizing, to size: Int, scale: Float
    ) throws(LoweringFault) -> LoweredValue {
        guard case .live(let tensor) = input else { return input }
        let extent = tensor.shape[axis]
        var lower: [Int] = []
        var upper: [Int] = []
        var weights: [Double] = []
        for index in 0..<size {
            let place = try resizing.coordinate(index, from: extent, to: size, scale: scale)
            let floor = Int(min(max(place.rounded(.down), -1), Float(extent)))
            lower.append(min(max(floor, 0), extent - 1))
            upper.append(min(max(floor + 1, 0), extent - 1))
            weights.append(Double(min(max(place - Float(floor), 0), 1)))
        }
        var shape = [Int](repeating: 1, count: tensor.shape.count)
        shape[axis] = size
        let one = LoweredValue.live(try resample(tensor, [(axis, lower)], border: 0))
        let other = LoweredValue.live(try resample(tensor, [(axis, upper)], border: 0))
        let difference = try arithmetic(.subtract, other, one)
        // one + weight * (other - one)
        return try arithmetic(.add, one, try weighted(difference, by: ConstantTensor(weights, shape: shape)))
    }

    /// A product with constants that are this program's, and not the file's: they are counted by themselves.
    private mutating func weighted(_ input: LoweredValue, by weights: ConstantTensor) throws(LoweringFault)
        -> LoweredValue
    {
        guard let count = elementCount(of: input.shape), count <= interpolationBudget else {
            throw LoweringFault(
                "interpolates more than can be held, with what other nodes interpolate",
                remedy: "A smaller image may help; or export with the mode nearest")
        }
        interpolationBudget -= count
        let before = budget
        budget += count
        let product = try arithmetic(.multiply, input, .constant(weights))
        budget = min(budget, before)
        return product
    }
}

/// Where along an axis a resized element comes from (the ONNX specification of Resize). In single precision, as
/// everybody computes it: otherwise 5 / 1.6666667 is less than 3.
struct AxisResizing {
    var mode: String
    var coordinates: String
    var rounding: String

    func coordinate(_ index: Int, from extent: Int, to size: Int, scale: Float) throws(LoweringFault) -> Float {
        let place = Float(index)
        switch coordinates {
        case "asymmetric": return place / scale
        case "half_pixel", "tf_half_pixel_for_nn": return (place + 0.5) / scale - 0.5
        case "pytorch_half_pixel": return size > 1 ? (place + 0.5) / scale - 0.5 : 0
        case "align_corners": return size > 1 ? place * Float(extent - 1) / Float(size - 1) : 0
        case "half_pixel_symmetric":
            let adjustment = Float(size) / (scale * Float(extent))
            let center = Float(extent) / 2
            return center * (1 - adjustment) + (place + 0.5) / scale - 0.5
        default: throw LoweringFault("resizes by the coordinates \(coordinates.quoted), which are not supported")
        }
    }

    func nearest(from extent: Int, to size: Int, scale: Float) throws(LoweringFault) -> [Int] {
        var indices: [Int] = []
        for index in 0..<size {
            let place = try coordinate(index, from: extent, to: size, scale: scale)
            let rounded: Float
            switch rounding {
            case "round_prefer_floor": rounded = (place - 0.5).rounded(.up)
            case "round_prefer_ceil": rounded = (place + 0.5).rounded(.down)
            case "floor": rounded = place.rounded(.down)
            case "ceil": rounded = place.rounded(.up)
            default: throw LoweringFault("rounds in the mode \(rounding.quoted)")
            }
            indices.append(Int(min(max(rounded, 0), Float(extent - 1))))
        }
        return indices
    }
}

extension Int {
    /// Small enough to be added to others.
    fileprivate var clamped: Int { Swift.min(Swift.max(self, -(1 << 32)), 1 << 32) }
}
