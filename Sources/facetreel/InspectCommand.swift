import ArgumentParser
import Disk
import Foundation
import Inspection
import JobManifest
import Measurement
import Networks
import Pipeline
import Records

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what is in a network: its layers, what they cost, and what it lacks to be rendered.",
        discussion: """
            A layer's line has its units, the size of its map, how many pixels of the image one of its values sees, and \
            what a forward pass to it costs, in million multiply-accumulates; each for the image size that the network \
            was made for. With --card, a card to fill in, null where something is not known: it lies beside the network's file, \
            under its name with .json.

            EXAMPLE: facetreel inspect mobilenet_v2
            EXAMPLE: facetreel inspect mine.onnx --card > mine.json
            """)

    @Argument(help: ArgumentHelp("A name, or the path of an ONNX file.", valueName: "network"), completion: .network)
    var network: String

    @OptionGroup var networks: NetworksOption

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print a card to fill in.")
    var card = false

    func validate() throws {
        if json, card { throw ValidationError("--json and --card print different things; give one") }
    }

    func run() throws {
        let reference = NetworkReference(network)
        if card {
            // `> mine.json` has made an empty card by now.
            let model = try readingInput {
                try NetworkModel(
                    path: try networks.library.path(of: reference), reference: reference, allowsEmptyCard: true)
            }
            let template = NetworkCardTemplate(model)
            for (index, line) in template.lack.enumerated() { Message.line((index == 0 ? "to fill in: " : "") + line) }
            return Results.print(template.text, terminator: "")
        }
        let opened = try OpenedNetwork(reference, networks)
        let model = try opened.model()
        let report = NetworkInspection(model, filmSeconds: filmSeconds(opened))
        Results.print(
            json ? try report.stableJSONText(isIndented: true) : report.table.map(\.printable).joined(separator: "\n"))
    }

    /// What a standard film of the network's standard layer costs, in seconds of one core of a typical machine; nil where
    /// the layer makes no film.
    private func filmSeconds(_ opened: OpenedNetwork) -> Double? {
        struct Film: Encodable {
            var name = "film"
            var network: String
            var layer: String
            var unit = 0
        }
        let film = Film(network: opened.reference.file, layer: opened.description.standardLayer.name)
        let description = opened.description
        guard let text = try? film.stableJSONText(),
            let manifest = try? ManifestReader.read(
                bytes: Array(text.utf8), file: "film", networks: NetworkProvider { _ in description })
        else { return nil }
        return CostForecast(manifest.reels(), describing: { _ in description }).coreSeconds
    }
}
