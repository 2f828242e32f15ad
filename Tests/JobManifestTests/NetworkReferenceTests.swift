import Foundation
import JSON
import Networks
import Testing

@testable import JobManifest

/// How manifests name networks.
@Suite struct NetworkReferenceTests {
    private func reels(_ paths: [String]) throws -> [Reel] {
        try ManifestReader.read(paths: paths, networks: standardNetworks).flatMap { $0.reels() }
    }

    private static func job(_ name: String, _ more: String) -> String {
        #"{"name": "\#(name)", "layer": "block_12_add", "unit": 1\#(more.isEmpty ? "" : ", ")\#(more)}"#
    }

    @Test func `a name stays one, and a path begins at the manifest's folder`() throws {
        let folder = try ManifestFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/nets", withIntermediateDirectories: true)
        for (text, file) in [
            (#""mine""#, "mine"), (#""mine.onnx""#, "\(folder.path)/mine.onnx"),
            (#""nets/mine""#, "\(folder.path)/nets/mine"), (#""./nets/../nets/m.onnx""#, "\(folder.path)/nets/m.onnx"),
            (#""/no/such/m.onnx""#, "/no/such/m.onnx"), (#"{"file": "mine"}"#, "mine"),
            (#"{"file": "nets/m.onnx"}"#, "\(folder.path)/nets/m.onnx"),
        ] {
            let path = try folder.write(Self.job("n", #""network": \#(text)"#), "a.json")
            #expect(try reels([path]).map(\.network) == [NetworkReference(file)], "\(text)")
        }
        #expect(try reels([folder.write(Self.job("n", ""), "a.json")])[0].network == .standard)
    }

    @Test func `what a card does not say, the manifest can`() throws {
        let folder = try ManifestFolder()
        let text = #""network": {"file": "m.onnx", "mean": [0.5], "standardDeviation": [1, 2, 3], "labels": "l.txt"}"#
        let reel = try reels([folder.write(Self.job("n", text), "a.json")])[0]
        #expect(
            reel.network
                == NetworkReference(
                    "\(folder.path)/m.onnx", mean: [0.5], standardDeviation: [1, 2, 3], labels: "\(folder.path)/l.txt"))
        // As it is expanded, it asks for the same.
        let again = try folder.write(reel.canonicalJSON, "b.json")
        #expect(try reels([again]) == [reel])
        // In a film's record, folders and labels do not count.
        #expect(
            reel.portable.network == NetworkReference("m.onnx", mean: [0.5], standardDeviation: [1, 2, 3]))
        #expect(reel.portable.portable == reel.portable)
        #expect(
            try JSONDecoder().decode(Reel.self, from: JSONEncoder().encode(reel.portable)).portable == reel.portable)
    }

    @Test func `a job of the default network is written as before there were others`() throws {
        let folder = try ManifestFolder()
        let plain = try reels([folder.write(Self.job("n", ""), "a.json")])[0]
        let named = try reels([folder.write(Self.job("n", #""network": "mobilenet_v2""#), "a.json")])[0]
        #expect(plain.canonicalJSON == named.canonicalJSON && !plain.canonicalJSON.contains("network"))
        let other = try reels([folder.write(Self.job("n", #""network": "other""#), "a.json")])[0]
        #expect(other.canonicalJSON.contains(#""network":"other""#))
        #expect(other.pointersToDifferences(from: plain) == ["/network"])
    }

    @Test func `two networks never share a name, and both places are said`() throws {
        let folder = try ManifestFolder()
        let first = try folder.write("\n" + Self.job("n", ""), "a.json")
        let other = Self.job("n", #""network": "other""#).replacing("block_12_add", with: "block_2_add")
        let second = try folder.write("{\"jobs\": [\(Self.job("m", "")), \(other)]}", "b.json")
        let errors = try #require(throws: ManifestErrors.self) { try reels([first, second]) }
        let found = try #require(errors.diagnostics.first)
        #expect(errors.diagnostics.count == 1 && found.file == second && found.pointer == "/jobs/1/name", "\(errors)")
        for phrase in ["the films of \"other\" alone", "\(first) (line 2, column 10)", "\"mobilenet_v2\""] {
            #expect(found.message.contains(phrase), "\(found)")
        }
        // Labels make no other network.
        let labels = #""network": {"file": "m.onnx", "labels": "l.txt"}"#
        let third = try folder.write(
            "{\"jobs\": [\(Self.job("n", labels)), \(Self.job("n", #""network": "m.onnx""#).replacing("1,", with: "2,"))]}",
            "c.json")
        #expect(try reels([third]).count == 2)
    }

    @Test func `a network that cannot be opened is an error where it is named, and the default one once`() throws {
        let provider = NetworkProvider { (reference) throws(NetworkError) in
            throw NetworkError(file: reference.fileName, reason: "no such file", remedy: "Make it")
        }
        let jobs = [
            Self.job("a", ""), Self.job("b", ""), Self.job("c", #""network": "x""#), Self.job("d", #""network": "x""#),
        ]
        let text = "{\"jobs\": [\n\(jobs.joined(separator: ",\n"))]}"
        let errors = try #require(throws: ManifestErrors.self) {
            try ManifestReader.read(bytes: Array(text.utf8), file: "j.json", networks: provider)
        }
        #expect(
            errors.diagnostics.map { "\($0.line):\($0.column) \($0.pointer)" } == [
                "2:1 /jobs/0", "4:62 /jobs/2/network", "5:62 /jobs/3/network",
            ], "\(errors)")
        #expect(errors.diagnostics[0].message.contains("mobilenet_v2: no such file. Make it."), "\(errors)")
    }

    @Test func `a hint's command is about the network of the job`() throws {
        let layers = [
            Layer(name: "conv", unitCount: 2, stride: 1, work: []),
            Layer(name: "fc", unitCount: 2, stride: 1, isLogits: true, work: []),
        ]
        let provider = NetworkProvider { _ in
            NetworkDescription(
                name: "Mine", labels: ["fox", "owl"], layers: layers, selections: [], perceptualLayers: ["conv"],
                benchmarkLayers: ["conv"], standardLayer: "conv")
        }
        func hint(_ network: String, _ target: String) throws -> String {
            let text = #"{"name": "a", "network": \#(network), \#(target)}"#
            let errors = try #require(throws: ManifestErrors.self) {
                try ManifestReader.read(bytes: Array(text.utf8), file: "j.json", networks: provider)
            }
            return "\(errors)"
        }
        for (network, option) in [
            (#""mobilenet_v2""#, ""), (#""mine""#, " --network mine"),
            (#""/no/m y.onnx""#, " --network '/no/m y.onnx'"),
        ] {
            let (layer, label) = (#""layer": "qqqqqqqqqqqq", "unit": 0"#, #""class": "qqqqqqqqqqqq""#)
            #expect(try hint(network, layer).contains("`facetreel layers\(option)` lists them"))
            #expect(try hint(network, label).contains("`facetreel layers\(option) --labels` lists them"))
        }
        let own = try hint(#"{"file": "mine", "labels": "/no/names.txt"}"#, #""class": "qqqqqqqqqqqq""#)
        #expect(own.contains(": /no/names.txt lists them"), "\(own)")
    }

    @Test func `any name of a layer makes a folder, and those of Keras the same as ever`() {
        #expect(FolderName.of("block_12_add") == "block_12_add")
        #expect(FolderName.of("layer4.2.conv3") == "layer4.2.conv3")
        #expect(FolderName.of("/layer1/conv1/Conv_output_0") == "_layer1_conv1_Conv_output_0")
        #expect(FolderName.of("..") == "_." && FolderName.of("") == "_" && FolderName.of("a\u{1b}[2Jb\n") == "a_[2Jb_")
        #expect(FolderName.of(String(repeating: "é", count: 300)).utf8.count == 200)
    }
}
