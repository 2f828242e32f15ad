/// One node with what its inputs hold, and its attributes by type.
struct NodeCall {
    let node: ONNXNode
    let opset: Int
    /// Nil for an optional input that is left out.
    let inputs: [LoweredValue?]

    var outputCount: Int { node.outputs.count }

    /// Nil if it is left out.
    func optional(_ index: Int) -> LoweredValue? { index < inputs.count ? inputs[index] : nil }

    func input(_ index: Int) throws(LoweringFault) -> LoweredValue {
        guard let input = optional(index) else { throw LoweringFault("lacks its input \(index + 1)") }
        return input
    }

    /// An input that depends on the image.
    func live(_ index: Int) throws(LoweringFault) -> LiveTensor {
        guard case .live(let tensor) = try input(index) else {
            throw LoweringFault("computes with constants what is expected to depend on the image")
        }
        return tensor
    }

    /// An input that does not depend on the image; nil if it is left out.
    func optionalConstant(_ index: Int, _ meaning: String) throws(LoweringFault) -> ConstantTensor? {
        guard let input = optional(index) else { return nil }
        guard case .constant(let tensor) = input else {
            throw LoweringFault("has \(meaning) that depend on the image")
        }
        return tensor
    }

    func constant(_ index: Int, _ meaning: String) throws(LoweringFault) -> ConstantTensor {
        guard let tensor = try optionalConstant(index, meaning) else { throw LoweringFault("lacks its \(meaning)") }
        return tensor
    }

    var isConstant: Bool {
        inputs.allSatisfy { input in
            if case .live = input { false } else { true }
        }
    }

    // MARK: Attributes

    private func wrongKind(_ name: String) -> LoweringFault {
        LoweringFault("has an attribute \(name) of the wrong type")
    }

    func integer(_ name: String) throws(LoweringFault) -> Int? {
        guard let attribute = node.attributes[name] else { return nil }
        guard case .integer(let value) = attribute else { throw wrongKind(name) }
        return value
    }

    func integer(_ name: String, default standard: Int) throws(LoweringFault) -> Int {
        try integer(name) ?? standard
    }

    func float(_ name: String) throws(LoweringFault) -> Float? {
        guard let attribute = node.attributes[name] else { return nil }
        guard case .float(let value) = attribute else { throw wrongKind(name) }
        return value
    }

    /// Finite.
    func float(_ name: String, default standard: Float) throws(LoweringFault) -> Float {
        let value = try float(name) ?? standard
        guard value.isFinite else { throw LoweringFault("has an attribute \(name) that is no finite number") }
        return value
    }

    func string(_ name: String, default standard: String) throws(LoweringFault) -> String {
        guard let attribute = node.attributes[name] else { return standard }
        guard case .string(let value) = attribute else { throw wrongKind(name) }
        return value
    }

    func integers(_ name: String) throws(LoweringFault) -> [Int]? {
        guard let attribute = node.attributes[name] else { return nil }
        // The writer of an empty list cannot say of what it is one.
        if case .floats(let values) = attribute, values.isEmpty { return [] }
        guard case .integers(let values) = attribute else { throw wrongKind(name) }
        return values
    }

    func floats(_ name: String) throws(LoweringFault) -> [Float]? {
        guard let attribute = node.attributes[name] else { return nil }
        if case .integers(let values) = attribute, values.isEmpty { return [] }
        guard case .floats(let values) = attribute else { throw wrongKind(name) }
        return values
    }

    /// An attribute of old versions that became an input; nil if it is left out.
    func integers(_ name: String, orInput index: Int, from version: Int) throws(LoweringFault) -> [Int]? {
        opset < version ? try integers(name) : try optionalConstant(index, name)?.integers()
    }

    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws(LoweringFault) -> Int {
        guard axis >= -rank, axis < rank else {
            throw LoweringFault("names axis \(axis) of a tensor that has \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Axes counted from the front, each once.
    func axes(_ axes: [Int], rank: Int) throws(LoweringFault) -> [Int] {
        guard axes.count <= rank, rank <= Lowering.highestRank else {
            throw LoweringFault("names \(axes.count) axes of a tensor that has \(rank)")
        }
        var result: [Int] = []
        for axis in axes {
            let axis = try self.axis(axis, rank: rank)
            guard !result.contains(axis) else { throw LoweringFault("names axis \(axis) twice") }
            result.append(axis)
        }
        return result
    }
}
