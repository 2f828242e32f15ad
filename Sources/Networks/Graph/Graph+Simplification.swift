extension Graph {
    /// A graph that makes the same `targets` with less: what no target needs is dropped, scaling is folded into the
    /// convolution before it, zeros around an image into the convolution behind them, and groups of operators that are
    /// one function become it. Only rounding differs.
    ///
    /// A node that is made of several has the name of the last of them.
    /// - Returns: the graph, and for each target its value there.
    /// - Complexity: proportional to the graph's size.
    public func simplified(to targets: [Int]) -> (graph: Graph, values: [Int: Int]) {
        var graph = self
        var values: [Int: Int] = [:]
        for target in targets { values[target] = target }
        // Each round finds what the one before has made possible; the last one finds nothing.
        let mostRounds = 16
        for _ in 0..<mostRounds {
            var round = Simplification(graph, targets: Set(values.values))
            round.run()
            graph = round.result
            for (target, value) in values { values[target] = round.places[value] }
            if !round.hasChanged { break }
        }
        return (graph, values)
    }

    /// Which values the targets are made of, themselves among them.
    func needed(for targets: Set<Int>) -> [Bool] {
        var isNeeded = [Bool](repeating: false, count: valueCount)
        for target in targets { isNeeded[target] = true }
        for value in (1..<valueCount).reversed() where isNeeded[value] {
            for input in nodes[value - 1].inputs { isNeeded[input] = true }
        }
        return isNeeded
    }
}

/// One walk through a graph that makes a smaller one.
struct Simplification {
    let source: Graph
    var result: Graph
    /// Of the source's values in the result; nil where they are not needed.
    var places: [Int?]
    var hasChanged = false
    /// How many nodes will read each value of the result; targets have one reader more.
    private var readers: [Int] = []
    private let isNeeded: [Bool]
    private let sourceReaders: [Int]

    init(_ graph: Graph, targets: Set<Int>) {
        source = graph
        result = Graph(image: graph.image)
        places = [Int?](repeating: nil, count: graph.valueCount)
        isNeeded = graph.needed(for: targets)
        var readers = [Int](repeating: 0, count: graph.valueCount)
        for (index, node) in graph.nodes.enumerated() where isNeeded[index + 1] {
            for input in node.inputs { readers[input] += 1 }
        }
        for target in targets { readers[target] += 1 }
        sourceReaders = readers
    }

    mutating func run() {
        places[0] = 0
        readers = [sourceReaders[0]]
        for (index, node) in source.nodes.enumerated() where isNeeded[index + 1] {
            var node = node
            for input in node.inputs.indices {
                guard let place = places[node.inputs[input]] else { preconditionFailure("what is needed is there") }
                node.inputs[input] = place
            }
            if let same = identity(node) {
                // Its readers read its input.
                readers[same] += sourceReaders[index + 1] - 1
                places[index + 1] = same
                hasChanged = true
                continue
            }
            if let simpler = simpler(node) {
                node = simpler
                hasChanged = true
            }
            places[index + 1] = result.add(node.operation, node.inputs, shape: node.shape, name: node.name)
            readers.append(sourceReaders[index + 1])
        }
    }

    /// The node that makes a value; nil for the image.
    func node(_ value: Int) -> Graph.Node? { value == 0 ? nil : result.nodes[value - 1] }

    /// The value that a node passes on as it is.
    private func identity(_ node: Graph.Node) -> Int? {
        let input = node.inputs[0]
        guard result.shape(of: input) == node.shape else { return nil }
        switch node.operation {
        case .affine(let scale, let shift):
            return scale.allSatisfy { $0 == 1 } && shift.allSatisfy { $0 == 0 } ? input : nil
        case .channels(let indices):
            return indices.indices.allSatisfy { indices[$0] == $0 } ? input : nil
        case .resample(let rows, let columns, _):
            return rows.indices.allSatisfy { rows[$0] == $0 } && columns.indices.allSatisfy { columns[$0] == $0 }
                ? input : nil
        case .rearrangement(let walk): return walk.isIdentity ? input : nil
        case .activation(.clip(let lower, let upper)):
            return lower == -.infinity && upper == .infinity ? input : nil
        default: return nil
        }
    }

    /// What makes the same with less; nil if nothing is found.
    private func simpler(_ node: Graph.Node) -> Graph.Node? {
        switch node.operation {
        case .affine(let scale, let shift):
            return scaled(node, scale, shift) ?? written(node, scale, shift)
        case .convolution(let convolution): return padded(node, convolution)
        case .pooling(let pooling): return padded(node, pooling)
        case .channels(let indices):
            guard let before = self.node(node.inputs[0]), case .channels(let first) = before.operation else {
                return nil
            }
            return replaced(node, .channels(indices.map { first[$0] }), before.inputs)
        case .resample(let rows, let columns, let border): return resampled(node, rows, columns, border)
        case .rearrangement(let walk): return rearranged(node, walk)
        case .binary(.multiply): return written(node)
        case .binary(.divide): return standardized(node)
        default: return nil
        }
    }

    func replaced(_ node: Graph.Node, _ operation: Operation, _ inputs: [Int]) -> Graph.Node {
        Graph.Node(operation, inputs: inputs, shape: node.shape, name: node.name)
    }

    // MARK: Linear operators

