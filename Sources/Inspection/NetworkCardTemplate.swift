import Disk
import Foundation
import Networks

/// A card to fill in for a network that has none, or not a whole one. What is not known is null: it is never guessed.
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
        func names(_ layers: [Layer]) -> String { "[" + layers.map { word($0.name) }.joined(separator: ", ") + "]" }
        let size = [description.height, description.width]
        var lines = [
            "\"name\": \(word(network.name))", "\"mean\": \(numbers(card.mean))",
            "\"standardDeviation\": \(numbers(card.standardDeviation))",
            "\"colorOrder\": \(word((card.colorOrder ?? .rgb).rawValue))",
            "\"size\": \(size[0] == size[1] ? "\(size[0])" : "[\(size[0]), \(size[1])]")",
        ]
        // The name of the file, with a name a line in it.
        if description.classLayer != nil { lines.append("\"labels\": null") }
        let last = description.layers.last { !$0.isLogits }
        lines += [
            "\"selections\": {\"last\": \(names(last.map { [$0] } ?? []))}",
            "\"perceptualLayers\": \(names(description.perceptualLayers))",
            "\"benchmarkLayers\": \(names(description.benchmarkLayers))",
            "\"standardLayer\": \(word(description.standardLayer.name))",
            "\"source\": \(card.source.map(word) ?? "null")", "\"licence\": \(card.licence.map(word) ?? "null")",
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
