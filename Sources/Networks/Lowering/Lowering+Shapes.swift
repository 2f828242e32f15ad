/// Operators that move elements about: on constants and on views of live tensors alike.
extension Lowering {
    // MARK: Shapes as numbers

    func shape(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let shape = try call.input(0).shape
        func bound(_ position: Int) -> Int {
            min(max(position < 0 ? position + shape.count : position, 0), shape.count)
        }
        let start = bound(try call.integer("start", default: 0))
        let end = bound(try call.integer("end", default: shape.count))
        let part = start < end ? Array(shape[start..<end]) : []
        return .constant(ConstantTensor(part, shape: [part.count]))
    }

    /// The shape that Reshape asks for; 0 keeps an extent, -1 is what is left.
    private func target(_ wanted: [Int], of shape: [Int], allowZero: Bool) throws(LoweringFault) -> [Int] {
        var target = wanted
        var open: Int?
        for axis in target.indices {
            if target[axis] == 0, !allowZero {
                guard axis < shape.count else { throw LoweringFault("keeps an extent that is not there") }
                target[axis] = shape[axis]
            } else if target[axis] == -1, open == nil {
                open = axis
                target[axis] = 1
            }
        }
        let count = shape.reduce(1, *)
        guard var known = elementCount(of: target) else {
            throw LoweringFault("reshapes to \(wanted), which is no shape")
        }
        if let open, known > 0 {
            target[open] = count / known
            known *= target[open]
        }
        guard known == count else {
            throw LoweringFault(
                "reshapes \(shape) to \(wanted), which holds another number of values",
                remedy: "The network may allow one image size alone from here on; layers before it work at any size")
        }
        return target
    }

    mutating func reshape(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let wanted = try call.constant(1, "extents").integers()
        guard wanted.count <= Self.highestRank else { throw LoweringFault("reshapes to \(wanted.count) axes") }
        let allowsZero = try call.integer("allowzero", default: 0) != 0
        return try reshape(input, to: try target(wanted, of: input.shape, allowZero: allowsZero))
    }

