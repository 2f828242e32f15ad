/// How the elements of a tensor of some shape are kept in a map: a permutation.
struct MapLayout {
    var shape: MapShape
    var view: StridedView
    /// The tensor's axes from the slowest to the fastest.
    var order: [Int]

    init(shape: MapShape, view: StridedView) {
        self.shape = shape
        self.view = view
        order = view.axesByStride
    }
}

extension MapShape {
    /// The map that keeps a tensor of this shape in its own order: the last two axes are rows and columns.
    init(canonicalOf shape: [Int]) {
        switch shape.count {
        case 0: self.init(channels: 1, height: 1, width: 1)
        case 1: self.init(channels: shape[0], height: 1, width: 1)
        case 2:
            self.init(channels: shape[0] == 1 ? shape[1] : shape[0], height: 1, width: shape[0] == 1 ? 1 : shape[1])
        case 3 where shape[0] == 1: self.init(channels: shape[1], height: 1, width: shape[2])
        default:
            self.init(
                channels: shape.dropLast(2).reduce(1, *), height: shape[shape.count - 2], width: shape[shape.count - 1])
        }
    }
}

extension Lowering {
    /// The value whose elements in row-major order are the tensor's.
    mutating func map(_ tensor: LiveTensor, as shape: MapShape) throws(LoweringFault) -> Int {
        precondition(tensor.view.count == shape.count, "a map holds what the tensor does")
        let source = graph.shape(of: tensor.value)
        let walk = tensor.view.coalesced
        if source == shape, walk.isRowMajor { return tensor.value }
        let key = MapKey(value: tensor.value, walk: walk, shape: shape)
        if let known = maps[key] { return known }
        let operation: Operation
        if let indices = try channelSelection(walk, from: source, to: shape) {
            operation = .channels(indices)
        } else if let resample = try pixelSelection(tensor.view, from: source, to: shape) {
            operation = resample
        } else {
            operation = .rearrangement(
                Rearrangement(
                    extents: walk.rank == 0 ? [1] : walk.extents, steps: walk.rank == 0 ? [0] : walk.strides,
                    offset: walk.offset))
        }
        let value = add(operation, [tensor.value], shape: shape)
        maps[key] = value
        return value
    }

    /// The channels that make up the map, if it is made of whole channels.
    private mutating func channelSelection(
        _ walk: StridedView, from source: MapShape, to shape: MapShape
    ) throws(LoweringFault) -> [Int]? {
        guard source.height == shape.height, source.width == shape.width else { return nil }
        let pixels = source.pixels
        var channels = walk
        if pixels > 1 {
            guard let last = walk.extents.indices.last, walk.strides[last] == 1, walk.extents[last] % pixels == 0
            else { return nil }
            channels.extents[last] /= pixels
            channels.strides[last] = pixels
        }
        guard walk.offset % pixels == 0, channels.strides.allSatisfy({ $0 % pixels == 0 }) else { return nil }
        try charge(shape.channels)
        var indices: [Int] = []
        indices.reserveCapacity(shape.channels)
        channels.forEachOffset { indices.append($0 / pixels) }
        return indices
    }

    /// The rows and columns that make up the map, if it has all channels in their order.
    private mutating func pixelSelection(
        _ view: StridedView, from source: MapShape, to shape: MapShape
    ) throws(LoweringFault) -> Operation? {
        guard source.channels == shape.channels,
            let map = view.reshaped(to: [shape.channels, shape.height, shape.width]),
            shape.channels == 1 || map.strides[0] == source.pixels,
            map.strides[1] % source.width == 0, view.offset < source.pixels
        else { return nil }
        let firstRow = view.offset / source.width
        let firstColumn = view.offset % source.width
        try charge(shape.height + shape.width)
        let rows = (0..<shape.height).map { firstRow + $0 * (map.strides[1] / source.width) }
        let columns = (0..<shape.width).map { firstColumn + $0 * map.strides[2] }
        guard rows.allSatisfy({ (0..<source.height).contains($0) }),
            columns.allSatisfy({ (0..<source.width).contains($0) })
        else { return nil }
        return .resample(rows: rows, columns: columns, border: 0)
    }

    /// The tensor as a map in its own order.
    mutating func canonical(_ tensor: LiveTensor) throws(LoweringFault) -> Int {
        try map(tensor, as: MapShape(canonicalOf: tensor.shape))
    }

