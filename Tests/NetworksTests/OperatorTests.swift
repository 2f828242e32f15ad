import NetworksSupport
import Testing

@testable import Networks

/// Small networks of one or few operators: what they compute of the image 0, 1, 2, ... (`[1, 3, 2, 4]` unless said).
@Suite struct OperatorTests {
    /// The last tensor's values, by the graph as it is and by its simplified one.
    private func run(
        _ nodes: [ONNXFixture.Node], _ constants: [ONNXFixture.Tensor] = [], height: Int = 2, width: Int = 4
    ) throws -> (shape: [Int], values: [Double], graph: Graph) {
        var fixture = ONNXFixture()
        fixture.inputs = [.init("x", shape: [1, 3, nil, nil])]
        fixture.initializers = constants
        fixture.nodes = nodes
        fixture.outputs = [.init("y", shape: nil)]
        let model = try ONNXModel(path: fixture.write())
        var lowering = try Lowering(
            model: model, image: try NetworkImage(of: model), height: height, width: width)
        try lowering.run()
        if let blocked = lowering.blockedNodes.first {
            throw NetworkError(file: model.path, place: blocked.label, reason: blocked.reason, remedy: blocked.remedy)
        }
        guard case .value(.live(let tensor)) = lowering.entries["y"] else {
            throw NetworkError(file: model.path, reason: "y does not depend on the image")
        }
        let value = try lowering.map(tensor, as: MapShape(canonicalOf: tensor.shape))
        let image = (0..<3 * height * width).map(Double.init)
        let values = try ReferenceGraph(graph: lowering.graph).values(of: [value], image: image)[value]
        let (small, places) = lowering.graph.simplified(to: [value])
        let place = try #require(places[value])
        let again = try ReferenceGraph(graph: small).values(of: [place], image: image)[place]
        for (one, other) in zip(values, again) { #expect(abs(one - other) <= 1e-6 * max(1, abs(one))) }
        return (tensor.shape, values, small)
    }

    private func operations(_ graph: Graph) -> [String] {
        graph.nodes.map { node in "\(node.operation)".prefix { $0 != "(" }.description }
    }

    @Test func `transposing, slicing and reshaping move nothing until somebody reads`() throws {
        // NumPy: x.transpose(0, 2, 3, 1)[:, 1, ::-2, :].reshape(1, 6)
        let result = try run(
            [
                .init("Transpose", inputs: ["x"], outputs: ["a"], ["perm": .integers([0, 2, 3, 1])]),
                .init("Slice", inputs: ["a", "start", "end", "axes", "step"], outputs: ["b"]),
                .init("Reshape", inputs: ["b", "shape"], outputs: ["y"]),
            ],
            [
                .integers("start", [2], [1, -1]), .integers("end", [2], [2, .min]), .integers("axes", [2], [1, 2]),
                .integers("step", [2], [1, -2]), .integers("shape", [2], [1, -1]),
            ])
        #expect(result.shape == [1, 6] && result.values == [7, 15, 23, 5, 13, 21])
        #expect(operations(result.graph) == ["rearrangement"])
    }

    @Test func `a channel shuffle is a choice of channels`() throws {
        let result = try run(
            [
                .init("Concat", inputs: ["x", "x"], outputs: ["six"], ["axis": .integer(1)]),
                .init("Reshape", inputs: ["six", "split"], outputs: ["a"]),
                .init("Transpose", inputs: ["a"], outputs: ["b"], ["perm": .integers([0, 2, 1, 3, 4])]),
                .init("Reshape", inputs: ["b", "joined"], outputs: ["y"]),
            ], [.integers("split", [5], [1, 2, 3, 1, 1]), .integers("joined", [4], [1, 6, 1, 1])], height: 1, width: 1)
        #expect(result.values == [0, 0, 1, 1, 2, 2])
        #expect(operations(result.graph) == ["concatenation", "channels"])
    }

    @Test func `paddings computed from the image's size are constants`() throws {
        let result = try run(
            [
                .init("Shape", inputs: ["x"], outputs: ["s"]),
                .init("Gather", inputs: ["s", "three"], outputs: ["width"], ["axis": .integer(0)]),
                .init("Cast", inputs: ["width"], outputs: ["f"], ["to": .integer(1)]),
                .init("Div", inputs: ["f", "two"], outputs: ["half"]),
                .init("Ceil", inputs: ["half"], outputs: ["up"]),
                .init("Cast", inputs: ["up"], outputs: ["i"], ["to": .integer(7)]),
                .init("Concat", inputs: ["zeros", "i"], outputs: ["pads"], ["axis": .integer(0)]),
                .init("Pad", inputs: ["x", "pads"], outputs: ["y"]),
            ],
            [
                .integers("three", [1], [3]), .floats("two", [], [2]),
                .integers("zeros", [7], [0, 0, 0, 0, 0, 0, 0]),
            ], height: 1, width: 3)
        #expect(result.shape == [1, 3, 1, 5])
        #expect(result.values == [0, 1, 2, 0, 0, 3, 4, 5, 0, 0, 6, 7, 8, 0, 0])
    }

    @Test(arguments: [
        ("Sub", true, [3.0, -6, -9]), ("Sub", false, [-3.0, 6, 9]), ("Max", true, [3.0, 4, 8]),
        ("Pow", false, [0.0, 16, 64]),
    ])
    func `constants stand on either side`(type: String, isFirst: Bool, expected: [Double]) throws {
        let constant: [Float] = type == "Pow" ? [2, 2, 2] : [3, -2, -1]
        let result = try run(
            [
                .init(
                    type, inputs: isFirst ? ["c", "x"] : ["x", "c"], outputs: ["y"])
            ], [.floats("c", [3, 1, 1], constant)], height: 2, width: 2)
        for channel in 0..<3 { #expect(result.values[4 * channel] == expected[channel]) }
    }

    @Test func `windows of pooling that round up begin within the image`() throws {
        let result = try run(
            [
                .init(
                    "MaxPool", inputs: ["x"], outputs: ["y"],
                    [
                        "kernel_shape": .integers([1, 2]), "strides": .integers([1, 2]), "ceil_mode": .integer(1),
                        "pads": .integers([0, 1, 0, 1]),
                    ])
            ], height: 1, width: 3)
        #expect(result.shape == [1, 3, 1, 2] && result.values == [0, 2, 3, 5, 6, 8])
    }

    @Test func `linear layers behind a permutation are convolutions of the map itself`() throws {
        let result = try run(
            [
                .init("Transpose", inputs: ["x"], outputs: ["a"], ["perm": .integers([0, 2, 3, 1])]),
                .init("MatMul", inputs: ["a", "w"], outputs: ["b"]),
                .init("Add", inputs: ["b", "c"], outputs: ["d"]),
                .init("Transpose", inputs: ["d"], outputs: ["y"], ["perm": .integers([0, 3, 1, 2])]),
            ], [.floats("w", [3, 2], [1, 0, 0, 1, 2, 0]), .floats("c", [2], [10, 20])], height: 1, width: 2)
        // x = [[0, 1], [2, 3], [4, 5]]
        #expect(result.values == [18, 21, 22, 23])
        #expect(operations(result.graph) == ["convolution"])
    }

    @Test func `functions that are written out become one`() throws {
        let nodes: [ONNXFixture.Node] = [
            .init("Div", inputs: ["x", "root"], outputs: ["a"]), .init("Erf", inputs: ["a"], outputs: ["b"]),
            .init("Add", inputs: ["b", "one"], outputs: ["c"]), .init("Mul", inputs: ["x", "c"], outputs: ["d"]),
            .init("Mul", inputs: ["d", "half"], outputs: ["y"]),
        ]
        let constants: [ONNXFixture.Tensor] = [
            .floats("root", [], [1.414_213_5]), .floats("one", [], [1]), .floats("half", [], [0.5]),
        ]
        let gelu = try run(nodes, constants)
        #expect(operations(gelu.graph) == ["activation"], "\(gelu.graph.nodes)")
        // With another constant it is another function.
        let other = try run(nodes, [constants[0], .floats("one", [], [1.1]), constants[2]])
        #expect(operations(other.graph).count > 1)
    }

    @Test func `scaling behind a convolution and zeros before it are folded in, but not where others look`() throws {
        let nodes: [ONNXFixture.Node] = [
            .init("Pad", inputs: ["x", "pads"], outputs: ["a"]), .init("Conv", inputs: ["a", "w"], outputs: ["b"]),
            .init("Mul", inputs: ["b", "scale"], outputs: ["c"]), .init("Add", inputs: ["c", "shift"], outputs: ["y"]),
        ]
        let constants: [ONNXFixture.Tensor] = [
            .integers("pads", [8], [0, 0, 0, 1, 0, 0, 0, 0]), .floats("w", [1, 3, 1, 2], [1, 2, 3, 4, 5, 6]),
            .floats("scale", [1, 1, 1, 1], [2]), .floats("shift", [1], [-1]),
        ]
        let folded = try run(nodes, constants, height: 1, width: 1)
        #expect(operations(folded.graph) == ["convolution"] && folded.graph.nodes[0].name == "y")
        // 2 * (2 * 0 + 4 * 1 + 6 * 2) - 1
        #expect(folded.values == [31])
        let shared = try run(
            Array(nodes.dropLast()) + [.init("Add", inputs: ["c", "b"], outputs: ["y"])], constants, height: 1,
            width: 1)
        #expect(operations(shared.graph) == ["convolution", "affine", "binary"])
    }

    @Test func `standardized weights wait in the file, and are right`() throws {
        let result = try run(
            [
                .init("ReduceMean", inputs: ["w"], outputs: ["m"], ["axes": .integers([1, 2, 3])]),
                .init("Sub", inputs: ["w", "m"], outputs: ["d"]), .init("Conv", inputs: ["x", "d"], outputs: ["y"]),
            ], [.floats("w", [1, 3, 1, 1], [1, 2, 6])], height: 1, width: 1)
        // 0 * -2 + 1 * -1 + 2 * 3
        #expect(result.values == [5])
    }

    @Test func `interpolation of a large map is no fault of a small file, and bounded`() throws {
        func lower(resizings: Int) throws -> LoweredGraph {
            var fixture = ONNXFixture()
            fixture.inputs = [.init("x", shape: [1, 3, nil, nil])]
            fixture.initializers = [
                .floats("w", [64, 3, 1, 1], [Float](repeating: 0.1, count: 192)), .floats("scales", [4], [1, 1, 2, 2]),
            ]
            fixture.nodes = [.init("Conv", inputs: ["x", "w"], outputs: ["c"])]
            for index in 0..<resizings {
                fixture.nodes.append(
                    .init("Resize", inputs: ["c", "", "scales"], outputs: ["y\(index)"], ["mode": .string("linear")]))
            }
            fixture.outputs = [.init("y0", shape: nil)]
            return try LoweredGraph(model: try ONNXModel(path: try fixture.write()), height: 150, width: 200)
        }
        // 64 maps of 300 x 400, and half of them before: more than the file's size explains.
        #expect(try lower(resizings: 1).blockedNodes.isEmpty)
        let blocked = try lower(resizings: 20).blockedNodes
        #expect(blocked.count > 15 && blocked.allSatisfy { $0.reason.hasPrefix("interpolates") }, "\(blocked)")
    }

    @Test func `faults are told in words`() throws {
        let faults: [(type: String, attribute: String, value: ONNXFixture.Attribute, words: String)] = [
            ("Conv", "strides", .integers([0, 1]), "strides [0, 1]"),
            ("Conv", "strides", .integers([.max, 1]), "strides"),
            ("Conv", "pads", .integers([0, -1, 0, 0]), "pads"),
            ("Conv", "group", .integer(2), "2 groups"),
            ("Conv", "dilations", .integers([9, 9]), "larger than its padded input"),
            ("Conv", "kernel_shape", .integers([3, 3]), "kernel"),
            ("Conv", "pads", .integer(1), "wrong type"),
            ("Transpose", "perm", .integers([0, 0, 1, 2]), "twice"),
            ("ReduceMean", "axes", .integers([7]), "axis 7"),
            ("Softmax", "axis", .integer(4), "axis 4"),
            ("If", "cond", .integer(1), "control flow"),
            ("QLinearConv", "group", .integer(1), "quantized"),
            ("LSTM", "hidden_size", .integer(1), "recurrent"),
            ("Reshape", "allowzero", .integer(0), "holds another number"),
            ("Add", "axis", .integer(0), "do not fit"),
        ]
        for fault in faults {
            let node = ONNXFixture.Node(
                fault.type, inputs: ["x", fault.type == "Reshape" ? "shape" : "w"], outputs: ["y"],
                [fault.attribute: fault.value])
            let weights = ONNXFixture.Tensor.floats("w", [2, 3, 2, 2], [Float](repeating: 1, count: 24))
            let error = try #require(throws: NetworkError.self) {
                try run([node], [weights, .integers("shape", [2], [5, 5])])
            }
            #expect(error.reason.contains(fault.words) && error.place == "node \"y\" (\(fault.type))", "\(error)")
        }
    }
}