    mutating func flatten(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let rank = input.shape.count
        var axis = try call.integer("axis", default: 1)
        if axis < 0 { axis += rank }
        guard axis >= 0, axis <= rank else { throw LoweringFault("flattens from axis \(axis) on, of \(rank)") }
        return try reshape(
            input, to: [input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *)])
    }

    func transpose(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let rank = input.shape.count
        let order = try call.integers("perm") ?? Array((0..<rank).reversed())
        guard order.count == rank, try call.axes(order, rank: rank) == order else {
            throw LoweringFault("transposes \(rank) axes into the order \(order)")
        }
        return input.seen(as: input.view.transposed(order))
    }

    func squeeze(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        var view = input.view
        var axes = view.extents.indices.filter { view.extents[$0] == 1 }
        if let named = try call.integers("axes", orInput: 1, from: 13) {
            axes = try call.axes(named, rank: view.rank)
        }
        for axis in axes.sorted(by: >) {
            guard view.extents[axis] == 1 else {
                throw LoweringFault("removes axis \(axis) of the shape \(input.shape), which is longer than 1")
            }
            view = view.removing(axis: axis)
        }
        return input.seen(as: view)
    }

    func unsqueeze(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        guard let named = try call.integers("axes", orInput: 1, from: 13) else { throw LoweringFault("lacks its axes") }
        var view = input.view
        for axis in try call.axes(named, rank: view.rank + named.count).sorted() { view = view.inserting(axisAt: axis) }
        return input.seen(as: view)
    }

    // MARK: Parts

    func slice(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let rank = input.shape.count
        guard let starts = try call.integers("starts", orInput: 1, from: 10),
            let ends = try call.integers("ends", orInput: 2, from: 10), starts.count == ends.count
        else { throw LoweringFault("lacks where it starts and ends") }
        let axes = try call.axes(
            try call.integers("axes", orInput: 3, from: 10) ?? Array(0..<starts.count), rank: rank)
        var steps = [Int](repeating: 1, count: starts.count)
        if call.opset >= 10, let given = try call.optionalConstant(4, "steps") { steps = try given.integers() }
        guard axes.count == starts.count, steps.count == starts.count else {
            throw LoweringFault("has \(starts.count) starts, \(axes.count) axes and \(steps.count) steps")
        }
        var view = input.view
        for (place, axis) in axes.enumerated() {
            let extent = view.extents[axis]
            let step = steps[place]
            guard step != 0, step > Int.min else { throw LoweringFault("slices with the step \(step)") }
            // Ends are often the largest or smallest integer there is.
            func bound(_ position: Int, _ lowest: Int, _ highest: Int) -> Int {
                min(max(position < 0 ? position + extent : position, lowest), highest)
            }
            let start = step > 0 ? bound(starts[place], 0, extent) : bound(starts[place], 0, extent - 1)
            let end = step > 0 ? bound(ends[place], 0, extent) : bound(ends[place], -1, extent - 1)
            let span = step > 0 ? end - start : start - end
            let count = span > 0 ? (span - 1) / abs(step) + 1 : 0
            view = view.sliced(axis: axis, start: count == 0 ? 0 : start, step: step, count: count)
        }
        return input.seen(as: view)
    }

    func split(_ call: NodeCall) throws(LoweringFault) -> [LoweredValue] {
        let input = try call.input(0)
        let axis = try call.axis(try call.integer("axis", default: 0), rank: input.shape.count)
        let extent = input.shape[axis]
        let parts = call.outputCount
        guard parts > 0 else { return [] }
        var sizes: [Int]
        if let given = try call.integers("split", orInput: 1, from: 13) {
            sizes = given
        } else {
            // Equal parts; the last may be smaller.
            let size = (extent + parts - 1) / parts
            sizes = [Int](repeating: size, count: parts)
            sizes[parts - 1] = extent - size * (parts - 1)
        }
        guard sizes.count == parts, let sum = sum(sizes), sum == extent else {
            throw LoweringFault("splits \(extent) into \(sizes)")
        }
        var start = 0
        var values: [LoweredValue] = []
        for size in sizes {
            values.append(input.seen(as: input.view.sliced(axis: axis, start: start, step: 1, count: size)))
            start += size
        }
        return values
    }

    /// Nil if one is negative or they are too many.
    private func sum(_ sizes: [Int]) -> Int? {
        var sum = 0
        for size in sizes {
            guard size >= 0, size <= Self.largestMap else { return nil }
            sum += size
        }
        return sum
    }

    mutating func gather(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let axis = try call.axis(try call.integer("axis", default: 0), rank: input.shape.count)
        let extent = input.shape[axis]
        let places = try call.constant(1, "indices")
        var indices: [Int] = []
        for index in try places.integers() {
            guard index >= -extent, index < extent else {
                throw LoweringFault("takes element \(index) of an axis of \(extent)")
            }
            indices.append(index < 0 ? index + extent : index)
        }
        let outer = input.shape[..<axis]
        let inner = input.shape[(axis + 1)...]
        let taken = try take(input, axis: axis, indices: indices)
        return try reshape(taken, to: Array(outer) + places.shape + Array(inner))
    }

    /// The elements of an axis with these indices.
    private mutating func take(
        _ input: LoweredValue, axis: Int, indices: [Int]
    ) throws(LoweringFault) -> LoweredValue {
        let view = input.view
        // Equally spaced: a slice.
        let step = indices.count > 1 ? indices[1] - indices[0] : 1
        if let first = indices.first, indices.indices.allSatisfy({ indices[$0] == first + $0 * step }) {
            return input.seen(as: view.sliced(axis: axis, start: first, step: step, count: indices.count))
        }
        var shape = view.extents
        shape[axis] = indices.count
        switch input {
        case .constant(let tensor):
            guard let count = elementCount(of: shape) else { throw LoweringFault("makes too large a tensor") }
            try charge(count)
            let outer = view.extents[..<axis].reduce(1, *)
            let inner = view.extents[(axis + 1)...].reduce(1, *)
            func pick<Number>(_ numbers: [Number]) -> [Number] {
                var taken: [Number] = []
                taken.reserveCapacity(count)
                for block in 0..<outer {
                    for index in indices {
                        let start = (block * view.extents[axis] + index) * inner
                        taken += numbers[start..<start + inner]
                    }
                }
                return taken
            }
            if case .integers = tensor.source {
                return .constant(ConstantTensor(pick(try tensor.integers()), shape: shape, kind: tensor.kind))
            }
            return .constant(ConstantTensor(pick(try tensor.numbers()), shape: shape))
        case .live(let tensor):
            try Self.checkMap(shape)
            try charge(indices.count)
            let source = graph.shape(of: tensor.value)
            // The axis first: then its elements are the map's channels.
            let order = [axis] + view.extents.indices.filter { $0 != axis }
            let moved = view.transposed(order)
            let rest = Array(moved.extents.dropFirst())
            var map = MapShape(
                channels: view.extents[axis], height: rest.dropLast().reduce(1, *), width: rest.last ?? 1)
            // As the source has its pixels, if it is one.
            if source.count == map.count, source.channels == map.channels { map = source }
            let value = try self.map(LiveTensor(value: tensor.value, view: moved), as: map)
            map.channels = indices.count
            let taken = add(.channels(indices), [value], shape: map)
            var inverse = order
            for (place, old) in order.enumerated() { inverse[old] = place }
            return .live(LiveTensor(value: taken, view: StridedView([indices.count] + rest).transposed(inverse)))
        }
    }

    // MARK: Repetition

    mutating func expand(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let shape = try Self.commonShape(input.shape, try call.constant(1, "extents").integers())
        guard let view = input.view.broadcast(to: shape) else { throw LoweringFault("expands to \(shape)") }
        return input.seen(as: try checked(view, input))
    }

    mutating func tile(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let repeats = try call.constant(1, "repeats").integers()
        guard repeats.count == input.shape.count, repeats.allSatisfy({ (1...Self.largestMap).contains($0) }) else {
            throw LoweringFault("repeats the shape \(input.shape) \(repeats) times")
        }
        // Each axis behind one that is repeated.
        var view = input.view
        var wide: [Int] = []
        var shape: [Int] = []
        for (axis, times) in repeats.enumerated() {
            view = view.inserting(axisAt: 2 * axis)
            wide += [times, input.shape[axis]]
            let (extent, overflow) = times.multipliedReportingOverflow(by: input.shape[axis])
            guard !overflow else { throw LoweringFault("repeats the shape \(input.shape) \(repeats) times") }
            shape.append(extent)
        }
        guard let repeated = view.broadcast(to: wide) else { throw LoweringFault("repeats what it cannot") }
        return try reshape(input.seen(as: try checked(repeated, input)), to: shape)
    }

    /// A view that may hold more than its source does: whoever reads its numbers makes as many.
    private mutating func checked(_ view: StridedView, _ input: LoweredValue) throws(LoweringFault) -> StridedView {
        guard let count = elementCount(of: view.extents), count <= Self.largestMap else {
            throw LoweringFault("makes a tensor of the shape \(view.extents), which is too large")
        }
        if case .constant = input { try charge(count) }
        return view
    }

    // MARK: Blocks of pixels

    mutating func depthToSpace(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let shape = input.shape
        let block = try blockSize(call, shape)
        guard shape[1] % (block * block) == 0 else {
            throw LoweringFault("makes blocks of \(block) x \(block) pixels of \(shape[1]) channels")
        }
        let channels = shape[1] / (block * block)
        let columnsFirst = try call.string("mode", default: "DCR") == "CRD"
        let split =
            columnsFirst
            ? [shape[0], channels, block, block, shape[2], shape[3]]
            : [shape[0], block, block, channels, shape[2], shape[3]]
        let parts = try reshape(input, to: split)
        let order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
        return try reshape(
            parts.seen(as: parts.view.transposed(order)), to: [shape[0], channels, shape[2] * block, shape[3] * block])
    }

    mutating func spaceToDepth(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let input = try call.input(0)
        let shape = input.shape
        let block = try blockSize(call, shape)
        guard shape[2] % block == 0, shape[3] % block == 0 else {
            throw LoweringFault("takes blocks of \(block) x \(block) pixels of \(shape[2]) x \(shape[3])")
        }
        let rows = shape[2] / block
        let columns = shape[3] / block
        let parts = try reshape(input, to: [shape[0], shape[1], rows, block, columns, block])
        return try reshape(
            parts.seen(as: parts.view.transposed([0, 3, 5, 1, 2, 4])),
            to: [shape[0], shape[1] * block * block, rows, columns])
    }

    private func blockSize(_ call: NodeCall, _ shape: [Int]) throws(LoweringFault) -> Int {
        guard shape.count == 4 else { throw LoweringFault("takes blocks of pixels of the shape \(shape)") }
        guard let block = try call.integer("blocksize"), (1...1 << 12).contains(block) else {
            throw LoweringFault("lacks the size of its blocks")
        }
        return block
    }

    // MARK: Joining

    mutating func concatenate(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        var parts: [LoweredValue] = []
        for index in call.inputs.indices { parts.append(try call.input(index)) }
        guard let first = parts.first else { throw LoweringFault("joins nothing") }
        guard let given = try call.integer("axis") else { throw LoweringFault("lacks its axis") }
        let axis = try call.axis(given, rank: first.shape.count)
        var shape = first.shape
        shape[axis] = 0
        for part in parts {
            var other = part.shape
            guard other.count == shape.count else {
                throw LoweringFault("joins the shapes \(first.shape) and \(part.shape)")
            }
            let extent = other[axis]
            other[axis] = shape[axis]
            guard other == shape, extent <= Self.largestMap else {
                throw LoweringFault("joins the shapes \(first.shape) and \(part.shape)")
            }
            shape[axis] += extent
        }
        if call.isConstant { return .constant(try join(parts, axis: axis, shape: shape)) }
        try Self.checkMap(shape)
        var tensors: [LiveTensor] = []
        for part in parts where part.shape[axis] > 0 {
            switch part {
            case .live(let tensor): tensors.append(tensor)
            case .constant(let tensor): tensors.append(try live(tensor))
            }
        }
        return .live(try join(tensors, axis: axis, shape: shape))
    }

    /// Live tensors, none of them empty, along an axis.
    mutating func join(_ tensors: [LiveTensor], axis: Int, shape: [Int]) throws(LoweringFault) -> LiveTensor {
        if tensors.count == 1 { return tensors[0] }
        // If nothing but ones is before the axis, the parts follow each other in the map; otherwise the axis goes first.
        let isOutermost = shape[..<axis].allSatisfy { $0 == 1 }
        let order = isOutermost ? Array(shape.indices) : [axis] + shape.indices.filter { $0 != axis }
        let place = isOutermost ? axis : 0
        let ordered = order.map { shape[$0] }
        // Axes behind it: the last two are rows and columns.
        let behind = Array(ordered[(place + 1)...])
        let factor = behind.dropLast(2).reduce(1, *)
        let rows = behind.suffix(2).dropLast().first ?? 1
        let columns = behind.last ?? 1
        var values: [Int] = []
        for tensor in tensors {
            let view = tensor.view.transposed(order)
            values.append(
                try map(
                    LiveTensor(value: tensor.value, view: view),
                    as: MapShape(channels: view.extents[place] * factor, height: rows, width: columns)))
        }
        let map = MapShape(channels: shape[axis] * factor, height: rows, width: columns)
        var inverse = order
        for (place, old) in order.enumerated() { inverse[old] = place }
        return LiveTensor(
            value: add(.concatenation, values, shape: map), view: StridedView(ordered).transposed(inverse))
    }
}
