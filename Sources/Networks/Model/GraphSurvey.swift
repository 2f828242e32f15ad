/// What of the image each value of a graph sees, how far apart, and what it costs.
struct GraphSurvey {
    /// Image pixels from one value of a map to the next.
    struct Sight {
        var strideY = 1.0
        var strideX = 1.0
        /// The side of what one value sees, in image pixels; nil if it sees everything.
        var receptiveField: Double? = 1
    }

    let graph: Graph
    private(set) var sights: [Sight]

    init(_ graph: Graph) {
        self.graph = graph
        sights = [Sight()]
        sights.reserveCapacity(graph.valueCount)
        for node in graph.nodes { sights.append(sight(of: node)) }
    }

    /// Of a map in image pixels, at least 1.
    func stride(of value: Int) -> Int {
        if graph.shape(of: value).pixels == 1 { return max(graph.image.height, graph.image.width) }
        return max(1, Int(((sights[value].strideY + sights[value].strideX) / 2).rounded()))
    }

    func receptiveField(of value: Int) -> Int? {
        sights[value].receptiveField.flatMap { $0 < 1e9 ? Int($0.rounded(.up)) : nil }
    }

    private func sight(of node: Graph.Node) -> Sight {
        // Gates and biases of one pixel are beside the point: what a value sees is where it lies.
        let widest = node.inputs.max { graph.shape(of: $0).pixels < graph.shape(of: $1).pixels } ?? 0
        var sight = sights[widest]
        let pixels = graph.shape(of: widest).pixels
        for input in node.inputs where graph.shape(of: input).pixels == pixels {
            guard let field = sight.receptiveField, let other = sights[input].receptiveField else {
                sight.receptiveField = nil
                break
            }
            sight.receptiveField = max(field, other)
        }
        let input = graph.shape(of: widest)
        switch node.operation {
        case .convolution(let it):
            sight.widen(
                by: ((it.kernelHeight - 1) * it.dilationY, (it.kernelWidth - 1) * it.dilationX),
                stride: (it.strideY, it.strideX))
        case .pooling(let it):
            sight.widen(
                by: ((it.kernelHeight - 1) * it.dilationY, (it.kernelWidth - 1) * it.dilationX),
                stride: (it.strideY, it.strideX))
        case .resample(let rows, let columns, _):
            sight.strideY *= Self.step(rows)
            sight.strideX *= Self.step(columns)
        case .reduction(let reduction) where reduction.axis == .pixels && pixels > 1: sight.receptiveField = nil
        case .matrixProduct: sight.receptiveField = nil
        case .rearrangement:
            let output = node.shape
            if output.pixels > 1, input.height % output.height == 0, input.width % output.width == 0,
                input.height / output.height == input.width / output.width
            {
                let block = input.height / output.height
                sight.widen(by: (block - 1, block - 1), stride: (block, block))
            } else if output.height % input.height == 0, output.width % input.width == 0, input.pixels > 1,
                output.height / input.height == output.width / input.width
            {
                sight.strideY *= Double(input.height) / Double(output.height)
                sight.strideX *= Double(input.width) / Double(output.width)
            } else if pixels > 1 {
                sight.receptiveField = nil
            }
        default: break
        }
        return sight
    }

    /// How far apart in the input neighbors of the output lie, on average: less than 1 where rows are repeated. Borders,
    /// and what is reflected in them, do not count.
    private static func step(_ indices: [Int]) -> Double {
        var lowest = Int.max
        var highest = Int.min
        var first = 0
        var last = 0
        for (place, index) in indices.enumerated() where index >= 0 {
            if index < lowest { (lowest, first) = (index, place) }
            if index >= highest { (highest, last) = (index, place) }
        }
        guard highest > lowest, last > first else { return 1 }
        return Double(highest - lowest) / Double(last - first)
    }

