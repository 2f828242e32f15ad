import Networks

extension ONNXFixture {
    /// A network of most of the operators that networks have, a few channels wide: what damage to any attribute, shape
    /// or constant meets.
    public static var operators: ONNXFixture {
        var fixture = ONNXFixture()
        fixture.opsets = ["": 17]
        fixture.inputs = [Value("x", shape: [1, 3, nil, nil])]
        func weights(_ name: String, _ shape: [Int]) -> Tensor {
            let count = shape.reduce(1, *)
            return .floats(name, shape, (0..<count).map { Float(($0 * 37 + 11) % 23) / 23 - 0.45 })
        }
        fixture.initializers = [
            weights("w1", [8, 3, 3, 3]), weights("w2", [8, 1, 3, 3]), weights("w3", [6, 4, 3, 3]),
            weights("w4", [6, 6, 1, 1]), weights("gate", [6, 6, 1, 1]), weights("linear", [10, 36]),
            weights("slopes", [6, 1, 1]), weights("matrix", [6, 6]), weights("gain", [6]), weights("offset", [6]),
            .floats("mean", [8], [Float](repeating: 0.1, count: 8)),
            .floats("variance", [8], [Float](repeating: 0.7, count: 8)),
            .floats("ones", [8], [Float](repeating: 1, count: 8)), .floats("low", [], [0]), .floats("high", [], [6]),
            .integers("pads", [8], [0, 0, 1, 0, 0, 0, 1, 2]), .integers("parts", [2], [2, 4]),
            .integers("starts", [1], [1]), .integers("ends", [1], [5]), .integers("axes", [1], [1]),
            .integers("shuffled", [5], [1, 2, 3, -1, 0]), .integers("spatial", [2], [2, 3]),
            .floats("scales", [4], [1, 1, 2, 2]), .integers("order", [6], [5, 4, 3, 2, 1, 0]),
        ]
        fixture.nodes = [
            Node(
                "Conv", name: "/stem/conv/Conv", inputs: ["x", "w1"], outputs: ["c1"],
                ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1])]),
            Node(
                "BatchNormalization", name: "/stem/bn/BatchNormalization",
                inputs: ["c1", "ones", "mean", "mean", "variance"], outputs: ["n1"], ["epsilon": .float(1e-5)]),
            Node("Clip", name: "/stem/act/Clip", inputs: ["n1", "low", "high"], outputs: ["a1"]),
            Node(
                "Conv", name: "/deep/conv/Conv", inputs: ["a1", "w2"], outputs: ["c2"],
                ["group": .integer(8), "dilations": .integers([2, 1]), "auto_pad": .string("SAME_UPPER")]),
            Node("Sigmoid", name: "", inputs: ["c2"], outputs: ["s2"]),
            Node("Mul", name: "", inputs: ["c2", "s2"], outputs: ["a2"]),
            Node("Add", name: "", inputs: ["a2", "a1"], outputs: ["sum"]),
            Node(
                "MaxPool", name: "", inputs: ["sum"], outputs: ["pooled"],
                [
                    "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "pads": .integers([0, 0, 1, 1]),
                    "ceil_mode": .integer(1),
                ]),
            Node("Pad", name: "", inputs: ["pooled", "pads"], outputs: ["padded"], ["mode": .string("reflect")]),
            Node(
                "Conv", name: "/groups/Conv", inputs: ["padded", "w3"], outputs: ["c3"],
                ["group": .integer(2), "kernel_shape": .integers([3, 3])]),
            Node("PRelu", name: "", inputs: ["c3", "slopes"], outputs: ["a3"]),
            Node("GlobalAveragePool", name: "", inputs: ["a3"], outputs: ["squeezed"]),
            Node("Conv", name: "", inputs: ["squeezed", "gate"], outputs: ["g1"]),
            Node("HardSigmoid", name: "", inputs: ["g1"], outputs: ["g2"], ["alpha": .float(0.2)]),
            Node("Mul", name: "", inputs: ["g2", "a3"], outputs: ["gated"]),
            Node("Split", name: "", inputs: ["gated", "parts"], outputs: ["left", "right"], ["axis": .integer(1)]),
            Node("Concat", name: "", inputs: ["right", "left"], outputs: ["joined"], ["axis": .integer(1)]),
            Node("Gather", name: "", inputs: ["joined", "order"], outputs: ["turned"], ["axis": .integer(1)]),
            Node("LRN", name: "", inputs: ["turned"], outputs: ["lrn"], ["size": .integer(3)]),
            Node(
                "Transpose", name: "", inputs: ["lrn"], outputs: ["last"], ["perm": .integers([0, 2, 3, 1])]),
            Node(
                "LayerNormalization", name: "", inputs: ["last", "gain", "offset"], outputs: ["ln"],
                ["axis": .integer(-1)]),
            Node("MatMul", name: "", inputs: ["ln", "matrix"], outputs: ["mm"]),
            Node("Erf", name: "", inputs: ["mm"], outputs: ["erf"]),
            Node(
                "Transpose", name: "", inputs: ["erf"], outputs: ["first"], ["perm": .integers([0, 3, 1, 2])]),
            Node(
                "InstanceNormalization", name: "", inputs: ["first", "gain", "offset"], outputs: ["in"]),
            Node("Resize", name: "", inputs: ["in", "", "scales"], outputs: ["large"], ["mode": .string("nearest")]),
            Node("Slice", name: "", inputs: ["large", "starts", "ends", "axes"], outputs: ["cut"]),
            Node("Shape", name: "", inputs: ["cut"], outputs: ["shape"]),
            Node("ReduceMean", name: "", inputs: ["cut"], outputs: ["mean2"], ["axes": .integers([2, 3])]),
            Node("Sub", name: "", inputs: ["cut", "mean2"], outputs: ["centered"]),
            Node("Expand", name: "", inputs: ["mean2", "shape"], outputs: ["wide"]),
            Node("Max", name: "", inputs: ["centered", "wide"], outputs: ["most"]),
            Node(
                "AveragePool", name: "", inputs: ["gated"], outputs: ["averaged"],
                [
                    "kernel_shape": .integers([2, 2]), "count_include_pad": .integer(1),
                    "pads": .integers([1, 0, 0, 1]),
                ]),
            Node("Conv", name: "/head/Conv", inputs: ["averaged", "w4"], outputs: ["c4"]),
            Node("Softmax", name: "", inputs: ["c4"], outputs: ["soft"], ["axis": .integer(1)]),
            Node("Sum", name: "", inputs: ["soft", "averaged", "c4"], outputs: ["all"]),
            Node("ReduceMax", name: "", inputs: ["all"], outputs: ["highest"], ["axes": .integers([3])]),
            Node("Flatten", name: "", inputs: ["highest"], outputs: ["flat"]),
            Node("Gemm", name: "/fc/Gemm", inputs: ["flat", "linear"], outputs: ["y"], ["transB": .integer(1)]),
        ]
        fixture.outputs = [Value("y", shape: nil), Value("most", shape: nil)]
        return fixture
    }
}