    /// Scaling behind scaling or behind a convolution that nobody else reads.
    private func scaled(_ node: Graph.Node, _ scale: [Float], _ shift: [Float]) -> Graph.Node? {
        guard let before = self.node(node.inputs[0]) else { return nil }
        switch before.operation {
        case .affine(let firstScale, let firstShift):
            let together = scale.indices.map { Float(Double(firstScale[$0]) * Double(scale[$0])) }
            let sum = scale.indices.map {
                Float(Double(firstShift[$0]) * Double(scale[$0]) + Double(shift[$0]))
            }
            guard together.allSatisfy({ $0.isFinite }), sum.allSatisfy({ $0.isFinite }) else { return nil }
            return replaced(node, .affine(scale: together, shift: sum), before.inputs)
        case .convolution(var convolution) where readers[node.inputs[0]] == 1:
            let firstScale = convolution.scale
            convolution.scale = scale.indices.map { (firstScale?[$0] ?? 1) * Double(scale[$0]) }
            convolution.bias = scale.indices.map { convolution.bias[$0] * Double(scale[$0]) + Double(shift[$0]) }
            return replaced(node, .convolution(convolution), before.inputs)
        default: return nil
        }
    }

    /// A convolution behind a border of zeros.
    private func padded(_ node: Graph.Node, _ convolution: Convolution) -> Graph.Node? {
        guard let before = self.node(node.inputs[0]), case .resample(let rows, let columns, 0) = before.operation
        else { return nil }
        let inner = result.shape(of: before.inputs[0])
        guard let (top, bottom) = Self.border(rows, around: inner.height),
            let (left, right) = Self.border(columns, around: inner.width)
        else { return nil }
        var convolution = convolution
        convolution.top += top
        convolution.bottom += bottom
        convolution.left += left
        convolution.right += right
        return replaced(node, .convolution(convolution), before.inputs)
    }

    /// Pooling behind a border: of what a maximum takes no notice of, or of zeros that a mean counts.
    private func padded(_ node: Graph.Node, _ pooling: Pooling) -> Graph.Node? {
        guard let before = self.node(node.inputs[0]),
            case .resample(let rows, let columns, let border) = before.operation
        else { return nil }
        let inner = result.shape(of: before.inputs[0])
        guard let (top, bottom) = Self.border(rows, around: inner.height),
            let (left, right) = Self.border(columns, around: inner.width)
        else { return nil }
        var pooling = pooling
        switch pooling.kind {
        case .maximum: guard border == -.infinity else { return nil }
        case .average(let countsPadding):
            let isUnpadded = pooling.top == 0 && pooling.left == 0 && pooling.bottom == 0 && pooling.right == 0
            guard border == 0, countsPadding || isUnpadded else { return nil }
            pooling.kind = .average(countsPadding: true)
        }
        pooling.top += top
        pooling.bottom += bottom
        pooling.left += left
        pooling.right += right
        // No window of padding alone.
        guard max(pooling.top, pooling.bottom) < pooling.kernelHeight,
            max(pooling.left, pooling.right) < pooling.kernelWidth, pooling.dilationY == 1, pooling.dilationX == 1
        else { return nil }
        return replaced(node, .pooling(pooling), before.inputs)
    }

    /// How many borders lie before and behind all of `extent` indices in their order; nil if they are others.
    private static func border(_ indices: [Int], around extent: Int) -> (before: Int, after: Int)? {
        guard let first = indices.firstIndex(of: 0), first + extent <= indices.count else { return nil }
        let isBorder = indices[..<first].allSatisfy { $0 < 0 } && indices[(first + extent)...].allSatisfy { $0 < 0 }
        guard isBorder, (0..<extent).allSatisfy({ indices[first + $0] == $0 }) else { return nil }
        return (first, indices.count - first - extent)
    }

    // MARK: Moves

    private func resampled(_ node: Graph.Node, _ rows: [Int], _ columns: [Int], _ border: Float) -> Graph.Node? {
        guard let before = self.node(node.inputs[0]),
            case .resample(let firstRows, let firstColumns, let firstBorder) = before.operation
        else { return nil }
        // Two different borders remain two.
        let isBorderless = (rows + columns).allSatisfy { $0 >= 0 }
        let isFirstBorderless = (firstRows + firstColumns).allSatisfy { $0 >= 0 }
        guard border == firstBorder || isBorderless || isFirstBorderless else { return nil }
        func compose(_ indices: [Int], _ first: [Int]) -> [Int] { indices.map { $0 < 0 ? -1 : first[$0] } }
        return replaced(
            node,
            .resample(
                rows: compose(rows, firstRows), columns: compose(columns, firstColumns),
                border: isFirstBorderless ? border : firstBorder), before.inputs)
    }

    /// A rearrangement next to one that changes the shape alone.
    private func rearranged(_ node: Graph.Node, _ walk: Rearrangement) -> Graph.Node? {
        guard let before = self.node(node.inputs[0]), case .rearrangement(let first) = before.operation else {
            return nil
        }
        if first.isIdentity, before.shape.count == result.shape(of: before.inputs[0]).count {
            return replaced(node, .rearrangement(walk), before.inputs)
        }
        if walk.isIdentity, node.shape.count == before.shape.count {
            return replaced(node, .rearrangement(first), before.inputs)
        }
        return nil
    }
}

extension Rearrangement {
    /// Does it give the first elements in their order?
    var isIdentity: Bool {
        var step = 1
        for (extent, given) in zip(extents, steps).reversed() where extent != 1 {
            guard given == step else { return false }
            step *= extent
        }
        return offset == 0
    }
}
