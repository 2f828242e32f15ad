import Foundation
import Networks
import Records

/// What is in a network, for people and for programs.
public struct NetworkInspection: Encodable, Sendable {
    struct Input: Encodable {
        var height: Int
        var width: Int
    }

    struct Layer: Encodable {
        var name: String
        var units: Int
        /// Of the map, for an image of the input's size; 1 x 1 for logits.
        var height: Int
        var width: Int
        /// Pixels of the image's side that one value sees; nil if it sees all.
        var receptiveField: Int?
        /// Of a forward pass up to the layer.
        var multiplyAccumulates: Double
        var stage: String
        var isLogits: Bool
    }

    struct Selection: Encodable {
        var name: String
        var layers: [String]
    }

    var name: String
    var file: String
    var digest: String
    var input: Input
    var classes: Int?
    var hasLabels: Bool
    var layers: [Layer]
    var selections: [Selection]
    /// Of a standard film of the network's standard layer, for one core of a typical machine.
    var standardFilmSeconds: Double?
    var standardLayer: String
    /// What cannot be run, each with the layers that need it.
    var unsupported: [String]

    public init(
        _ network: NetworkDescription, file: String, digest: String, filmSeconds: Double?, unsupported: [String] = []
    ) {
        name = network.name
        self.file = file
        self.digest = digest
        let (height, width) = (network.height, network.width)
        input = Input(height: height, width: width)
        classes = network.classLayer?.unitCount
        hasLabels = network.classLayer.map(network.hasLabels) ?? false
        layers = network.layers.map { layer in
            // Strided convolutions round up.
            func side(_ pixels: Int) -> Int { layer.isLogits ? 1 : (pixels + layer.stride - 1) / layer.stride }
            return Layer(
                name: layer.name, units: layer.unitCount, height: side(height), width: side(width),
                receptiveField: layer.receptiveField,
                multiplyAccumulates: layer.multiplyAccumulates(height: height, width: width), stage: layer.stage,
                isLogits: layer.isLogits)
        }
        selections = network.selections.map { Selection(name: $0.name, layers: $0.layers.map(\.name)) }
        standardFilmSeconds = filmSeconds
        standardLayer = network.standardLayer.name
        self.unsupported = unsupported
    }

    /// For people, line by line.
    public var table: [String] {
        var lines = [
            "\(name): \(file)", "image \(input.width) x \(input.height), \(layers.count) layers" + classText,
        ]
        lines += selections.map { "selection \"\($0.name)\": \($0.layers.count) layers" }
        lines += [""] + layerTable
        if !unsupported.isEmpty {
            lines += ["", "Not supported, and what needs it:"] + unsupported.map { "  \($0)" }
        }
        if let standardFilmSeconds {
            lines += [
                "",
                "A standard film of a unit of \(standardLayer): about \(Durations.rough(standardFilmSeconds)) of one core",
            ]
        }
        return lines
    }

    private var classText: String {
        guard let classes else { return ", no logits" }
        return ", \(classes) classes " + (hasLabels ? "with labels" : "without labels")
    }

    private var layerTable: [String] {
        let rows = layers.map { layer in
            [
                layer.name, String(layer.units), "\(layer.width)x\(layer.height)",
                layer.receptiveField.map(String.init) ?? "all",
                String(format: "%.1f", layer.multiplyAccumulates / 1e6), layer.stage,
            ]
        }
        return TextTable.lines(["layer", "units", "map", "sees px", "MMAC", "responds to"], rows)
    }
}