    /// The map of a tensor `[1, channels, height, width]`.
    mutating func image(_ tensor: LiveTensor) throws(LoweringFault) -> Int {
        guard tensor.shape.count == 4 else {
            throw LoweringFault(
                "reads a tensor of the shape \(tensor.shape): only images with two axes of pixels are supported")
        }
        guard tensor.shape[0] == 1 else {
            throw LoweringFault("reads a batch of \(tensor.shape[0]): only one image at a time is supported")
        }
        return try canonical(tensor)
    }

    /// A tensor whose elements are each one of a value's, in the order of the map.
    func rowMajor(_ value: Int, _ shape: [Int]) -> LiveTensor { LiveTensor(value: value, view: StridedView(shape)) }

    /// The same tensor as a permutation of a map that holds nothing else.
    mutating func whole(_ tensor: LiveTensor) throws(LoweringFault) -> LiveTensor {
        if tensor.view.isPermutation(of: graph.shape(of: tensor.value).count) { return tensor }
        let view = tensor.view
        let axes = view.extents.indices.filter { view.extents[$0] != 1 }
        // Slow axes first, as the source has them, unless it is repeated.
        var order = Array(view.extents.indices)
        if axes.allSatisfy({ view.strides[$0] != 0 }) {
            let sorted = axes.sorted { abs(view.strides[$0]) > abs(view.strides[$1]) }
            for (place, axis) in zip(axes, sorted) { order[place] = axis }
        }
        let ordered = view.transposed(order)
        let shape =
            axes.count <= 1
            ? MapShape(channels: view.count, height: 1, width: 1) : MapShape(canonicalOf: ordered.extents)
        let value = try map(LiveTensor(value: tensor.value, view: ordered), as: shape)
        var inverse = order
        for (place, axis) in order.enumerated() { inverse[axis] = place }
        return LiveTensor(value: value, view: StridedView(ordered.extents).transposed(inverse))
    }

    /// The tensor in another shape.
    mutating func reshape(_ input: LoweredValue, to shape: [Int]) throws(LoweringFault) -> LoweredValue {
        if let view = input.view.reshaped(to: shape) { return input.seen(as: view) }
        switch input {
        case .constant(let tensor):
            if tensor.kind == .float {
                return .constant(
                    try folded(of: [tensor], shape: shape) { () throws(LoweringFault) in try tensor.numbers() })
            }
            try charge(tensor.count)
            return LoweredValue.constant(try tensor.rowMajor()).seen(as: StridedView(shape))
        case .live(let tensor):
            return .live(rowMajor(try map(tensor, as: MapShape(canonicalOf: shape)), shape))
        }
    }

    // MARK: Layouts

    /// How a result of this shape is best kept: as one of the operands is, or in its own order.
    /// - Parameter operands: all broadcast to the shape.
    func layout(for shape: [Int], of operands: [LiveTensor]) -> MapLayout {
        let own = MapShape(canonicalOf: shape)
        var found: MapLayout?
        for operand in operands {
            let source = graph.shape(of: operand.value)
            guard operand.view.isPermutation(of: source.count) else { continue }
            if source == own || found == nil { found = MapLayout(shape: source, view: operand.view) }
            if source == own { break }
        }
        return found ?? MapLayout(shape: own, view: StridedView(shape))
    }

    /// The operand, broadcast to the layout's shape, as a value of the layout's map.
    mutating func place(_ operand: LiveTensor, in layout: MapLayout) throws(LoweringFault) -> Int {
        let view = operand.view.transposed(layout.order)
        return try map(LiveTensor(value: operand.value, view: view), as: layout.shape)
    }

    /// The operand, broadcast to the layout's shape, as a map whose extents are the layout's or 1.
    mutating func placeNarrow(_ operand: LiveTensor, in layout: MapLayout) throws(LoweringFault) -> Int {
        let shape = layout.shape
        let view = operand.view.transposed(layout.order)
        guard var narrow = view.reshaped(to: [shape.channels, shape.height, shape.width]) else {
            return try map(LiveTensor(value: operand.value, view: view), as: shape)
        }
        for axis in 0..<3 where narrow.strides[axis] == 0 { narrow.extents[axis] = 1 }
        return try map(
            LiveTensor(value: operand.value, view: narrow),
            as: MapShape(channels: narrow.extents[0], height: narrow.extents[1], width: narrow.extents[2]))
    }
}
