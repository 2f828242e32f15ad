import ArgumentParser
import Disk
import Inspection
import Networks

struct LayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers",
        abstract: "List a network's layers, their units and sizes.",
        discussion: """
            EXAMPLE: facetreel layers --json
            EXAMPLE: facetreel layers --network efficientnet_lite0 --labels
            """)

    @OptionGroup var network: NetworkOption

    @Flag(help: "List the classes instead: number and label.")
    var labels = false

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        var name: String
        var units: Int
        var stride: Int
        /// Pixels of the image's side that one value sees; null if it sees all.
        var receptiveField: Int?
        var stage: String
        /// Whether its units are classes, or features without positions.
        var isLogits: Bool
    }

    private struct Label: Encodable {
        var unit: Int
        var label: String
    }

    func run() throws {
        let description = try network.opened().description
        if labels { return try printLabels(of: description) }
        if json {
            let entries = description.layers.map {
                Entry(
                    name: $0.name, units: $0.unitCount, stride: $0.stride, receptiveField: $0.receptiveField,
                    stage: $0.stage, isLogits: $0.isLogits)
            }
            return Results.print(try entries.stableJSONText(isIndented: true))
        }
        let rows = description.layers.map { layer in
            let map = description.mapSize(of: layer)
            return [
                layer.name, String(layer.unitCount), String(layer.stride),
                "\(map.width)x\(map.height)",
                layer.receptiveField.map(String.init) ?? "all", layer.stage,
            ]
        }
        let heads = [
            "layer", "units", "stride", "at \(description.width)x\(description.height)", "sees px", "responds to",
        ]
        Results.print(TextTable.lines(heads, rows).map(\.printable).joined(separator: "\n"))
    }

    private static func lack(of description: NetworkDescription) -> String {
        let name = description.name
        guard let labels = description.labels else {
            return
                "\(name) has no labels of classes; they are written into its card, or into \"network\" of a manifest"
        }
        guard let layer = description.classLayer else {
            return "\(name) has labels, and no logits that they could be of"
        }
        return "the \(labels.count) labels of \(name) are not those of its \(layer.unitCount) classes (\(layer.name)): "
            + "it takes one a class; correct them in its card"
    }

    private func printLabels(of description: NetworkDescription) throws {
        guard let layer = description.classLayer, description.hasLabels(layer), let labels = description.labels else {
            Message.error(Self.lack(of: description))
            throw ExitCode.invalidInput
        }
        let entries = labels.enumerated().map { Label(unit: $0, label: $1) }
        if json { return Results.print(try entries.stableJSONText(isIndented: true)) }
        let lines = entries.map { entry in
            let unit = String(entry.unit)
            return String(repeating: " ", count: max(5 - unit.count, 0)) + unit + "  " + entry.label.printable
        }
        Results.print(lines.joined(separator: "\n"))
    }
}
