import Film
import Foundation
import Testing

/// Networks by name and by path, with and without a card, whole and damaged.
@Suite struct NetworkCommandTests {
    private static let malformed: [(name: String, data: Data)] = [
        ("empty", Data()), ("seven bytes", Data(count: 7)), ("text", Data("this is no network at all".utf8)),
        ("JSON", Data("{}".utf8)), ("a length beyond the end", Data([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07])),
    ]

    @Test(arguments: malformed.indices)
    func `a malformed network is exit code 2, with the file's name, and nothing is made`(index: Int) throws {
        let scratch = try Scratch()
        let (name, data) = Self.malformed[index]
        try scratch.write(data, "bad/mobilenet_v2.onnx")
        try scratch.write(Manifests.tiny(), "a.json")
        for arguments in [["render", "a.json"], ["validate", "a.json"], ["inspect", "mobilenet_v2"], ["layers"]] {
            let outcome = try Command.start(arguments + ["--networks", "bad"], in: scratch).wait()
            #expect(outcome.status == 2, "\(name): \(outcome)")
            #expect(outcome.messages.contains("bad/mobilenet_v2.onnx"), "\(name): \(outcome)")
        }
        #expect(scratch.entries() == ["a.json", "bad", "bad/mobilenet_v2.onnx"], "\(name)")
    }

