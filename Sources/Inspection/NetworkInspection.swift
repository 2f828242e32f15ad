import Foundation
import Networks
import Records

/// What is in a network, for people and for programs.
public struct NetworkInspection: Encodable, Sendable {
    struct Input: Encodable {
        var height: Int
        var width: Int
        /// 1 where the network sees the mean of red, green and blue.
        var channels: Int
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

    struct Normalization: Encodable {
        var mean: [Double]
        var standardDeviation: [Double]
        var colorOrder: String
    }

    /// A node that cannot be computed.
    struct Unsupported: Encodable {
        var node: String
        var reason: String
        var remedy: String?
        /// Layers that cannot be rendered because of it.
        var blocks: [String]
    }

    var name: String
    var file: String
    var digest: String
    var input: Input
    /// Nil where nothing says it: then it has to be said before the network can be rendered.
    var normalization: Normalization?
    private let lack: [String]
    var classes: Int?
    var hasLabels: Bool
    /// How many labels the card or the manifest has; nil without any.
    var labels: Int?
    var layers: [Layer]
    var selections: [Selection]
    /// Of a standard film of the network's standard layer, for one core of a typical machine.
    var standardFilmSeconds: Double?
    var standardLayer: String
    var unsupported: [Unsupported]

    private enum CodingKeys: CodingKey {
        case name, file, digest, input, normalization, classes, hasLabels, labels, layers, selections,
            standardFilmSeconds
        case standardLayer, unsupported
    }

    /// - Parameter filmSeconds: what a standard film of the standard layer costs.
    public init(_ model: NetworkModel, filmSeconds: Double?) {
        let network = model.description
        name = network.name
        file = model.path
        digest = model.digest
        do throws(NetworkError) {
            let (mean, deviation, order) = try model.normalization()
            normalization = Normalization(mean: mean, standardDeviation: deviation, colorOrder: order.rawValue)
            lack = []
        } catch {
            lack = NetworkCardTemplate.lines(error, model)
        }
        let (height, width) = (network.height, network.width)
        input = Input(height: height, width: width, channels: model.image.channels)
        classes = network.classLayer?.unitCount
        hasLabels = network.classLayer.map(network.hasLabels) ?? false
        labels = network.labels?.count
        layers = network.layers.map { layer in
            let map = network.mapSize(of: layer)
            return Layer(
                name: layer.name, units: layer.unitCount, height: map.height, width: map.width,
                receptiveField: layer.receptiveField,
                multiplyAccumulates: layer.multiplyAccumulates(height: height, width: width), stage: layer.stage,
                isLogits: layer.isLogits)
        }
        selections = network.selections.map { Selection(name: $0.name, layers: $0.layers.map(\.name)) }
        standardFilmSeconds = filmSeconds
        standardLayer = network.standardLayer.name
        unsupported = model.unsupportedNodes.map {
            Unsupported(
                node: $0.label, reason: $0.reason, remedy: $0.remedy.isEmpty ? nil : $0.remedy, blocks: $0.layers)
        }
    }

    /// For people, line by line.
    public var table: [String] {
        var lines = [
            "\(name): \(file)",
            "image \(input.width) x \(input.height)\(input.channels == 1 ? ", grey" : ""), \(Self.count(layers.count, "layer"))"
                + classText,
        ]
        if let normalization {
            lines.append(
                "normalization: mean \(Self.list(normalization.mean)), standard deviation "
                    + "\(Self.list(normalization.standardDeviation)), \(normalization.colorOrder)")
        }
        lines += selections.map { "selection \"\($0.name)\": \(Self.count($0.layers.count, "layer"))" }
        lines += [""] + layerTable
        if !unsupported.isEmpty {
            lines += ["", "Not supported, and the layers that need it:"] + unsupported.map(Self.line)
        }
        if let standardFilmSeconds {
            lines += [
                "",
                "A standard film of a unit of \(standardLayer): about \(Durations.rough(standardFilmSeconds)) of one core",
            ]
        }
        if let first = lack.first {
            lines += ["", "To be rendered it lacks, in \(NetworkCard.path(beside: file)): \(first)"] + lack.dropFirst()
        }
        return lines
    }

    private static func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static let shownLayers = 4

    /// `  node "/Resize" (Resize): only nearest is supported. Blocks 12 layers: head.0, head.1, ...`
    private static func line(_ node: Unsupported) -> String {
        let shown = node.blocks.prefix(shownLayers).joined(separator: ", ")
        let more = node.blocks.count > shownLayers ? ", ..." : ""
        let count = Self.count(node.blocks.count, "layer")
        return "  \(node.node): \(node.reason)" + (node.remedy.map { ". \($0)" } ?? "")
            + (node.blocks.isEmpty ? ". Blocks no layer" : ". Blocks \(count): \(shown)\(more)")
    }

    private var classText: String {
        guard let classes else { return ", no logits" }
        if hasLabels { return ", \(classes) classes with labels" }
        guard let labels else { return ", \(classes) classes without labels" }
        return
            ", \(classes) classes (the card has \(Self.count(labels, "label")), which are not used: one a class is needed)"
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
