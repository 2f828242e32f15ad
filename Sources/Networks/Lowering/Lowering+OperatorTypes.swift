/// What can be said of a node by its type alone: of nodes behind one that cannot be lowered nothing else is known.
extension Lowering {
    static func checkDomain(of node: ONNXNode) throws(LoweringFault) {
        guard node.domain.isEmpty || node.domain == "ai.onnx" else {
            throw LoweringFault(
                "is an operator of the domain \(node.domain.quoted), not of ONNX itself",
                remedy: node.domain == "com.microsoft"
                    ? "ONNX Runtime optimised this file: use the original, or export without optimisation"
                    : "Export the network with standard operators alone")
        }
    }

    /// Why a node of this type can never be lowered where its inputs depend on the image; nil if some can.
    static func typeFault(of node: ONNXNode) -> LoweringFault? {
        do throws(LoweringFault) {
            try checkDomain(of: node)
        } catch {
            return error
        }
        if flatOperators.contains(node.type) { return flat }
        if liveOperators.contains(node.type) || ReductionFunction(operator: node.type) != nil { return nil }
        return unsupported(node.type)
    }

    /// Steps: of what does not depend on the image they can be computed.
    static let flatOperators: Set<String> = ["Sign", "Floor", "Ceil", "Round"]

    static var flat: LoweringFault { LoweringFault("is constant almost everywhere: no gradient passes it") }

    /// The types of nodes that can be lowered with inputs that depend on the image, reductions aside.
    static let liveOperators: Set<String> = [
        // Those that move elements or know shapes.
        "Identity", "Dropout", "Cast", "CastLike", "Shape", "Size", "Reshape", "Flatten", "Transpose", "Squeeze",
        "Unsqueeze", "Slice", "Split", "Gather", "Expand", "Tile", "DepthToSpace", "SpaceToDepth", "Concat", "Pad",
        // Those of several operands.
        "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "MatMul", "Gemm", "BatchNormalization",
        // What networks of images are made of.
        "Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Softmax", "LogSoftmax",
        "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LRN", "Resize", "Upsample", "PRelu",
        "Neg",
        // Value by value.
        "Relu", "Clip", "LeakyRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Gelu", "Elu", "Selu",
        "Celu",
        "Softplus", "Softsign", "Mish", "Exp", "Log", "Sqrt", "Reciprocal", "Abs",
    ]
}
