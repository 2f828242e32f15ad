import ArgumentParser
import ConvNet
import Disk
import Foundation
import Inspection
import Networks
import Pipeline

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Show what a layer makes of an image: mean activations and, for one unit, the input gradient.",
        discussion: """
            With --output, a safetensors file with `mean_activation` [units] and, with --unit, `gradient` \
            [height, width, 3] (image in -1...1); without, a table. An image in a safetensors file is in 0...1 where the \
            file's metadata has `image_range` = `0..1`, and in -1...1 where it has none.

            EXAMPLE: facetreel probe --input poster.png --layer block_12_add
            EXAMPLE: facetreel probe --input a.png --layer Conv1_relu --output a.safetensors
            """)

    @Option(
        help: ArgumentHelp("A picture (JPEG, PNG, WebP), or a .safetensors with an image.", valueName: "file"),
        completion: .file(extensions: ["png", "jpg", "jpeg", "safetensors"]))
    var input: String

    @Option(help: ArgumentHelp("The image's name in a .safetensors file: [height, width, 3].", valueName: "name"))
    var tensor = "input"

    @Option(help: "A layer that `facetreel layers` lists.", completion: .layer)
    var layer: String

    @Option(parsing: .unconditional, help: "The unit whose gradient is wanted.")
    var unit: Int?

    @Option(help: ArgumentHelp("Write a safetensors file.", valueName: "file"), completion: .tensors)
    var output: String?

    @Flag(
        help: ArgumentHelp(
            "Plain sums everywhere: slower than what films are made with, and closer to real numbers.",
            discussion: "Else 3x3 convolutions may be made by Winograd's method, which rounds five times as much."))
    var exact = false

    @OptionGroup var network: NetworkOption

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the network has subtracted of each color in 0...1, instead of what its card says.",
            valueName: "r,g,b"))
    var mean: ColorNumbers?

    @Option(
        name: .customLong("std"), parsing: .unconditional,
        help: ArgumentHelp("What the rest is divided by, above 0.", valueName: "r,g,b"))
    var standardDeviation: ColorNumbers?

    func validate() throws {
        if let deviation = standardDeviation, !deviation.values.allSatisfy({ $0 > 0 }) {
            throw ValidationError("--std: expected numbers above 0")
        }
    }

    func run() throws {
        let reference = NetworkReference(
            network.network, mean: mean?.values, standardDeviation: standardDeviation?.values)
        let opened = try OpenedNetwork(reference, network.networks)
        let network = try opened.network()
        let probe = try readingInput {
            guard FileManager.default.fileExists(atPath: input) else {
                throw ValidationError("\(input): no such file")
            }
            let image = try Probe.image(path: input, tensor: tensor)
            return try Probe(image, network: network, layer: layer, unit: unit, isExact: exact)
        }
        guard let output else { return printTable(probe) }
        if let signature = FileSignature(output),
            [input, try opened.path()].contains(where: { FileSignature($0) == signature })
        {
            Message.error("--output \(output): is what is read; name another file")
            throw ExitCode.validationFailure
        }
        do {
            try probe.write(to: output, layer: layer, unit: unit)
        } catch {
            Message.error(String(describing: error))
            throw ExitCode.failure
        }
    }

    private func printTable(_ probe: Probe) {
        Results.print("unit  mean activation")
        for (unit, activation) in probe.meanActivations.enumerated() {
            let number = String(unit)
            Results.print(String(repeating: " ", count: max(4 - number.count, 0)) + number + "  \(activation)")
        }
        if let gradient = probe.gradient, let unit {
            let squares = gradient.pixels.reduce(0.0) { $0 + Double($1) * Double($1) }
            let largest = gradient.pixels.reduce(Float(0)) { max($0, abs($1)) }
            Results.print("gradient of unit \(unit): norm \(Float(squares.squareRoot())), largest \(largest)")
        }
    }
}
