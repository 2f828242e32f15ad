import Disk
import Foundation
import Networks

/// A card to fill in for a network that has none, or not a whole one. What a card says already stays as it says it;
/// what is not known is null: it is never guessed.
public struct NetworkCardTemplate: Sendable {
    /// JSON, a key a line.
    public let text: String
    /// What has to be filled in before the network can be rendered, with what is usual, line by line; empty if nothing
    /// has to.
    public let lack: [String]

    public init(_ network: NetworkModel) {
        let (card, description) = (network.card, network.description)
        let word = { (text: String) in (try? text.stableJSONText()) ?? "\"\"" }
        func numbers(_ values: [Double]?) -> String {
            values.map { "[" + $0.map { "\($0)" }.joined(separator: ", ") + "]" } ?? "null"
        }
        func list(_ texts: [String]) -> String { "[" + texts.map(word).joined(separator: ", ") + "]" }
        func names(_ layers: [Layer]) -> String { list(layers.map(\.name)) }
        let size = [description.height, description.width]
        var lines = [
            "\"name\": \(word(network.name))", "\"mean\": \(numbers(card.mean))",
            "\"standardDeviation\": \(numbers(card.standardDeviation))",
            "\"colorOrder\": \(word((card.colorOrder ?? .rgb).rawValue))",
            "\"size\": \(size[0] == size[1] ? "\(size[0])" : "[\(size[0]), \(size[1])]")",
        ]
        // The name of the file, with a name a line in it; or the labels themselves.
        if let labels = card.labelsFile.map(word) ?? card.labels.map(list) {
            lines.append("\"labels\": \(labels)")
        } else if description.classLayer != nil {
            lines.append("\"labels\": null")
        }
        // As the card has them, patterns too.
        var selections = card.selections.map { (name: $0.name, layers: list($0.layers)) }
        if selections.isEmpty, let last = description.layers.last(where: { !$0.isLogits }) {
            selections = [(name: "last", layers: names([last]))]
        }
        let selected = selections.map { "\(word($0.name)): \($0.layers)" }.joined(separator: ", ")
        // That of the file as it is: a card whose own is another is not read.
        let digest = card.sha256 ?? (try? network.model.fileDigest())
        lines += [
            "\"selections\": {\(selected)}",
            "\"perceptualLayers\": \(names(description.perceptualLayers))",
            "\"benchmarkLayers\": \(names(description.benchmarkLayers))",
            "\"standardLayer\": \(word(description.standardLayer.name))",
            "\"source\": \(card.source.map(word) ?? "null")", "\"licence\": \(card.licence.map(word) ?? "null")",
            "\"sha256\": \(digest.map(word) ?? "null")",
        ]
        text = "{\n" + lines.map { "  \($0)" }.joined(separator: ",\n") + "\n}\n"
        do throws(NetworkError) {
            _ = try network.normalization()
            lack = []
        } catch {
            lack = Self.lines(error, network)
        }
    }

    /// What the normalization lacks; with what is usual where nobody says it.
    static func lines(_ error: NetworkError, _ network: NetworkModel) -> [String] {
        network.card.isComplete
            ? [error.description]
            : ["mean and standardDeviation"] + NetworkCard.normalizationHelp(channels: network.image.channels)
    }
}
