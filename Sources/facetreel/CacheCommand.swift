import ArgumentParser
import Disk
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

            EXIT STATUS: 0 all is well, 1 --verify has found damaged files, or something may not be read or removed, 2 there is \
            no such folder, or it may not be read.
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
        parsing: .unconditional,
        help: ArgumentHelp(
            "Remove what was not used for longest until the rest fits (500M, 20G), or what was not used for so long "
                + "(12h, 30d, 4w).",
            valueName: "size|age"))
    var prune: Limit?

    @Flag(help: "Read every file and remove the damaged.")
    var verify = false

    func run() throws {
        try OutputFolder.check(output)
        let cache = StageCache(folder: RunFolder(output: output).cache) { Message.warning($0) }
        cache.sweep()
        let verification = verify ? cache.verify() : StageCache.Verification()
        if verify {
            let left = verification.left > 0 ? ", \(verification.left) left that cannot be read or removed" : ""
            Results.print("\(verification.removed) damaged and removed\(left)")
        }
        var failures = cache.unreadable()
        if let prune {
            let pruning =
                switch prune {
                case .size(let size): cache.prune(toBytes: size.bytes)
                case .age(let seconds): cache.prune(unusedSince: Date().timeIntervalSince1970 - seconds)
                }
            failures += pruning.failures
            Results.print("removed: \(text(pruning.removed))")
        }
        for error in failures { Message.error(error.description) }
        let contents = cache.contents
        Results.print("\(cache.folder): \(text(contents))\(oldest(contents))".printable)
        if verification.removed + verification.left + failures.count > 0 { throw ExitCode.failure }
    }

    private func text(_ contents: StageCache.Contents) -> String {
        "\(contents.results) results, \(contents.checkpoints) checkpoints, \(ByteSize(contents.bytes).text)"
    }

    private func oldest(_ contents: StageCache.Contents) -> String {
        guard let time = contents.oldestUse else { return "" }
        return ", the oldest last used \(Date(timeIntervalSince1970: time).ISO8601Format())"
    }
}
