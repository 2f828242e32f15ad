import ArgumentParser
import Foundation
import Pipeline
import Records

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Say what the cache of an output folder holds; check it; make it smaller.",
        discussion: """
            The cache holds finished facets and paths, and checkpoints of unfinished ones. Nothing but time is lost with it.

            EXAMPLE: facetreel cache Output --prune 30d

            EXIT STATUS: 0 all is well, 1 --verify has removed damaged files.
            """)

    /// What remains after pruning: a size, or files that were used within a time.
    enum Limit: ExpressibleByArgument, Equatable {
        case size(ByteSize)
        /// Seconds.
        case age(Double)

        init?(argument: String) {
            // First sizes: `30m` are mebibytes.
            if let size = ByteSize(argument: argument) {
                self = .size(size)
            } else if let seconds = Durations.seconds(of: argument) {
                self = .age(Double(seconds))
            } else {
                return nil
            }
        }
    }

    @Argument(help: "The output folder.", completion: .directory)
    var output = "Output"

    @Option(
        help: ArgumentHelp(
            "Remove what was not used for longest until the rest fits (500M, 20G), or what was not used for so long "
                + "(12h, 30d, 4w).",
            valueName: "size|age"))
    var prune: Limit?

    @Flag(help: "Read every file and remove the damaged.")
    var verify = false

    func run() throws {
        guard FileManager.default.fileExists(atPath: output) else {
            Message.error("\(output): no such folder")
            throw ExitCode.invalidInput
        }
        let cache = StageCache(folder: RunFolder(output: output).cache) { Message.line("facetreel: warning: " + $0) }
        cache.sweep()
        let damaged = verify ? cache.verify() : 0
        if verify { print("\(damaged) damaged") }
        if let prune {
            let removed =
                switch prune {
                case .size(let size): cache.prune(toBytes: size.bytes)
                case .age(let seconds): cache.prune(unusedSince: Date().timeIntervalSince1970 - seconds)
                }
            print("removed: \(text(removed))")
        }
        let contents = cache.contents
        print("\(cache.folder): \(text(contents))\(oldest(contents))")
        if damaged > 0 { throw ExitCode.failure }
    }

    private func text(_ contents: StageCache.Contents) -> String {
        "\(contents.results) results, \(contents.checkpoints) checkpoints, \(ByteSize(contents.bytes).text)"
    }

    private func oldest(_ contents: StageCache.Contents) -> String {
        guard let time = contents.oldestUse else { return "" }
        return ", the oldest last used \(Date(timeIntervalSince1970: time).ISO8601Format())"
    }
}
