import Foundation
import NetworksSupport
import Testing

@testable import Networks

/// What a file and its card say of a network: names, what layers see and cost, normalization.
@Suite struct NetworkModelTests {
    /// Two convolutions of a residual block, a head and a softmax, as PyTorch's first exporter names them.
    private static func network() -> ONNXFixture {
        var fixture = ONNXFixture()
        fixture.inputs = [.init("image", shape: [1, 3, 16, 16])]
        fixture.initializers = [
            .floats("stem.weight", [4, 3, 3, 3], [Float](repeating: 0.1, count: 108)),
            .floats("onnx::Conv_9", [4, 4, 3, 3], [Float](repeating: 0.1, count: 144)),
            .floats("fc.weight", [5, 4], [Float](repeating: 0.1, count: 20)),
        ]
        let same: KeyValuePairs<String, ONNXFixture.Attribute> = ["pads": .integers([1, 1, 1, 1])]
        fixture.nodes = [
            .init(
                "Conv", name: "/stem/Conv", inputs: ["image", "stem.weight"], outputs: ["s"],
                ["pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2])]),
            .init(
                "Conv", name: "/layer1/layer1.0/conv1/Conv", inputs: ["s", "onnx::Conv_9"], outputs: ["c"], same),
            .init("Add", name: "/layer1/layer1.0/Add", inputs: ["c", "s"], outputs: ["sum"]),
            .init("Relu", name: "/layer1/layer1.0/relu_1/Relu", inputs: ["sum"], outputs: ["r"]),
            .init("GlobalAveragePool", name: "/avgpool/GlobalAveragePool", inputs: ["r"], outputs: ["p"]),
            .init("Flatten", name: "/Flatten", inputs: ["p"], outputs: ["flat"]),
            .init("Gemm", name: "/fc/Gemm", inputs: ["flat", "fc.weight"], outputs: ["g"], ["transB": .integer(1)]),
            .init("Softmax", name: "/softmax/Softmax", inputs: ["g"], outputs: ["probabilities"]),
        ]
        fixture.outputs = [.init("probabilities", shape: nil)]
        return fixture
    }

    private func open(
        _ fixture: ONNXFixture = network(), card: String? = nil, reference: NetworkReference = .init("network.onnx")
    ) throws -> NetworkModel {
        let folder = try ONNXFixture.makeFolder()
        if let card { try card.write(toFile: folder + "/network.json", atomically: true, encoding: .utf8) }
        return try NetworkModel(path: fixture.write(into: folder), reference: reference)
    }

    @Test func `layers are called as the framework calls them`() throws {
        let network = try open().description
        #expect(network.layers.map(\.name) == ["stem", "layer1.0.conv1", "layer1.0", "avgpool", "fc"])
        let block = try #require(network.layer("layer1.0"))
        for name in ["layer1", "layer1.0.relu_1", "r"] { #expect(network.layer(name) == block, "\(name)") }
        #expect(network.layer("sum")?.name == "sum" && network.layer("layer2") == nil)
        #expect(block.unitCount == 4 && block.stride == 2 && block.receptiveField == 7 && !block.isLogits)
        // 8 x 8 pixels of 27 * 4 and of 36 * 4
        #expect(block.multiplyAccumulates(height: 16, width: 16) == 64 * (108 + 144))
        #expect(network.layer("fc")?.isLogits == true && network.layer("avgpool")?.receptiveField == nil)
    }

    @Test func `maps without padding and maps larger than the image are as large as they are`() throws {
        var fixture = ONNXFixture()
        fixture.inputs = [.init("image", shape: [1, 3, 15, 15])]
        fixture.initializers = [
            .floats("w", [4, 3, 5, 5], [Float](repeating: 0.1, count: 300)),
            .floats("v", [4, 4, 1, 1], [Float](repeating: 0.1, count: 16)), .floats("scales", [4], [1, 1, 4, 4]),
        ]
        fixture.nodes = [
            .init("Conv", inputs: ["image", "w"], outputs: ["a"], ["strides": .integers([2, 2])]),
            .init("Resize", inputs: ["a", "", "scales"], outputs: ["b"], ["mode": .string("nearest")]),
            .init("Conv", inputs: ["b", "v"], outputs: ["c"]),
        ]
        fixture.outputs = [.init("c", shape: nil)]
        let network = try open(fixture).description
        let sizes = network.layers.map { network.mapSize(of: $0) }
        #expect(sizes.map(\.height) == [6, 24, 24] && sizes.map(\.width) == [6, 24, 24], "\(sizes)")
        let cost = network.layers[2].multiplyAccumulates(height: 15, width: 15)
        #expect(abs(cost - Double(36 * 300 + 24 * 24 * 16)) < 1e-6, "\(cost)")
    }

    @Test func `a softmax at the end is passed by, but can be had`() throws {
        let model = try open()
        let logits = try #require(model.description.layer("fc"))
        for name in ["probabilities", "softmax"] { #expect(model.description.layer(name) == logits, "\(name)") }
        let lowered = try model.lowered(height: 20, width: 16)
        #expect(try lowered.value(ofLayer: "softmax") == lowered.value(ofLayer: "g"))
        let last = try lowered.value(ofLayer: "probabilities", passingSoftmax: false)
        guard case .softmax = lowered.graph.nodes[last - 1].operation else {
            Issue.record("\(lowered.graph.nodes[last - 1])")
            return
        }
    }

    @Test func `names that nobody has are told from those that are blocked`() throws {
        let unknown = try #require(throws: NetworkError.self) { try open().layer("layer1.0.conv2") }
        #expect("\(unknown)".contains("did you mean \"layer1.0.conv1\"?"), "\(unknown)")
        var fixture = Self.network()
        fixture.nodes[1].type = "Deform"
        let model = try open(fixture)
        #expect(model.description.layers.map(\.name) == ["stem"])
        #expect(model.unsupportedNodes.map(\.layers) == [["layer1.0.conv1", "layer1.0", "avgpool", "fc", "softmax"]])
        let blocked = try #require(throws: NetworkError.self) { try model.layer("layer1") }
        #expect("\(blocked)".contains("Deform") && "\(blocked)".contains("layer1.0/conv1"), "\(blocked)")
    }

    @Test func `all nodes that cannot be run are listed at once, with the layers that each blocks`() throws {
        var fixture = Self.network()
        fixture.nodes[1].type = "Deform"
        fixture.nodes[3].type = "Round"
        fixture.nodes[5].domain = "com.example"
        let nodes = try open(fixture).unsupportedNodes
        #expect(nodes.count == 3, "\(nodes)")
        for (node, (word, layers)) in zip(
            nodes,
            [
                ("Deform", ["layer1.0.conv1", "layer1.0", "avgpool", "fc", "softmax"]),
                ("no gradient", ["layer1.0", "avgpool", "fc", "softmax"]), ("com.example", ["fc", "softmax"]),
            ])
        { #expect("\(node.label): \(node.reason)".contains(word) && node.layers == layers, "\(node)") }
    }

    @Test func `types of nodes are judged as lowering judges them`() throws {
        let types = Lowering.liveOperators.union([
            "ReduceMean", "Deform", "Where", "Equal", "Sin", "Round", "LSTM", "If",
        ])
        for type in types.sorted() {
            var fixture = ONNXFixture.small
            fixture.nodes = [.init(type, inputs: ["x", "w", "w", "w", "w"], outputs: ["y"])]
            let model = try ONNXModel(path: fixture.write())
            let graph = try LoweredGraph(model: model, height: 8, width: 8)
            let reason = graph.blockedNodes.first?.reason ?? ""
            let isRefused = ["not supported (", "control flow", "recurrent", "no gradient"].contains {
                reason.contains($0)
            }
            #expect((Lowering.typeFault(of: model.nodes[0]) != nil) == isRefused, "\(type): \(reason)")
        }
    }

    @Test func `normalization is never guessed, and one number is for all colors`() throws {
        let nothing = try open()
        let error = try #require(throws: NetworkError.self) { try nothing.normalization() }
        for words in ["mean", "0.485", "network.json"] { #expect("\(error)".contains(words), "\(error)") }
        let card = #"{"mean": [0.5, 0.5, 0.5], "standardDeviation": [0.25, 0.5, 1], "colorOrder": "BGR"}"#
        let carded = try open(card: card)
        #expect(try carded.normalization().standardDeviation == [0.25, 0.5, 1])
        #expect(try carded.normalization().colorOrder == .bgr)
        let said = try open(
            card: card, reference: NetworkReference("n.onnx", mean: [0], standardDeviation: [1]))
        #expect(try said.normalization().mean == [0, 0, 0])
        #expect(Set([nothing, carded, said].map(\.digest)).count == 3)
    }

    @Test func `cards name selections and layers by name or pattern`() throws {
        let model = try open(
            card: #"{"selections": {"early": ["stem", "layer1.*"]}, "perceptualLayers": ["layer1"], "size": 32}"#)
        #expect(model.description.selections[0].layers.map(\.name) == ["stem", "layer1.0.conv1", "layer1.0"])
        #expect(model.description.perceptualLayers.map(\.name) == ["layer1.0"] && model.description.height == 32)
        // A selection comes before another name of a layer, and not before a layer's own.
        let words = try open(card: #"{"selections": {"layer1": ["stem", "layer1.0"], "fc": ["stem"]}}"#).description
        #expect(words.layers(meantBy: "layer1").map(\.name) == ["stem", "layer1.0"])
        #expect(words.layers(meantBy: "fc").map(\.name) == ["fc"])
        // Patterns find other paths of a layer, each layer once.
        for (text, layers) in [
            ("layer?", ["layer1.0"]), ("layer1.0.*", ["layer1.0.conv1", "layer1.0"]), ("*m*", ["stem", "fc"]),
            ("layer1*", ["layer1.0.conv1", "layer1.0"]), ("layer2*", []), ("r", ["layer1.0"]),
        ] { #expect(words.layers(meantBy: text).map(\.name) == layers, "\(text)") }
        // In the network's order and by their own names, whatever they are called: films are told apart by them.
        for names in [#""fc", "r", "stem""#, #""stem", "layer1.0", "softmax", "layer1""#] {
            let layers = try open(card: "{\"perceptualLayers\": [\(names)]}").description.perceptualLayers
            #expect(layers.map(\.name) == ["stem", "layer1.0", "fc"], "\(names)")
        }
        let error = try #require(throws: NetworkError.self) {
            try open(card: #"{"selections": {"late": ["layer4*"]}}"#)
        }
        #expect(error.place == "/selections/late" && error.reason.contains("layer4*"), "\(error)")
    }

    @Test(
        arguments: [
            ("/layer4/layer4.2/conv3/Conv", "layer4.2.conv3"),
            ("/features/features.3/conv/conv.1/conv.1.0/Conv", "features.3.conv.1.0"),
            ("/Flatten", nil), ("mobilenetv2_0.35_80_1/block_4_add_1/Add", "block_4_add"), ("Conv__307", nil),
            ("StatefulPartitionedCall/model/conv1/Conv2D", "conv1"),
        ] as [(String, String?)])
    func `paths follow from the names of nodes`(name: String, path: String?) {
        let node = ONNXNode(name: name, type: "Relu", inputs: [], outputs: [])
        #expect(ModulePath.path(of: node, initializers: [:]) == path)
    }

    @Test func `the new exporter's scopes and the weights' names give paths, weights first`() {
        let weight = ONNXTensor(name: "", type: .float, shape: [], contents: .floats([0]))
        var node = ONNXNode(
            name: "node_Conv_857", type: "Conv", inputs: ["x", "layer3.0.conv1.weight"], outputs: [],
            metadata: ["pkg.torch.onnx.name_scopes": "['', 'layer3', 'layer3.0', 'layer3.0.bn1', 'batch_norm']"])
        #expect(ModulePath.path(of: node, initializers: [:]) == "layer3.0.bn1")
        #expect(ModulePath.path(of: node, initializers: ["layer3.0.conv1.weight": weight]) == "layer3.0.conv1")
        node.inputs[1] = "mobilenetv2_1/block_1_project_1/convolution/merged_input:0"
        #expect(ModulePath.path(of: node, initializers: [node.inputs[1]: weight]) == "block_1_project")
    }
}
