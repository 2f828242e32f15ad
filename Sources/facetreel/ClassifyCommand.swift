import ArgumentParser
import Disk
import Foundation
import Inspection
import Networks
import Pipeline

struct ClassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Print a network's top classes for pictures: the check that its normalization is right.",
        discussion: """
            A picture's shorter side is scaled to the network's size / 0.875 (bicubic), and its middle is cut out: as \
            most networks were tested. A network that was exported and described rightly names what is to be seen; with \
            a wrong mean, deviation, color order or padding it does not.

            EXAMPLE: facetreel classify efficientnet_lite0 cat.png
            """)

    @Argument(help: ArgumentHelp("A name, or the path of an ONNX file.", valueName: "network"), completion: .network)
    var network: String

    @Argument(
        help: ArgumentHelp("Pictures: JPEG, PNG, WebP and others.", valueName: "picture"),
        completion: .file(extensions: ["png", "jpg", "jpeg", "webp"]))
    var pictures: [String]

    @OptionGroup var networks: NetworksOption

    @Option(parsing: .unconditional, help: ArgumentHelp("How many classes to print.", valueName: "n"))
    var top = 5

    @Flag(help: "Print a JSON object for each picture.")
    var json = false

    private struct Line: Encodable {
        var picture: String
        var classes: [Classification.Class]
    }

    func validate() throws {
        guard (1...1000).contains(top) else { throw ValidationError("--top \(top): expected 1 to 1000") }
    }

    func run() throws {
        let classifier = try classifier()
        var isRead = true
        for picture in pictures {
            do {
                let classes = Array(try classifier.classes(ofPicture: picture).prefix(top))
                Results.print(
                    json
                        ? try Line(picture: picture, classes: classes).stableJSONText()
                        : ([picture] + classes.map(Self.line)).map(\.printable).joined(separator: "\n"))
            } catch {
                isRead = false
                Message.error(String(describing: error))
            }
        }
        if !isRead { throw ExitCode.invalidInput }
    }

    private func classifier() throws -> Classification {
        let network = try OpenedNetwork(NetworkReference(network), networks).network()
        return try readingInput { try Classification(network) }
    }

    private static func line(_ one: Classification.Class) -> String {
        let probability = String(format: "%6.3f", one.probability)
        let unit = String(one.unit)
        return "  \(probability)  " + String(repeating: " ", count: max(5 - unit.count, 0)) + unit
            + (one.label.map { "  \($0)" } ?? "")
    }
}
