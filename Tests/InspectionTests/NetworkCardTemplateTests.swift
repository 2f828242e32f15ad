import Foundation
import Inspection
import Networks
import NetworksSupport
import Testing

/// The card that `inspect --card` prints.
@Suite struct NetworkCardTemplateTests {
    private func open(_ folder: String) throws -> NetworkModel {
        try NetworkModel(path: "\(folder)/network.onnx", reference: NetworkReference("network.onnx"))
    }

    private func write(_ card: String, into folder: String) throws {
        try Data(card.utf8).write(to: URL(filePath: "\(folder)/network.json"))
    }

    @Test(arguments: [#""names.txt""#, #"["one", "the \"other\""]"#])
    func `nothing that a card says is lost`(labels: String) throws {
        let folder = try ONNXFixture.makeFolder()
        let digest = try ONNXModel(path: ONNXFixture.small.write(into: folder)).fileDigest()
        try Data("one\ntwo\n".utf8).write(to: URL(filePath: "\(folder)/names.txt"))
        try write(
            """
            {"name": "Mine", "mean": [0.25, 0.5, 0.75], "standardDeviation": [0.5, 0.5, 1], "colorOrder": "BGR",
             "size": [32, 48], "labels": \(labels), "selections": {"all \\"two\\"": ["c*", "relu"], "one": "conv"},
             "perceptualLayers": ["conv"], "benchmarkLayers": ["conv"], "standardLayer": "relu", "source": "here",
             "licence": "mine", "sha256": "\(digest)"}
            """, into: folder)
        let model = try open(folder)
        let template = NetworkCardTemplate(model)
        #expect(template.lack.isEmpty && model.card.labels?.count == 2)
        try write(template.text, into: folder)
        #expect(try open(folder).card == model.card, "\(template.text)")
    }

    @Test func `of a network without a card it says what is known, and what is not is null`() throws {
        let folder = try ONNXFixture.makeFolder()
        let digest = try ONNXModel(path: ONNXFixture.small.write(into: folder)).fileDigest()
        let template = NetworkCardTemplate(try open(folder))
        #expect(template.lack.contains { $0.contains("0.485") } && template.text.contains("\"mean\": null"))
        try write(template.text, into: folder)
        let card = try open(folder).card
        #expect(!card.isComplete && card.sha256 == digest && card.name == "network" && card.labels == nil)
        #expect(card.selections == [NetworkCard.Selection(name: "last", layers: ["relu"])])
    }
}
