import Foundation
import JSON
import NetworksSupport
import Testing

@testable import Networks

/// A card says what its text says, and every fault of it has a place.
@Suite struct NetworkCardTests {
    private func card(_ text: String, path: String = "nets/mine.json") throws -> NetworkCard {
        try NetworkCard(bytes: Array(text.utf8), path: path)
    }

    @Test func `a card says what its text says`() throws {
        let card = try card(
            """
            {
              "name": "mine", "mean": [0.485, 0.456, 0.406], "standardDeviation": [0.229, 0.224, 0.225],
              "colorOrder": "BGR", "size": [224, 256], "labels": ["tench", "goldfish"],
              "selections": {"late": ["layer4.*", "fc"], "first": "conv1"}, "perceptualLayers": ["conv1"],
              "benchmarkLayers": ["fc"], "standardLayer": "layer4.2", "source": "https://example.com",
              "licence": "MIT", "sha256": "\(String(repeating: "aB", count: 32))"
            }
            """)
        var expected = NetworkCard()
        expected.name = "mine"
        expected.mean = [0.485, 0.456, 0.406]
        expected.standardDeviation = [0.229, 0.224, 0.225]
        expected.colorOrder = .bgr
        (expected.height, expected.width) = (224, 256)
        expected.labels = ["tench", "goldfish"]
        expected.selections = [
            .init(name: "late", layers: ["layer4.*", "fc"]), .init(name: "first", layers: ["conv1"]),
        ]
        expected.perceptualLayers = ["conv1"]
        expected.benchmarkLayers = ["fc"]
        expected.standardLayer = "layer4.2"
        expected.source = "https://example.com"
        expected.licence = "MIT"
        expected.sha256 = String(repeating: "ab", count: 32)
        #expect(card == expected && card.isComplete)
    }