    @Test func `a missing network is an error that says how to get it`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "a.json")
        for arguments in [["render", "a.json"], ["probe", "--input", "a.png", "--layer", "block_2_add"], ["layers"]] {
            let outcome = try Command.start(arguments, in: scratch, environment: ["FACETREEL_NETWORKS": ""]).wait()
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.messages.contains("make weights"), "\(outcome)")
        }
        let named = try Command.run("inspect", "no\u{1B}[2Jsuch", in: scratch)
        #expect(named.status == 2 && named.messages.contains(#"no\x1B[2Jsuch"#), "\(named)")
    }

    @Test(.enabled(if: Command.hasWeights, "the default network is not there; `make weights` makes it"))
    func `a network that is cut off is exit code 2`() throws {
        let scratch = try Scratch()
        let real = try Data(contentsOf: URL(fileURLWithPath: Command.weights))
        try scratch.write(Manifests.tiny(), "a.json")
        for (name, data) in [("short", real.dropLast(4)), ("half", real.prefix(real.count / 2))] {
            try scratch.write(Data(data), "bad/mobilenet_v2.onnx")
            let outcome = try Command.run("render", "a.json", "--networks", "bad", in: scratch)
            #expect(outcome.status == 2, "\(name): \(outcome)")
            #expect(outcome.messages.contains("bad/mobilenet_v2.onnx"), "\(name): \(outcome)")
        }
    }

    @Test(.enabled(if: Command.hasWeights, "the default network is not there; `make weights` makes it"))
    func `a network without a card is inspected; to run it, its normalization has to be said`() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: Command.weights, toPath: "\(scratch.path)/mine.onnx")
        try PNG.write(Bitmap(width: 40, height: 32, color: (9, 99, 199)), to: "\(scratch.path)/a.png")
        let inspected = try Command.run("inspect", "mine.onnx", "--json", in: scratch)
        #expect(inspected.status == 0 && inspected.output.contains("block_12_add"), "\(inspected)")
        let card = try Command.run("inspect", "mine.onnx", "--card", in: scratch)
        #expect(card.status == 0, "\(card)")

        func probe(_ more: String...) throws -> Command.Outcome {
            try Command.start(
                ["probe", "--input", "a.png", "--layer", "block_2_add"] + more, in: scratch
            ).wait()
        }
        let known = try probe()
        #expect(known.status == 0, "\(known)")
        let unknown = try probe("--network", "mine.onnx")
        #expect(unknown.status == 2 && unknown.messages.contains("0.485"), "\(unknown)")
        // On a line of its own each, and no line end in an error.
        for text in [card.messages, unknown.messages, try Command.run("inspect", "mine.onnx", in: scratch).output] {
            #expect(!text.contains("\\n") && text.contains("\"standardDeviation\": [0.229"), "\(text)")
        }
        #expect(card.messages.split(separator: "\n").contains { $0.hasPrefix("  \"mean\": [0.5, 0.5") }, "\(card)")
        let said = try probe(
            "--network", "mine.onnx", "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225")
        #expect(said.status == 0 && said.output == known.output, "\(said)")
        let other = try probe("--network", "mine.onnx", "--mean", "0.5", "--std", "0.5")
        #expect(other.status == 0 && other.output != known.output, "\(other)")
        // A shell makes the file before the program starts.
        try scratch.write("", "mine.json")
        let again = try Command.run("inspect", "mine.onnx", "--card", in: scratch)
        #expect(again.status == 0 && again.output == card.output, "\(again)")
        let empty = try Command.run("inspect", "mine.onnx", in: scratch)
        #expect(empty.status == 2 && empty.messages.contains("mine.json: is empty. Fill it in"), "\(empty)")
        // The card that was printed is one, once it is filled in.
        #expect(card.messages.contains("0.485") && card.output.contains("\"mean\": null"), "\(card)")
        try scratch.write(card.output, "mine.json")
        #expect(try probe("--network", "mine.onnx").status == 2)
        try scratch.write(
            card.output.replacingOccurrences(of: "\"mean\": null", with: "\"mean\": [0.485, 0.456, 0.406]")
                .replacingOccurrences(of: "Deviation\": null", with: "Deviation\": [0.229, 0.224, 0.225]"), "mine.json")
        let carded = try probe("--network", "mine.onnx")
        #expect(carded.status == 0 && carded.output == known.output, "\(carded)")
        for wrong in ["0.5,0.5", "x", "1,2,3,4", "nan"] {
            #expect(try probe("--network", "mine.onnx", "--mean", wrong, "--std", "1").status == 64, "\(wrong)")
        }
        #expect(try probe("--network", "mine.onnx", "--mean", "0", "--std", "0").status == 64)
    }

    @Test(.enabled(if: Command.hasWeights, "the default network is not there; `make weights` makes it"))
    func `a manifest names a network by its path; its films say so, and keep to themselves`() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/nets", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Command.weights, toPath: "\(scratch.path)/nets/mine.onnx")
        try scratch.write(
            Manifests.tiny().replacingOccurrences(
                of: "\"name\": \"tiny\"",
                with: """
                    "name": "mine", "network": {"file": "nets/mine.onnx", "mean": [0.5], "standardDeviation": [0.25]}
                    """), "Jobs/mine.json")
        let missing = try Command.run("validate", "Jobs/mine.json", in: scratch)
        #expect(missing.status == 2 && missing.messages.contains("/network: expected a network"), "\(missing)")
        try FileManager.default.moveItem(atPath: "\(scratch.path)/nets", toPath: "\(scratch.path)/Jobs/nets")
        let outcome = try Command.run("render", "Jobs/mine.json", "--progress", "off", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        struct Film: Decodable {
            struct Network: Decodable {
                var name: String
                var file: String
                var digest: String
            }
            var network: Network
        }
        let path = try #require(outcome.output.split(separator: "\n").first).replacing("film.mp4", with: "film.json")
        let film = try JSONDecoder().decode(Film.self, from: scratch.read(String(path)))
        #expect(film.network.file == "mine.onnx" && film.network.name == "mine" && film.network.digest.count == 64)
        #expect(try Command.run("render", "Jobs/mine.json", in: scratch).messages.contains("1 up to date"))
        // Another network may not render into the folder.
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"name\": \"tiny\"", with: "\"name\": \"mine\"")
                .replacingOccurrences(of: "\"unit\": ", with: "\"unit\": 1"), "other.json")
        let other = try Command.run("render", "other.json", in: scratch)
        #expect(other.status == 2 && other.messages.contains("holds films of the network mine.onnx"), "\(other)")
    }

    @Test(.enabled(if: Command.hasWeights, "the default network is not there; `make weights` makes it"))
    func `classify says what a network without logits lacks, and what pictures cannot be read`() throws {
        let scratch = try Scratch()
        let outcome = try Command.run("classify", "mobilenet_v2", "a.png", in: scratch)
        #expect(outcome.status == 2 && outcome.messages.contains("has no logits"), "\(outcome)")
        #expect(try Command.run("classify", "mobilenet_v2", "a.png", "--top", "0", in: scratch).status == 64)
    }

    private static let classifier = "\(Command.networks)/efficientnet_lite0.onnx"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: classifier),
            "the classifier is not there; `make weights-efficientnet-lite0` makes it"))
    func `classify prints classes with probabilities and labels, and goes on after a bad picture`() throws {
        struct Line: Decodable {
            struct Class: Decodable {
                var unit: Int
                var label: String?
                var probability: Double
            }
            var picture: String
            var classes: [Class]
        }
        let scratch = try Scratch()
        try PNG.write(Bitmap(width: 300, height: 240, color: (9, 99, 199)), to: "\(scratch.path)/a.png")
        let outcome = try Command.run(
            "classify", "efficientnet_lite0", "none.png", "a.png", "--json", "--top", "1000", in: scratch)
        #expect(outcome.status == 2 && outcome.messages.contains("none.png"), "\(outcome.messages)")
        let line = try JSONDecoder().decode(Line.self, from: Data(outcome.output.utf8))
        #expect(line.picture == "a.png" && Set(line.classes.map(\.unit)) == Set(0..<1000))
        #expect(abs(line.classes.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        #expect(zip(line.classes, line.classes.dropFirst()).allSatisfy { $0.probability >= $1.probability })
        #expect(line.classes.allSatisfy { $0.label?.isEmpty == false })
        let labels = try Command.run("layers", "--network", "efficientnet_lite0", "--labels", in: scratch)
        #expect(labels.output.contains("   11  goldfinch"), "\(labels.output.prefix(500))")
        // A film of a class.
        try scratch.write(#"{"name": "birds", "network": "efficientnet_lite0", "class": "Goldfinch"}"#, "birds.json")
        let expanded = try Command.run("expand", "birds.json", in: scratch)
        #expect(
            expanded.output.contains(#""unit": 11"#) && expanded.output.contains(#""network": "efficientnet_lite0""#))
    }
}
