import Disk

/// Which function lowers which operator.
extension Lowering {
    mutating func lower(_ call: NodeCall) throws(LoweringFault) -> [LoweredValue] {
        try Self.checkDomain(of: call.node)
        for input in call.inputs {
            guard let input else { continue }
            guard input.shape.count <= Self.highestRank else {
                throw LoweringFault("reads a tensor of \(input.shape.count) axes")
            }
            // Whoever reads such numbers may compute them.
            if case .constant(let tensor) = input { try charge(tensor.cost / 64) }
        }
        if let values = try move(call) { return values }
        if let value = try join(call) { return [value] }
        if call.isConstant { return [.constant(try fold(call))] }
        if let value = try network(call) { return [value] }
        if let function = try activation(call) { return [.live(try activation(function, try call.live(0)))] }
        throw unsupported(call)
    }

    private func unsupported(_ call: NodeCall) -> LoweringFault { Self.unsupported(call.node.type) }

    static func unsupported(_ type: String) -> LoweringFault {
        switch type {
        case "If", "Loop", "Scan": return LoweringFault("is control flow, which is not supported")
        case "ConvTranspose":
            return LoweringFault("is a transposed convolution, which is not supported")
        case "LSTM", "GRU", "RNN": return LoweringFault("is recurrent: only convolutional networks are supported")
        case _ where type.hasSuffix("uantizeLinear") || type.hasSuffix("Integer") || type.hasPrefix("QLinear"):
            return LoweringFault(
                "computes with quantized numbers, which is not supported",
                remedy: "Use the network as it was before it was quantized")
        default: return LoweringFault("is an operator that is not supported (\(type.printable))")
        }
    }

    /// Operators that move elements or know shapes, on constants and live tensors alike.
    private mutating func move(_ call: NodeCall) throws(LoweringFault) -> [LoweredValue]? {
        switch call.node.type {
        case "Identity": return [try call.input(0)]
        case "Dropout":
            if case .constant(let mode) = call.optional(2), try mode.integers() != [0] {
                throw LoweringFault("drops values at random (training mode)", remedy: "Export after model.eval()")
            }
            return [try call.input(0)]
        case "Cast", "CastLike": return [try cast(call)]
        case "Shape": return [try shape(call)]
        case "Size": return [.constant(ConstantTensor([try call.input(0).view.count], shape: []))]
        case "Reshape": return [try reshape(call)]
        case "Flatten": return [try flatten(call)]
        case "Transpose": return [try transpose(call)]
        case "Squeeze": return [try squeeze(call)]
        case "Unsqueeze": return [try unsqueeze(call)]
        case "Slice": return [try slice(call)]
        case "Split": return try split(call)
        case "Gather": return [try gather(call)]
        case "Expand": return [try expand(call)]
        case "Tile": return [try tile(call)]
        case "DepthToSpace": return [try depthToSpace(call)]
        case "SpaceToDepth": return [try spaceToDepth(call)]
        case "Concat": return [try concatenate(call)]
        case "Pad": return [try pad(call)]
        default: return nil
        }
    }

    /// Operators of several operands, and reductions, on constants and live tensors alike.
    private mutating func join(_ call: NodeCall) throws(LoweringFault) -> LoweredValue? {
        switch call.node.type {
        case "Add": return try arithmetic(.add, try call.input(0), try call.input(1))
        case "Sub": return try arithmetic(.subtract, try call.input(0), try call.input(1))
        case "Mul": return try arithmetic(.multiply, try call.input(0), try call.input(1))
        case "Div": return try arithmetic(.divide, try call.input(0), try call.input(1))
        case "Pow": return try arithmetic(.power, try call.input(0), try call.input(1))
        case "Max": return try chain(.maximum, call)
        case "Min": return try chain(.minimum, call)
        case "Sum": return try chain(.add, call)
        case "Mean":
            let count = ConstantTensor([Double(call.inputs.count)], shape: [])
            return try arithmetic(.divide, try chain(.add, call), .constant(count))
        case "MatMul": return try matrixProduct(call)
        case "Gemm": return try generalProduct(call)
        case "BatchNormalization": return try batchNormalization(call)
        case let name:
            guard let function = ReductionFunction(operator: name) else { return nil }
            return try reduction(call, function)
        }
    }

