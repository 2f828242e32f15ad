/// Makes a graph of a model, node by node in the order of the file.
struct Lowering {
    enum Entry {
        case value(LoweredValue)
        case blocked(isLive: Bool, faults: [Int])
    }

    let model: ONNXModel
    var graph: Graph
    var entries: [String: Entry] = [:]
    var blockedNodes: [LoweredGraph.BlockedNode] = []
    var isLive: [Bool] = []
    /// The names that some node reads or the network gives out.
    let readNames: Set<String>
    /// Numbers that may still be made of constants: a small file must not fill the memory.
    var budget: Int
    /// Numbers that may still be made for interpolation, of which the file has none.
    var interpolationBudget: Int
    /// As many numbers may be made for one tensor of constants.
    let greatestCost: Int
    let greatestCount: Int
    /// What nodes that are added are called.
    var currentName = ""
    /// Maps that were made of views.
    var maps: [MapKey: Int] = [:]

    struct MapKey: Hashable {
        var value: Int
        var walk: StridedView
        var shape: MapShape
    }

    /// More elements than any map can have: 1 GiB.
    static let largestMap = 1 << 28
    /// More axes than any tensor of a network of images has.
    static let highestRank = 16
    /// A tensor keeps this many of the nodes that block it.
    private static let faultsKept = 128

    init(model: ONNXModel, image: NetworkImage, height: Int, width: Int) throws(NetworkError) {
        self.model = model
        let channels = image.channels
        graph = Graph(image: MapShape(channels: channels, height: height, width: width))
        var weights = 0
        for tensor in model.initializers.values { weights += tensor.count }
        budget = (1 << 22) + 64 * height * width + 4 * weights
        // A decoder from 1/16 to the full size, 64 channels wide there, makes 200 for each pixel.
        interpolationBudget = min((1 << 24) + 256 * height * width, 1 << 27)
        greatestCost = 64 * ((1 << 20) + weights)
        greatestCount = (1 << 22) + 4 * weights
        var read = Set(model.outputs.map { $0.name })
        for node in model.nodes { read.formUnion(node.inputs) }
        readNames = read

        // In one order whatever the dictionary's: what is at fault is listed in it.
        for (name, tensor) in model.initializers.sorted(by: { $0.key < $1.key }) {
            entries[name] = constantEntry(tensor)
        }
        let canonical = StridedView([1, channels, height, width])
        let view = image.isChannelsLast ? canonical.transposed([0, 2, 3, 1]) : canonical
        guard entries[image.name] == nil else { throw Self.doubled(image.name, model.path) }
        entries[image.name] = .value(.live(LiveTensor(value: 0, view: view)))
    }

    static func doubled(_ name: String, _ file: String) -> NetworkError {
        NetworkError(
            file: file, place: "tensor \(name.quoted)", reason: "is produced twice", remedy: "Export the network again")
    }

    private mutating func constantEntry(_ tensor: ONNXTensor) -> Entry {
        do {
            return .value(.constant(try Self.constant(tensor)))
        } catch {
            return .blocked(isLive: false, faults: [add(error, index: 0, label: "weight \(tensor.name.quoted)")])
        }
    }

    static func constant(_ tensor: ONNXTensor) throws(LoweringFault) -> ConstantTensor {
        do {
            switch tensor.type {
            case .bool: return ConstantTensor(try tensor.integers(), shape: tensor.shape, kind: .boolean)
            case .uint8, .int8, .uint16, .int16, .int32, .int64, .uint32, .uint64:
                return ConstantTensor(try tensor.integers(), shape: tensor.shape)
            default:
                // A bound may be infinite, a weight may not.
                if tensor.count == 1, let number = try tensor.floats(isFinite: false).first, number.isInfinite {
                    return ConstantTensor([Double(number)], shape: tensor.shape)
                }
                return ConstantTensor(try tensor.constant(), shape: tensor.shape)
            }
        } catch {
            throw LoweringFault(error.reason, remedy: error.remedy)
        }
    }

    private mutating func add(_ fault: LoweringFault, index: Int, label: String) -> Int {
        blockedNodes.append(
            LoweredGraph.BlockedNode(index: index, label: label, reason: fault.reason, remedy: fault.remedy))
        return blockedNodes.count - 1
    }