    /// For each value whether everything that `target` is made of passes it: the ends of blocks, and no branches.
    func isPassedByAll(to target: Int) -> [Bool] {
        let isNeeded = graph.needed(for: [target])
        var lastReader = [Int](repeating: 0, count: graph.valueCount)
        for (index, node) in graph.nodes.enumerated() where isNeeded[index + 1] {
            for input in node.inputs { lastReader[input] = index + 1 }
        }
        var isPassed = isNeeded
        var furthest = 0
        for value in 0..<graph.valueCount where isNeeded[value] {
            // Nobody behind it reads what is before it.
            isPassed[value] = furthest <= value
            furthest = max(furthest, lastReader[value])
        }
        return isPassed
    }

    // MARK: Cost

    /// Multiply-accumulates of a node for each pixel of its output.
    static func work(of node: Graph.Node, graph: Graph) -> Int {
        switch node.operation {
        case .convolution(let convolution): convolution.multiplyAccumulatesPerPixel
        case .matrixProduct: node.shape.channels * graph.shape(of: node.inputs[0]).width
        default: 0
        }
    }

    /// Multiply-accumulates of a value's node for each pixel that its stride makes of the image: the map may have fewer,
    /// or more.
    private func work(ofValue value: Int) -> (stride: Int, perPixel: Double)? {
        let work = Self.work(of: graph.nodes[value - 1], graph: graph)
        guard work > 0 else { return nil }
        let stride = stride(of: value)
        let pixels = Layer.MapSize(stride: stride, height: graph.image.height, width: graph.image.width).pixels
        return (stride, Double(work) * Double(graph.shape(of: value).pixels) / Double(pixels))
    }

    /// What each of `values` needs, itself included, by stride.
    func work(of values: [Int]) -> [[Layer.Work]] {
        // Which values need which: a bit each, unless a network is so large that nobody could wait for it.
        let words = (graph.valueCount + 63) / 64
        guard graph.valueCount * words <= 1 << 21 else { return inOrder(values) }
        var ancestors = [[UInt64]](repeating: [], count: graph.valueCount)
        ancestors[0] = [UInt64](repeating: 0, count: words)
        for (index, node) in graph.nodes.enumerated() {
            var bits = ancestors[node.inputs[0]]
            for input in node.inputs.dropFirst() {
                for word in 0..<words { bits[word] |= ancestors[input][word] }
            }
            bits[(index + 1) / 64] |= 1 << UInt64((index + 1) % 64)
            ancestors[index + 1] = bits
        }
        let costs = graph.nodes.indices.compactMap { index in
            work(ofValue: index + 1).map { (value: index + 1, stride: $0.stride, perPixel: $0.perPixel) }
        }
        return values.map { value in
            var sums: [Int: Double] = [:]
            for cost in costs where cost.value <= value {
                if ancestors[value][cost.value / 64] >> UInt64(cost.value % 64) & 1 == 1 {
                    sums[cost.stride, default: 0] += cost.perPixel
                }
            }
            return Self.sorted(sums)
        }
    }

    /// As if each value needed all before it.
    private func inOrder(_ values: [Int]) -> [[Layer.Work]] {
        var works: [Int: [Layer.Work]] = [:]
        let wanted = Set(values)
        var sums: [Int: Double] = [:]
        for index in graph.nodes.indices {
            if let work = work(ofValue: index + 1) { sums[work.stride, default: 0] += work.perPixel }
            if wanted.contains(index + 1) { works[index + 1] = Self.sorted(sums) }
        }
        return values.map { works[$0] ?? [] }
    }

    private static func sorted(_ sums: [Int: Double]) -> [Layer.Work] {
        sums.sorted { $0.key < $1.key }.map { Layer.Work(stride: $0.key, perPixel: $0.value) }
    }
}

extension GraphSurvey.Sight {
    fileprivate mutating func widen(by extent: (Int, Int), stride: (Int, Int)) {
        if let field = receptiveField {
            receptiveField = field + max(Double(extent.0) * strideY, Double(extent.1) * strideX)
        }
        strideY *= Double(stride.0)
        strideX *= Double(stride.1)
    }
}
