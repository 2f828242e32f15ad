import ArgumentParser
import JobManifest
import Pipeline

struct ExpandCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expand",
        abstract: "Print the fully resolved jobs of a manifest, as JSON: itself a manifest, of the same films.",
        discussion: "EXAMPLE: facetreel expand Jobs/first.json")

    @Argument(help: "The manifest.", completion: .manifest)
    var manifest: String

    @OptionGroup var networks: NetworksOption

    func run() throws {
        for manifest in try ManifestSet.valid([manifest], networks.library).manifests {
            Results.print(manifest.readableJSON, terminator: "")
        }
    }
}
