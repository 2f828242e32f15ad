import ArgumentParser
import Disk
import Networks

struct LayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers",
        abstract: "List the network's layers, their units and sizes.",
        discussion: "EXAMPLE: facetreel layers --json")

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        var name: String
        var units: Int
        var stride: Int
    }

    func run() throws {
        guard json else { return printTable() }
        let entries = NetworkDescription.standard.layers.map {
            Entry(name: $0.name, units: $0.unitCount, stride: $0.stride)
        }
        Results.print(try entries.stableJSONText(isIndented: true))
    }

    private func printTable() {
        let width = (NetworkDescription.standard.layers.map(\.name.count).max() ?? 0) + 2
        func row(_ name: String, _ units: String, _ stride: String, _ size: String) {
            let numbers = [units, stride, size].map { String(repeating: " ", count: max(9 - $0.count, 1)) + $0 }
            Results.print(name.padding(toLength: width, withPad: " ", startingAt: 0) + numbers.joined())
        }
        row("layer", "units", "stride", "at 224")
        for layer in NetworkDescription.standard.layers {
            // Strided convolutions round up.
            let side = (224 + layer.stride - 1) / layer.stride
            row(layer.name, String(layer.unitCount), String(layer.stride), "\(side)x\(side)")
        }
    }
}
