import Networks

/// Turns a graph into steps: one for each node, or for several where a fusion is known.
struct PlanBuilder {
    private let graph: Graph
    private let network: Network
    private let image: ImageMemory
    /// Values that must exist as maps.
    private let kept: Set<Int>
    private let target: Int
    /// No fusions, so that every activation's output can be looked at.
    private let isPlain: Bool
    /// Gradients are never asked for.
    private let isForwardOnly: Bool
    /// No ways that round more than plain sums.
    private let isExact: Bool
    /// The nodes that read each value.
    private var readers: [[Int]]
    private var steps: [PlanStep] = []
    /// Nodes that are part of a step already.
    private var isTaken: [Bool]

    /// - Parameters:
    ///   - kept: values of taps.
    ///   - target: the value at which the plan ends.
    init(
        _ graph: Graph, _ network: Network, _ image: ImageMemory, target: Int, kept: Set<Int>, isPlain: Bool,
        isForwardOnly: Bool, isExact: Bool
    ) {
        self.graph = graph
        self.network = network
        self.image = image
        self.target = target
        self.kept = kept.union([target])
        self.isPlain = isPlain
        self.isForwardOnly = isForwardOnly
        self.isExact = isExact
        readers = [[Int]](repeating: [], count: graph.valueCount)
        for (index, node) in graph.nodes.enumerated() {
            for input in Set(node.inputs) { readers[input].append(index) }
        }
        isTaken = [Bool](repeating: false, count: graph.nodes.count)
    }

    /// The steps in an order in which each finds its inputs made.
    mutating func build() throws(NetworkError) -> [PlanStep] {
        let readsImageItself = !kept.contains(0) && readers[0].count == 1 && readersFit(image: readers[0][0])
        if !readsImageItself {
            steps.append(PlanStep(ImageMap(image, graph.image), inputs: [], value: 0, name: "image"))
        }
        for index in graph.nodes.indices where !isTaken[index] {
            if try fuseInvertedResidual(at: index) { continue }
            if try convolve(at: index) { continue }
            let node = graph.nodes[index]
            if !isExact, case .activation(.gelu) = node.operation {
                append(RoundedSlopeOperation(shape: node.shape), inputs: node.inputs, value: index + 1)
                continue
            }
            let shapes = node.inputs.map { graph.shape(of: $0) }
            guard let operation = try MapOperations.make(node.operation, inputs: shapes, output: node.shape) else {
                preconditionFailure("a convolution is a step of its own")
            }
            append(operation, inputs: node.inputs, value: index + 1)
        }
        return steps
    }

    private func readersFit(image index: Int) -> Bool {
        guard case .convolution(let convolution) = graph.nodes[index].operation else { return false }
        return ImageConvolution.fits(convolution)
    }

    private mutating func append(_ operation: MapOperation, inputs: [Int], value: Int) {
        steps.append(PlanStep(operation, inputs: inputs, value: value, name: graph.nodes[value - 1].name))
    }

    /// Whether the image has no map: its one reader takes its pixels.
    private var hasImageMap: Bool { steps.first?.value == 0 }

    // MARK: - Convolutions

    /// A convolution, with the ReLU behind it.
    private mutating func convolve(at index: Int) throws(NetworkError) -> Bool {
        guard case .convolution(let convolution) = graph.nodes[index].operation else { return false }
        let node = graph.nodes[index]
        let input = graph.shape(of: node.inputs[0])
        let (value, activation) = rectified(index + 1)
        if value != index + 1 { isTaken[value - 1] = true }
        // Packed once for all evaluators; the name of what it makes identifies a convolution in a network.
        let operation: MapOperation
        if node.inputs[0] == 0, !hasImageMap {
            operation = ImageConvolution(
                try network.packed.image(node.name, convolution), convolution, activation, image, input: input,
                output: node.shape)
        } else if convolution.isPointwise {
            operation = PointwiseConvolution(
                try network.packed.pointwise(node.name, convolution, .forward),
                isForwardOnly ? nil : try network.packed.pointwise(node.name, convolution, .backward), activation,
                input: input, output: node.shape)
        } else if convolution.isDepthwise {
            operation = DepthwiseConvolution(
                try network.packed.depthwise(node.name, convolution), convolution, activation, input: input,
                output: node.shape)
        } else if !isExact, WinogradConvolution.isFaster(convolution, input: input, output: node.shape) {
            operation = WinogradConvolution(
                try network.packed.winograd(node.name, convolution, .forward),
                isForwardOnly ? nil : try network.packed.winograd(node.name, convolution, .backward), convolution,
                activation, input: input, output: node.shape)
        } else {
            operation = DenseConvolution(
                try network.packed.dense(node.name, convolution, .forward),
                isForwardOnly ? nil : try network.packed.dense(node.name, convolution, .backward), convolution,
                activation, input: input, output: node.shape)
        }
        append(operation, inputs: node.inputs, value: value)
        return true
    }

