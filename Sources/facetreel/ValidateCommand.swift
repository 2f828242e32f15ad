import ArgumentParser
import Pipeline

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check manifests: every error of every file, with its place.",
        discussion: "EXAMPLE: facetreel validate Jobs Jobs/thesis")

    @Argument(
        help: ArgumentHelp("Manifests, and folders of which every *.json is one.", valueName: "manifest|dir"),
        completion: .manifest)
    var manifests: [String]

    @OptionGroup var networks: NetworksOption

    func run() throws {
        let manifests = try ManifestSet.valid(manifests, networks.library)
        let counts = [
            Self.counted(manifests.manifests.count, "manifest"), Self.counted(manifests.jobs.count, "job"),
            Self.counted(manifests.reels.count, "film"),
        ]
        Results.print("valid: " + counts.joined(separator: ", "))
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
