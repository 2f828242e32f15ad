import ConvNet
import Foundation
import JSON
import Networks
import NetworksSupport
import Testing

/// Whatever a network's file or its card is, it is read, or refused with a reason.
struct NetworkFuzzTests {
    private static let fixtures: [[UInt8]] = {
        var unpacked = ONNXFixture.rich
        unpacked.isPacked = false
        return [ONNXFixture.small, .external, .rich, unpacked, .operators, .operators].map(\.bytes)
    }()

    @Test func `an ONNX file of any bytes is read, or refused with a reason`() throws {
        let trees = Self.fixtures.map(ONNXTree.init)
        let damage = ONNXDamage(trees)
        let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let folder = "\(parent)/facetreel-fuzz-network-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(ONNXFixture.dataBesideSmall).write(to: URL(filePath: "\(folder)/network.onnx.data"))
        let path = "\(folder)/network.onnx"
        for (bytes, tree) in zip(Self.fixtures, trees) { #expect(tree.bytes == bytes) }
        var (opened, weights, evaluated) = (0, 0, 0)
        Fuzz.run("networks", short: 2000, long: 100_000) { number, random in
            let index = random.below(trees.count)
            let bytes =
                random.isOne(in: 3)
                ? Damage.damaged(Self.fixtures[index], others: Self.fixtures, &random)
                : damage.damaged(trees[index], &random)
            try Self.write(bytes, to: path)
            let model: ONNXModel
            do throws(NetworkError) { model = try ONNXModel(path: path) } catch {
                try Self.check(error.description)
                return
            }
            opened += 1
            weights += try Self.check(model)
            evaluated += try Self.evaluate(path, &random)
        }
        print("\(opened) were networks, with \(weights) weights that could be read; \(evaluated) layers were run")
        #expect(opened > 0 || Fuzz.kind != nil)
    }

    /// Makes a graph of it, and runs the last layer and any other, forward and back.
    /// - Returns: how many could be run.
    private static func evaluate(_ path: String, _ random: inout FuzzRandom) throws -> Int {
        let network: Network
        do throws(NetworkError) {
            let reference = NetworkReference(path, mean: [0.5], standardDeviation: [0.25])
            network = try Network(model: NetworkModel(path: path, reference: reference))
        } catch {
            try check(error.description)
            return 0
        }
        for node in network.model.unsupportedNodes { try check("facetreel-fuzz-network \(node.label): \(node.reason)") }
        let layers = network.description.layers
        var count = 0
        for layer in [layers[layers.count - 1], layers[random.below(layers.count)]] {
            let (height, width) = (1 + random.below(24), 16)
            do throws(EvaluatorError) {
                let evaluator = try Evaluator(network: network, layer: layer.name, height: height, width: width)
                var gradient = Image(height: height, width: width, repeating: 0.25)
                _ = evaluator.value(of: .unit(0), at: gradient, gradient: &gradient)
                _ = evaluator.activations(of: gradient)
                count += 1
            } catch {
                try check(error.description)
            }
        }
        return count
    }

    /// - Returns: how many of its weights could be read.
    private static func check(_ model: ONNXModel) throws -> Int {
        guard (7...100).contains(model.opset), model.nodes.count <= 100_000 else {
            throw Fuzz.Finding("opset \(model.opset), \(model.nodes.count) nodes")
        }
        _ = model.nodes.map(\.label)
        var tensors = Array(model.initializers.values)
        for node in model.nodes {
            for case .tensor(let tensor) in node.attributes.values { tensors.append(tensor) }
        }
        var count = 0
        for tensor in tensors.prefix(200) {
            guard tensor.shape.allSatisfy({ $0 >= 0 }) else { throw Fuzz.Finding("the shape \(tensor.shape)") }
            do throws(NetworkError) {
                let values = try tensor.floats()
                guard values.count == tensor.count, values.allSatisfy(\.isFinite),
                    try tensor.constant().values() == values
                else { throw NetworkError(file: "", reason: "\(tensor.count) values are \(values.count)") }
                count += 1
            } catch { try check(error.description) }
            do throws(NetworkError) {
                guard try tensor.integers().count == tensor.count else {
                    throw NetworkError(file: "", reason: "\(tensor.count) values are others")
                }
                count += 1
            } catch { try check(error.description) }
        }
        do throws(NetworkError) { _ = try model.digest() } catch { try check(error.description) }
        return count
    }

    @Test func `a card of any bytes is read, or refused with a reason`() throws {
        let text =
            #"{"name": "mine", "mean": [0.5, 0.5, 0.5], "standardDeviation": [0.2, 0.2, 0.2], "colorOrder": "RGB", "#
            + #""size": [224, 256], "labels": ["a", "b"], "selections": {"late": ["a", "b"], "one": "c"}, "#
            + #""perceptualLayers": ["a"], "benchmarkLayers": ["b"], "standardLayer": "c", "source": "d", "licence": "e", "#
            + "\"sha256\": \"\(String(repeating: "0", count: 64))\"}"
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let damage = JSONDamage([value])
        var read = 0
        Fuzz.run("cards", short: 1000, long: 100_000) { number, random in
            let bytes =
                random.isOne(in: 2)
                ? Damage.damaged(Array(text.utf8), others: [], &random) : damage.damaged(value, &random)
            do throws(NetworkError) {
                let card = try NetworkCard(bytes: bytes, path: "facetreel-fuzz-network/card.json")
                read += 1
                for color in (card.mean ?? []) + (card.standardDeviation ?? []) where !color.isFinite {
                    throw NetworkError(file: "", reason: "a color of \(color)")
                }
            } catch { try Self.check(error.description) }
            do throws(NetworkError) { _ = try Labels.read(bytes, path: "facetreel-fuzz-network.txt") } catch {
                try Self.check(error.description)
            }
        }
        print("\(read) were cards")
    }

    /// Messages name the file, end somewhere and are one line.
    private static func check(_ message: String) throws {
        guard message.contains("facetreel-fuzz-network"), message.utf8.count < 8000, !message.contains("\n"),
            !message.unicodeScalars.contains("\u{1B}")
        else { throw Fuzz.Finding("the message \(message.prefix(8000))") }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Fuzz.Finding("\(path) cannot be made") }
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw Fuzz.Finding("\(path) cannot be written") }
    }
}
