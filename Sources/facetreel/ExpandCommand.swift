import ArgumentParser
import Foundation
import JobManifest
import Pipeline

struct ExpandCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expand",
        abstract: "Print the fully resolved jobs of a manifest, one for each film, as JSON.",
        discussion: "EXAMPLE: facetreel expand Jobs/first.json")

    @Argument(help: "The manifest.")
    var manifest: String

    private struct Expansion: Encodable {
        var jobs: [Reel]
    }

    func run() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Expansion(jobs: try ManifestSet.valid([manifest]).reels))
        print(String(decoding: data, as: UTF8.self))
    }
}