    @Test func `grey images have one mean, and square ones one side`() throws {
        let card = try card(#"{"mean": 0.5, "standardDeviation": [0.25], "size": 32}"#)
        #expect(card.mean == [0.5] && card.standardDeviation == [0.25] && card.height == 32 && card.width == 32)
        #expect(try self.card("{}") == NetworkCard())
    }

    @Test(
        arguments: [
            (#"{"men": 0.5}"#, "/men", "did you mean \"mean\"?"), (#"{"x": 0.5}"#, "/x", "its keys are name, mean,"),
            (#"{"mean": 0.5, "mean": 0.5}"#, "/mean", "comes twice"),
            (#"{"mean": [0.5, 0.5]}"#, "/mean", "expected three numbers"),
            (#"{"mean": "0.5"}"#, "/mean", "found \"0.5\""),
            (#"{"mean": [0.5, 0.5, "a"]}"#, "/mean/2", "expected a number, found \"a\""),
            (#"{"mean": [123.675, 116.28, 103.53]}"#, "/mean/0", "by 255"), (#"{"mean": 1e999}"#, "/mean", "1e999"),
            (#"{"standardDeviation": 0}"#, "/standardDeviation", "above 0"),
            (#"{"standardDeviation": [1, 1, -1]}"#, "/standardDeviation/2", "above 0"),
            (#"{"mean": 0.5, "standardDeviation": [1, 1, 1]}"#, "/standardDeviation", "as many numbers"),
            (#"{"colorOrder": "rgb"}"#, "/colorOrder", "\"RGB\" or \"BGR\", found \"rgb\""),
            (#"{"size": 0}"#, "/size", "1 to 4096, found 0"), (#"{"size": 4097}"#, "/size", "found 4097"),
            (#"{"size": [1, 2.5]}"#, "/size/1", "found 2.5"), (#"{"size": [1, 2, 3]}"#, "/size", "[height, width]"),
            (#"{"labels": ["a", 3]}"#, "/labels/1", "expected a label"), (#"{"labels": []}"#, "/labels", "empty list"),
            (#"{"labels": ["a\nb"]}"#, "/labels/0", "on one line"),
            (#"{"labels": "../a.txt"}"#, "/labels", "beside the card"),
            (#"{"labels": ".."}"#, "/labels", "beside the card"),
            (#"{"selections": ["a"]}"#, "/selections", "an object"),
            (#"{"selections": {"a/b": 3}}"#, "/selections/a~1b", "found 3"),
            (#"{"selections": {"a": []}}"#, "/selections/a", "at least one layer"),
            (#"{"selections": {"a": "x", "a": "y"}}"#, "/selections/a", "comes twice"),
            (#"{"selections": {"": "x"}}"#, "/selections/", "a name of 1 to 100 bytes"),
            (#"{"perceptualLayers": "conv"}"#, "/perceptualLayers", "a list"),
            (#"{"benchmarkLayers": ["a", ""]}"#, "/benchmarkLayers/1", "a text of 1 to 1000"),
            (#"{"standardLayer": true}"#, "/standardLayer", "found true"),
            (#"{"source": {}}"#, "/source", "found an object"),
            (#"{"sha256": "abc"}"#, "/sha256", "64 hexadecimal digits"), ("[]", nil, "expected a card (a JSON object)"),
            ("{\n  \"mean\": .5\n}", "line 2, column 11", "a number begins with a digit"),
            ("{\"mean\": [0.5,]}", "line 1, column 14", "remove the trailing comma"),
            ("", "line 1, column 1", "expected a card (a JSON object), found an empty file"),
            ("{} // mine", "line 1, column 4", "the end of the file after the card"),
        ] as [(String, String?, String)])
    func `faults have a place`(text: String, place: String?, words: String) throws {
        let error = try #require(throws: NetworkError.self) { try card(text) }
        #expect(error.file == "nets/mine.json" && error.place == place, "\(error)")
        #expect(error.description.contains(words), "\(error)")
    }

    @Test func `the card lies beside the network, and labels beside the card`() throws {
        #expect(NetworkCard.path(beside: "nets/mine.onnx") == "nets/mine.json")
        #expect(NetworkCard.path(beside: "mine") == "mine.json")
        let folder = try ONNXFixture.makeFolder()
        let network = "\(folder)/mine.onnx"
        #expect(try NetworkCard.read(beside: network) == nil)
        try Data(#"{"labels": "names.txt"}"#.utf8).write(to: URL(filePath: "\(folder)/mine.json"))
        let missing = try #require(throws: NetworkError.self) { try NetworkCard.read(beside: network) }
        #expect(missing.file == "\(folder)/names.txt" && missing.reason.contains("No such file"), "\(missing)")
        try Data("# ImageNet\n# by hand\ntench\ngreat white shark\r\n#hash\n\n".utf8)
            .write(to: URL(filePath: "\(folder)/names.txt"))
        #expect(try NetworkCard.read(beside: network)?.labels == ["tench", "great white shark", "#hash"])
        try FileManager.default.removeItem(atPath: "\(folder)/mine.json")
        try FileManager.default.createDirectory(atPath: "\(folder)/mine.json", withIntermediateDirectories: true)
        let error = try #require(throws: NetworkError.self) { try NetworkCard.read(beside: network) }
        #expect(error.reason.contains("is a directory"), "\(error)")
    }

    @Test(
        arguments: [
            ("", nil, "has no labels"), ("# only\n", nil, "has no labels"), ("a\n\nb\n", "line 2", "is empty"),
            ("a\n\u{1B}[2J\n", "line 2", "\\x1B[2J"), ("a\n \nb", "line 2", "no text"),
            ("a\n" + String(repeating: "x", count: 1001), "line 2", "no text of 1 to 1000"),
        ] as [(String, String?, String)])
    func `files of labels that are none are refused`(text: String, place: String?, words: String) throws {
        let error = try #require(throws: NetworkError.self) { try Labels.read(Array(text.utf8), path: "names.txt") }
        #expect(error.file == "names.txt" && error.place == place && error.reason.contains(words), "\(error)")
    }

    @Test func `labels are UTF-8, and not endless`() throws {
        let many = [UInt8](String(repeating: "a\n", count: Labels.greatestCount + 1).utf8)
        let error = try #require(throws: NetworkError.self) { try Labels.read(many, path: "names.txt") }
        #expect(error.reason.contains("100001 lines"), "\(error)")
        #expect(try Labels.read(Array(many.dropFirst(2)), path: "names.txt").count == Labels.greatestCount)
        #expect(try Labels.read([0xEF, 0xBB, 0xBF, 0x61], path: "a") == ["a"])
        let broken = try #require(throws: NetworkError.self) { try Labels.read([0x61, 0x0A, 0x62, 0xFF], path: "a") }
        #expect(broken.place == "line 2" && broken.reason.contains("b\\xFF"), "\(broken)")
    }

    @Test func `a manifest's words count more than the card's`() throws {
        var card = try card(#"{"mean": 0.5, "standardDeviation": 0.5, "labels": ["a"]}"#)
        try card.apply(NetworkReference("x", mean: [0, 0, 0], standardDeviation: [1, 1, 1]))
        #expect(card.mean == [0, 0, 0] && card.standardDeviation == [1, 1, 1] && card.labels == ["a"])
        card.labelsFile = "a.txt"
        let path = try ONNXFixture.makeFolder() + "/names.txt"
        try Data("b\nc".utf8).write(to: URL(filePath: path))
        try card.apply(NetworkReference("x", labels: path))
        #expect(card.labels == ["b", "c"] && card.labelsFile == nil)
        #expect(throws: NetworkError.self) { try card.apply(NetworkReference("x", labels: path + "x")) }
    }

    @Test func `a digest tells the card's network from another`() throws {
        let path = try ONNXFixture.small.write(name: "mine.onnx")
        let digest = try ONNXModel(path: path).fileDigest()
        try card(#"{"sha256": "\#(digest)"}"#).check(digest: digest, of: path)
        try card("{}").check(digest: digest, of: path)
        let other = try card(#"{"sha256": "\#(String(repeating: "0", count: 64))"}"#)
        let error = try #require(throws: NetworkError.self) { try other.check(digest: digest, of: path) }
        #expect(error.file == path && error.description.contains(digest) && error.remedy.contains("mine.json"))
    }

    @Test func `what an error says of usual normalizations can be pasted into a card`() throws {
        let lines = NetworkCard.normalizationHelp().filter { $0.contains("\"mean\":") }
        #expect(lines.count == 3)
        for (line, usual) in zip(lines, NetworkCard.usualNormalizations) {
            let pasted = try self.card("{\(line)}")
            #expect(pasted.mean == usual.mean && pasted.standardDeviation == usual.standardDeviation)
        }
        let grey = NetworkCard.normalizationHelp(channels: 1).filter { $0.contains("\"mean\":") }
        #expect(try grey.map { try self.card("{\($0)}").mean?.count } == [1, 1, 1])
    }
}