    /// Lowers all nodes.
    mutating func run() throws(NetworkError) {
        var produced = Set<String>()
        for node in model.nodes {
            for name in node.outputs where !name.isEmpty {
                guard produced.insert(name).inserted, entries[name] == nil else {
                    throw Self.doubled(name, model.path)
                }
            }
        }
        for (index, node) in model.nodes.enumerated() {
            var inputs: [LoweredValue?] = []
            var faults: [Int] = []
            var isBlocked = false
            var dependsOnImage = false
            for name in node.inputs {
                guard !name.isEmpty else {
                    inputs.append(nil)
                    continue
                }
                guard let entry = entries[name] else {
                    throw NetworkError(
                        file: model.path, place: node.label,
                        reason: produced.contains(name)
                            ? "reads \(name.quoted), which a later node produces: the nodes are not in order"
                            : "reads \(name.quoted), which nothing produces",
                        remedy: "Export the network again")
                }
                switch entry {
                case .value(let value):
                    inputs.append(value)
                    if case .live = value { dependsOnImage = true }
                case .blocked(let isLive, let more):
                    isBlocked = true
                    dependsOnImage = dependsOnImage || isLive
                    faults = Self.union(faults, more)
                }
            }
            // What depends on the image's size alone is constant.
            if node.domain.isEmpty, node.type == "Shape" || node.type == "Size" { dependsOnImage = false }
            isLive.append(dependsOnImage)
            if !isBlocked {
                currentName = node.outputs.first { !$0.isEmpty } ?? ""
                do {
                    let outputs = try lower(NodeCall(node: node, opset: model.opset, inputs: inputs))
                    for (name, output) in zip(node.outputs, outputs) where !name.isEmpty {
                        try check(output)
                        entries[name] = .value(output)
                    }
                } catch {
                    faults = [add(error, index: index, label: node.label)]
                }
            } else if dependsOnImage, let fault = Self.typeFault(of: node) {
                // Whoever removes what blocks it wants to know all that is in the way.
                faults = Self.union(faults, [add(fault, index: index, label: node.label)])
            }
            for name in node.outputs where !name.isEmpty && entries[name] == nil {
                if faults.isEmpty, readNames.contains(name) {
                    faults = [
                        add(
                            LoweringFault("gives more than its first output, which is not supported"), index: index,
                            label: node.label)
                    ]
                }
                if !faults.isEmpty { entries[name] = .blocked(isLive: dependsOnImage, faults: faults) }
            }
        }
    }

    private func check(_ output: LoweredValue) throws(LoweringFault) {
        guard output.shape.count <= Self.highestRank else {
            throw LoweringFault("makes a tensor of \(output.shape.count) axes")
        }
        guard case .live(let tensor) = output else { return }
        try Self.checkMap(tensor.shape)
    }

    /// That a tensor of this shape is not empty and can be held.
    static func checkMap(_ shape: [Int]) throws(LoweringFault) {
        guard let count = elementCount(of: shape), count <= largestMap else {
            throw LoweringFault("makes a tensor of the shape \(shape), which is too large")
        }
        guard count > 0 else {
            throw LoweringFault(
                "makes an empty tensor, of the shape \(shape)",
                remedy: "A larger image may help")
        }
    }

    /// Of two rising lists one, each fault once, the first of them.
    private static func union(_ first: [Int], _ second: [Int]) -> [Int] {
        if first.isEmpty || first == second { return second }
        var merged: [Int] = []
        var (one, other) = (0, 0)
        while merged.count < faultsKept, one < first.count || other < second.count {
            let next = min(
                one < first.count ? first[one] : .max, other < second.count ? second[other] : .max)
            merged.append(next)
            if one < first.count, first[one] == next { one += 1 }
            if other < second.count, second[other] == next { other += 1 }
        }
        // Many tensors behind the same nodes share one list.
        return merged == first ? first : merged
    }

    // MARK: What operators use

    /// Takes `count` numbers off what may be made of constants.
    mutating func charge(_ count: Int) throws(LoweringFault) {
        guard count <= budget else {
            throw LoweringFault("makes more constants than the file's size can explain")
        }
        budget -= count
    }

    /// Floats that are made of constants: now, or of weights when somebody asks for them.
    mutating func folded(
        of inputs: [ConstantTensor], shape: [Int],
        _ compute: @escaping @Sendable () throws(LoweringFault) -> [Double]
    ) throws(LoweringFault) -> ConstantTensor {
        guard let count = elementCount(of: shape), count <= greatestCount else {
            throw LoweringFault("makes constants of the shape \(shape), more than the file's size can explain")
        }
        guard inputs.contains(where: { $0.isLarge }) else {
            try charge(count)
            return ConstantTensor(try compute(), shape: shape)
        }
        var cost = count
        for input in inputs { cost += input.cost + input.count }
        guard cost <= greatestCost else {
            throw LoweringFault("makes more constants than the file's size can explain")
        }
        return ConstantTensor(DeferredNumbers(count: count, cost: cost, compute), shape: shape)
    }

    mutating func add(_ operation: Operation, _ inputs: [Int], shape: MapShape) -> Int {
        graph.add(operation, inputs, shape: shape, name: currentName)
    }

    /// A node whose output is like its input.
    mutating func add(_ operation: Operation, to value: Int) -> Int {
        add(operation, [value], shape: graph.shape(of: value))
    }
}
