/// A network of an ONNX file at one image size: what of it can be computed as a graph, which value of the graph each
/// tensor of the file is, and what stands in the way of the others.
public struct LoweredGraph: Sendable {
    /// A node that cannot be lowered.
    public struct BlockedNode: Sendable, Equatable {
        /// Its place in the file.
        public let index: Int
        /// `node "/Resize" (Resize)`
        public let label: String
        public let reason: String
        /// May be empty.
        public let remedy: String
    }

    /// A tensor of the file that depends on the image and has channels.
    public struct Tensor: Sendable, Equatable {
        /// Of the graph: a map whose channels are the tensor's units.
        public let value: Int
        /// As the file has it: `[1, 64, 56, 56]`, `[1, 1000]`.
        public let shape: [Int]

        /// Whether it is `[1, units]`.
        public var isLogits: Bool { shape.count == 2 }
    }

    /// Path of the file.
    public let file: String
    /// Everything that can be computed. Use `Graph.simplified` for what a target needs.
    public let graph: Graph
    /// In the order of the file: all nodes at fault. Of those behind them only those that could not be lowered
    /// whatever came before.
    public let blockedNodes: [BlockedNode]
    /// By the names of the file.
    public let tensors: [String: Tensor]
    /// The blocked nodes (positions in `blockedNodes`, the first of them) that stand before a tensor that depends on the
    /// image.
    public let blockedTensors: [String: [Int]]
    /// What users call them.
    public let names: LayerNames

    /// A tensor by its name in the file.
    /// - Throws: `NetworkError` that names the nodes it is blocked by, or says that it has no channels.
    public func tensor(_ name: String) throws(NetworkError) -> Tensor {
        if let tensor = tensors[name] { return tensor }
        guard let faults = blockedTensors[name], let first = faults.first else {
            throw NetworkError(
                file: file, place: "tensor \(name.quoted)",
                reason: "does not depend on the image or has no channels: no layer can be visualized there")
        }
        throw error(of: faults, first: first)
    }

    /// A tensor by any name of a layer.
    /// - Parameter passingSoftmax: the logits are meant where the name is that of a softmax at the network's end.
    /// - Throws: as `tensor(_:)` does.
    public func tensor(ofLayer name: String, passingSoftmax: Bool = true) throws(NetworkError) -> Tensor {
        try tensor(names.tensor(name, passingSoftmax: passingSoftmax))
    }

    /// The value of the graph that is a layer: a map whose channels are its units.
    /// - Parameters:
    ///   - name: any of the layer's names.
    ///   - passingSoftmax: the logits are meant where the name is that of a softmax at the network's end.
    /// - Throws: `NetworkError` that names the nodes it is blocked by, or says that there is no such layer.
    public func value(ofLayer name: String, passingSoftmax: Bool = true) throws(NetworkError) -> Int {
        try tensor(ofLayer: name, passingSoftmax: passingSoftmax).value
    }

    private func error(of faults: [Int], first: Int) -> NetworkError {
        let node = blockedNodes[first]
        var reason = node.reason
        let shown = 4
        for other in faults.dropFirst().prefix(shown) {
            reason += "; \(blockedNodes[other].label) \(blockedNodes[other].reason)"
        }
        if faults.count > shown + 1 { reason += "; and \(faults.count - shown - 1) further nodes" }
        return NetworkError(file: file, place: node.label, reason: reason, remedy: node.remedy)
    }

    /// Why no layer at all can be visualized: the nodes in the way, or that there is none.
    var nothingToSee: NetworkError {
        guard let first = blockedNodes.indices.first else {
            return NetworkError(
                file: file, reason: "has no layer with channels that depends on the image",
                remedy: "Only convolutional networks can be visualized")
        }
        return error(of: Array(blockedNodes.indices), first: first)
    }

    /// What stands in the way of `name`, or nil.
    public func blockingError(_ name: String) -> NetworkError? {
        guard let faults = blockedTensors[name], let first = faults.first else { return nil }
        return error(of: faults, first: first)
    }
}

extension LoweredGraph {
    /// Lowers a model for images of one size.
    /// - Throws: `NetworkError` if the file as a whole cannot be used: it has not one image as its input, or its nodes
    ///   read what is not there. Nodes that cannot be lowered are no error: they block what depends on them.
    public init(model: ONNXModel, height: Int, width: Int) throws(NetworkError) {
        precondition(height > 0 && width > 0, "images have pixels")
        var lowering = try Lowering(model: model, image: NetworkImage(of: model), height: height, width: width)
        try lowering.run()
        self.init(lowering)
    }

    init(_ finished: consuming Lowering) {
        var lowering = finished
        var tensors: [String: Tensor] = [:]
        var blocked: [String: [Int]] = [:]
        for node in lowering.model.nodes {
            for name in node.outputs {
                switch lowering.entries[name] {
                case .value(.live(let live)):
                    lowering.currentName = name
                    if let tensor = lowering.unitTensor(live) { tensors[name] = tensor }
                case .blocked(true, let faults): blocked[name] = faults
                default: break
                }
            }
        }
        file = lowering.model.path
        graph = lowering.graph
        blockedNodes = lowering.blockedNodes
        self.tensors = tensors
        names = LayerNames(model: lowering.model, isLive: lowering.isLive) { name in
            guard let tensor = tensors[name] else { return false }
            return tensor.shape.count == 2 || tensor.shape.dropFirst(2) == [1, 1]
        }
        blockedTensors = blocked
    }
}

extension Lowering {
    /// The tensor as a map whose channels are its units; nil if it has none.
    fileprivate mutating func unitTensor(_ tensor: LiveTensor) -> LoweredGraph.Tensor? {
        let shape = tensor.shape
        guard shape.count == 2 || shape.count == 4, shape[0] == 1 else { return nil }
        let source = graph.shape(of: tensor.value)
        // Channels last: the map behind it is the layer as everybody knows it.
        if shape.count == 4, tensor.view.isPermutation(of: source.count), source.channels > 1,
            shape[3] == source.channels, tensor.view.strides[3] == source.pixels
        {
            return LoweredGraph.Tensor(value: tensor.value, shape: shape)
        }
        let map =
            shape.count == 2
            ? MapShape(channels: shape[1], height: 1, width: 1)
            : MapShape(channels: shape[1], height: shape[2], width: shape[3])
        guard let value = try? self.map(tensor, as: map) else { return nil }
        return LoweredGraph.Tensor(value: value, shape: shape)
    }
}