    private mutating func chain(_ operation: Arithmetic, _ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        var result = try call.input(0)
        for index in call.inputs.indices.dropFirst() {
            result = try arithmetic(operation, result, try call.input(index))
        }
        return result
    }

    private mutating func fold(_ call: NodeCall) throws(LoweringFault) -> ConstantTensor {
        switch call.node.type {
        case "Constant": return try constant(call)
        case "ConstantOfShape": return try constantOfShape(call)
        case "Range": return try range(call)
        case "Mod": return try foldModulo(call)
        case "Not": return try foldNot(call)
        case "Where": return try foldWhere(call)
        case "Clip": return try foldClip(call)
        default: break
        }
        if let tensor = try foldFunction(call) { return tensor }
        if let tensor = try foldComparison(call) { return tensor }
        throw unsupported(call)
    }

    /// Operators that networks of images are made of; the first input depends on the image.
    private mutating func network(_ call: NodeCall) throws(LoweringFault) -> LoweredValue? {
        switch call.node.type {
        case "Conv": return try convolution(call)
        case "MaxPool", "AveragePool": return try pooling(call)
        case "GlobalAveragePool", "GlobalMaxPool": return try globalPooling(call)
        case "Softmax", "LogSoftmax": return try softmax(call)
        case "LayerNormalization": return try layerNormalization(call)
        case "InstanceNormalization": return try instanceNormalization(call)
        case "GroupNormalization": return try groupNormalization(call)
        case "LRN": return try localResponse(call)
        case "Resize", "Upsample": return try resize(call)
        case "PRelu":
            return .live(try parametricRectifier(try call.live(0), slopes: try call.constant(1, "slopes")))
        case "Neg": return .live(try affine(try call.live(0), scale: -1))
        case let type where Self.flatOperators.contains(type): throw Self.flat
        default: return nil
        }
    }

    /// The bounds of Clip, infinite where there are none.
    func clipBounds(_ call: NodeCall) throws(LoweringFault) -> (lower: Double, upper: Double) {
        if call.opset < 11 {
            return (
                Double(try call.float("min") ?? -.infinity), Double(try call.float("max") ?? .infinity)
            )
        }
        let lower = try call.optionalConstant(1, "bounds")?.scalar() ?? -.infinity
        let upper = try call.optionalConstant(2, "bounds")?.scalar() ?? .infinity
        return (lower, upper)
    }

    /// The function of an operator that acts value by value; nil if it does not.
    private func activation(_ call: NodeCall) throws(LoweringFault) -> Activation? {
        switch call.node.type {
        case "Relu": return .clip(lower: 0, upper: .infinity)
        case "Clip":
            let (lower, upper) = try clipBounds(call)
            guard !lower.isNaN, !upper.isNaN, lower <= upper else {
                throw LoweringFault("clips to \(lower)...\(upper)")
            }
            return .clip(lower: Float(lower), upper: Float(upper))
        case "LeakyRelu": return .leaky(slope: try call.float("alpha", default: 0.01))
        case "Sigmoid": return .sigmoid
        case "HardSigmoid":
            return .hardSigmoid(
                slope: try call.float("alpha", default: 0.2), offset: try call.float("beta", default: 0.5))
        case "HardSwish": return .hardSwish
        case "Tanh": return .tanh
        case "Erf": return .erf
        case "Gelu":
            return try call.string("approximate", default: "none") == "tanh" ? .geluTanh : .gelu
        case "Elu": return .elu(alpha: try call.float("alpha", default: 1))
        case "Selu":
            return .selu(
                alpha: try call.float("alpha", default: 1.673_263_2),
                gamma: try call.float("gamma", default: 1.050_701))
        case "Celu": return .celu(alpha: try call.float("alpha", default: 1))
        case "Softplus": return .softplus
        case "Softsign": return .softsign
        case "Mish": return .mish
        case "Exp": return .exp
        case "Log": return .log
        case "Sqrt": return .sqrt
        case "Reciprocal": return .reciprocal
        case "Abs": return .absolute
        default: return nil
        }
    }
}