    /// The value behind a ReLU that alone reads `value`, and which; otherwise `value` itself.
    private func rectified(_ value: Int) -> (value: Int, activation: FusedActivation) {
        guard let reader = onlyReader(of: value), case .activation(let function) = graph.nodes[reader].operation,
            let activation = FusedActivation(function)
        else { return (value, .none) }
        return (reader + 1, activation)
    }

    /// The one node that reads a value, if that value need not exist.
    private func onlyReader(of value: Int) -> Int? {
        guard !isPlain, !kept.contains(value), readers[value].count == 1 else { return nil }
        return readers[value][0]
    }

    // MARK: - Inverted residual blocks

    private mutating func fuseInvertedResidual(at index: Int) throws(NetworkError) -> Bool {
        guard !isPlain, let match = matchInvertedResidual(at: index) else { return false }
        let (block, value) = (match.block, match.value)
        let node = graph.nodes[index]
        let packed = try network.packed.invertedResidual(graph.nodes[value - 1].name, block)
        for index in match.nodes { isTaken[index] = true }
        let operation = InvertedResidual(
            block, packed, input: graph.shape(of: node.inputs[0]), output: graph.shape(of: value), image: image)
        append(operation, inputs: node.inputs, value: value)
        return true
    }

    private struct Match {
        var block: InvertedResidualBlock
        /// What the block makes.
        var value: Int
        var nodes: [Int]
    }

    /// A block that begins with node `index`: a whole one, or one that ends early because its layer is the target.
    private func matchInvertedResidual(at index: Int) -> Match? {
        guard case .convolution(let expand) = graph.nodes[index].operation else { return nil }
        let input = graph.nodes[index].inputs[0]
        let isStem = input == 0
        if isStem && hasImageMap { return nil }
        guard InvertedResidualBlock.canExpand(expand, isImage: isStem) else { return nil }
        let (expanded, expandActivation) = rectified(index + 1)
        guard expandActivation != .none else { return nil }
        let shape = graph.shape(of: expanded)
        var block = InvertedResidualBlock(
            stage: .expand, isStem: isStem, expand: expand, expandActivation: expandActivation, depthwise: nil,
            depthwiseActivation: .none, project: nil, expandedHeight: shape.height, expandedWidth: shape.width)
        if isStem {
            // The strip kernels read one row and column around the image, no more.
            guard shape.height == (graph.image.height + 1) / 2, shape.width == (graph.image.width + 1) / 2 else {
                return nil
            }
        }
        if isEnd(expanded) { return Match(block: block, value: expanded, nodes: [index, expanded - 1]) }
        guard let filter = onlyReader(of: expanded), case .convolution(let depthwise) = graph.nodes[filter].operation,
            InvertedResidualBlock.canFilter(depthwise, shape, graph.nodes[filter].shape)
        else { return nil }
        let (filtered, depthwiseActivation) = rectified(filter + 1)
        guard depthwiseActivation != .none else { return nil }
        block.stage = .depthwise
        block.depthwise = depthwise
        block.depthwiseActivation = depthwiseActivation
        var nodes = [index, expanded - 1, filter, filtered - 1]
        if isEnd(filtered) { return Match(block: block, value: filtered, nodes: nodes) }
        guard let projection = onlyReader(of: filtered),
            case .convolution(let project) = graph.nodes[projection].operation, project.isPointwise
        else { return nil }
        block.stage = .project
        block.project = project
        nodes.append(projection)
        guard !isStem, let addition = onlyReader(of: projection + 1),
            case .binary(.add) = graph.nodes[addition].operation, graph.nodes[addition].shape == graph.shape(of: input),
            graph.nodes[addition].inputs.contains(input), graph.nodes[addition].inputs.count == 2
        else { return Match(block: block, value: projection + 1, nodes: nodes) }
        block.stage = .add
        nodes.append(addition)
        return Match(block: block, value: addition + 1, nodes: nodes)
    }

    /// Whether a plan ends with a value: only there may a block end before its projection.
    private func isEnd(_ value: Int) -> Bool { value == target && readers[value].isEmpty }
}
