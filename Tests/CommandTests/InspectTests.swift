import Foundation
import NetworksSupport
import Testing

/// What `inspect` and its neighbours say of small networks, for people.
@Suite struct InspectTests {
    /// A convolution to two maps, which a head makes two classes of.
    private static func write(channels: Int = 3, card: String? = nil) throws -> Scratch {
        let scratch = try Scratch()
        var fixture = ONNXFixture()
        fixture.inputs = [.init("x", shape: [1, channels, 16, 16])]
        fixture.initializers = [
            .floats("w", [2, channels, 3, 3], (0..<18 * channels).map { Float($0 % 5) - 2 }),
            .floats("v", [2, 2], [1, 0, 0, 1]),
        ]
        fixture.nodes = [
            .init("Conv", inputs: ["x", "w"], outputs: ["maps"]),
            .init("GlobalAveragePool", inputs: ["maps"], outputs: ["means"]),
            .init("Flatten", inputs: ["means"], outputs: ["flat"]),
            .init("Gemm", inputs: ["flat", "v"], outputs: ["logits"]),
        ]
        fixture.outputs = [.init("logits", shape: nil)]
        _ = try fixture.write(into: scratch.path, name: "mine.onnx")
        if let card { try scratch.write(card, "mine.json") }
        return scratch
    }

    private static let normalized = #""mean": 0.5, "standardDeviation": 0.5"#

    @Test func `labels of another count than the classes are not passed over in silence`() throws {
        let scratch = try Self.write(card: #"{\#(Self.normalized), "labels": ["ant", "bee", "cat"]}"#)
        let inspected = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(
            inspected.status == 0 && inspected.output.contains("2 classes (the card has 3 labels, which are not used"),
            "\(inspected)")
        #expect(inspected.output.contains("14x14"), "without padding: \(inspected)")
        let labels = try Command.run("layers", "--network", "mine.onnx", "--labels", in: scratch)
        #expect(labels.status == 2 && labels.messages.contains("3 labels of mine are not those of its 2"), "\(labels)")
        try scratch.write(#"{"name": "a", "network": "mine.onnx", "class": "ant"}"#, "a.json")
        let manifest = try Command.run("validate", "a.json", in: scratch)
        #expect(manifest.status == 2 && manifest.messages.contains("logits has 2 units, mine 3 labels"), "\(manifest)")
    }

    @Test func `a grey network is called so, and wants one number`() throws {
        let scratch = try Self.write(channels: 1)
        let inspected = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(inspected.output.contains("image 16 x 16, grey, 4 layers"), "\(inspected)")
        #expect(inspected.output.contains("\"mean\": [0.5], \"standardDeviation\": [0.5]"), "\(inspected)")
        #expect(!inspected.output.contains("0.485"), "\(inspected)")
        try scratch.write(#"{"mean": [0.5, 0.5, 0.5], "standardDeviation": [0.2, 0.2, 0.2]}"#, "mine.json")
        let equal = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(equal.output.contains("mean 0.5, standard deviation 0.2"), "\(equal)")
        try scratch.write(#"{"mean": [0.485, 0.456, 0.406], "standardDeviation": [0.2, 0.2, 0.2]}"#, "mine.json")
        let different = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(different.output.contains("Its images are grey: give one number"), "\(different)")
    }

    @Test func `folders and files that are no pictures are called so, and single things are single`() throws {
        let scratch = try Self.write(
            card: #"{\#(Self.normalized), "selections": {"first": "maps"}, "labels": ["ant", "bee"]}"#)
        let whole = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(whole.output.contains("selection \"first\": 1 layer\n"), "\(whole)")
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/nets", withIntermediateDirectories: true)
        let folder = try Command.run("inspect", "nets", in: scratch)
        #expect(folder.status == 2 && folder.messages.contains("nets: is a folder"), "\(folder)")
        let nothing = try Command.run("inspect", "nothing", in: scratch)
        #expect(nothing.status == 2 && nothing.messages.contains("no such file. A name is looked up"), "\(nothing)")
        try scratch.write("no picture at all", "a.png")
        let picture = try Command.run("classify", "mine.onnx", "a.png", in: scratch)
        #expect(picture.status == 2 && picture.messages.contains("is no picture that can be read"), "\(picture)")
    }

    @Test func `a profile calls steps by their layers' names`() throws {
        let scratch = try Self.write(card: #"{\#(Self.normalized)}"#)
        var fixture = ONNXFixture.small
        fixture.nodes[1].name = "/block/relu/Relu"
        _ = try fixture.write(into: scratch.path, name: "mine.onnx")
        let outcome = try Command.run(
            "bench", "--network", "mine.onnx", "--profile", "--json", "--rounds", "1", "--jobs", "1", in: scratch)
        #expect(outcome.status == 0 && outcome.output.contains("\"block\""), "\(outcome)")
        #expect(!outcome.output.contains("\"y\""), "\(outcome)")
    }
}
