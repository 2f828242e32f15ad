import ArgumentParser
import Cluster
import Disk
import Foundation
import JobManifest
import Measurement
import Networks
import Pipeline
import Records

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render the films of manifests.",
        discussion: """
            Films land in OUTPUT/<name>/<layer>/<unit>/; their paths are printed when all are done. A film that is \
            there already, as its manifest, the network and the engine would make it now, is not rendered again, and of \
            one that has changed, or was interrupted, only what has to be. One that fails does not keep the others from \
            being rendered. OUTPUT/index.html shows them all. OUTPUT/report.json and OUTPUT/junit.xml say what became of \
            each, OUTPUT/.cache/logs how. Several renders into one OUTPUT share the work. The first SIGINT, SIGTERM or SIGHUP stops at the next step, \
            the second at once.

            EXAMPLE: facetreel render
            EXAMPLE: facetreel render Jobs/first.json --dry-run
            EXAMPLE: facetreel render Jobs --only 'eyes/block_12_*/1' --jobs 2
            """)

    enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
        case auto, plain, json, off
    }

    enum OnFailure: String, EnumerableFlag {
        case keepGoing, failFast

        static func help(for value: OnFailure) -> ArgumentHelp? {
            switch value {
            case .keepGoing: "Render the other films when one fails."
            case .failFast: "Start no further film when one fails."
            }
        }
    }

    @Argument(
        help: ArgumentHelp("Manifests, and folders of which every *.json is one.", valueName: "manifest|dir"),
        completion: .manifest)
    var manifests = ["Jobs"]

    @Option(help: ArgumentHelp("Where the films land.", valueName: "dir"), completion: .directory)
    var output = "Output"

    @OptionGroup var networks: NetworksOption

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Workers (default: the processors that affinity, control groups and Slurm allow).", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Only the films whose name/layer/unit match: * ? [a-z] within a part, ** across; 'eyes' is 'eyes/**'.",
            valueName: "glob"))
    var only: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "One of N parts of the films, equal by forecast cost: the I-th, from 0 to N - 1.", valueName: "i/n"),
        transform: { try Shard($0) })
    var shard: Shard?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Stop in time (90s, 30m, 8h, 1h30m): start no film that is not expected to end by then; exit 75 if any is left.",
            valueName: "time"),
        transform: { try TimeBudget($0) })
    var timeBudget: TimeBudget?

    @Option(
        help: ArgumentHelp(
            "The batch that a shard is of (default: the number of Slurm's array): its report is kept for `facetreel report`.",
            valueName: "name"))
    var batch: String?

    @Flag(help: "In a Slurm job: be queued again if work is left when a signal or the time budget stops it.")
    var requeue = false

    @Flag(help: "Say of each film whether it would be rendered and why, and render nothing.")
    var dryRun = false

    @Flag(
        help:
            "Make also the films that are up to date again, from the stages that the cache holds; `facetreel cache --prune 0` empties it."
    )
    var force = false

    @Flag(exclusivity: .chooseLast)
    var onFailure = OnFailure.keepGoing

    @Option(help: "How progress is shown: bars on a terminal and plain lines elsewhere, or one of the others.")
    var progress = ProgressStyle.auto

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How large the cache of finished stages may be: 500M, 20G; what was not used for longest goes first.",
            valueName: "size"))
    var cacheLimit = ByteSize(StageCache.standardLimit)

    // For tests, which cannot wait a quarter of a minute.
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Seconds between two checkpoints of a stage.", visibility: .hidden))
    var checkpointInterval: Double?

    func validate() throws {
        try ResumableWork.check(checkpointInterval: checkpointInterval, jobs: jobs)
        if let batch, !BatchReport.isName(batch) || shard == nil {
            throw ValidationError("--batch \(batch): expected letters, digits, '.', '_' and '-', and --shard")
        }
        if let only {
            do { _ = try Glob(only) } catch { throw ValidationError("--only: \(error)") }
        }
    }

    func run() throws {
        // The time counts from here: the work before the first film takes time as well.
        let deadline = timeBudget.map { Deadline(after: $0.seconds) }
        let library = networks.library
        let films = try ManifestSet.valid(manifests, library).reels(matching: only)
        try AddressSpace.checkRoom()
        try open(films, library)
        let workers = try AddressSpace.workers(
            wanted: jobs ?? WorkerCount.automatic(),
            imageSide: films.map { max($0.image.width, $0.image.height) }.max() ?? 0)
        var session = RenderSession(
            films: films, networks: library, output: output, manifests: manifests, only: only,
            shard: shard, batch: batchName, workers: workers,
            policy: RunPolicy(keepsGoing: onFailure == .keepGoing, isForced: force, deadline: deadline),
            cacheLimit: cacheLimit.bytes,
            checkpointInterval: checkpointInterval.map { .milliseconds(Int64($0 * 1000)) },
            isSilent: progress == .off, reporter: { reporter($0, library) }, say: Message.warning)
        if dryRun { return try session.dryRun(isJSON: progress == .json).show() }
        try makeOutputFolder()
        // Until here a signal ends the process: nothing has been begun, and nobody would look whether there was one.
        let stop = StopSignal.onSignals(deadline: deadline)
        session.stop = stop
        Message.beginRun(isJSON: progress == .json)
        session.photographs = try photographs(films, library, workers, stop)
        let result = session.render()
        tell(result)
        conclude(result)
        // This comes last, since Slurm ends the task.
        if requeue, stop.signal != nil || result.isOutOfTime { requeueTask() }

        if let status = Self.status(result, signal: stop.signal) { throw status }
    }

    /// What the films are held against; ends the command where a folder of photographs cannot be used.
    private func photographs(
        _ films: [Reel], _ library: NetworkLibrary, _ workers: Int, _ stop: StopSignal
    ) throws -> PhotographLibrary {
        let pass = PhotographPass(
            films: films, networks: library, output: output, workers: workers, stop: stop, progress: progress,
            checkpointInterval: checkpointInterval.map { .milliseconds(Int64($0 * 1000)) })
        do {
            return try pass.library()
        } catch is Stopped {
            if progress != .off { Message.line("stopped; run the command again to go on", as: "left") }
            if requeue { requeueTask() }
            throw stop.signal.map(ExitCode.stopped) ?? .unfinished
        } catch {
            Message.error(String(describing: error))
            throw error is DiskError ? ExitCode.failure : ExitCode.invalidInput
        }
    }

    /// The exit status; nil if all is done. A film that failed counts more than time that was over: nobody should have
    /// to look into the report to learn of it. But a Slurm job has to be queued again for the films that are left.
    static func status(_ result: RunResult, signal: Int32?, isSlurmJob: Bool = ExitCode.isSlurmJob) -> ExitCode? {
        if let signal { return .stopped(by: signal) }
        if result.isOutOfTime, isSlurmJob || result.counts.failed == 0 { return .unfinished }
        return result.counts.failed > 0 ? .failure : nil
    }

    /// Opens every network, and looks whether its films have their folders for themselves. Ends the command where they
    /// cannot be rendered.
    private func open(_ films: [Reel], _ library: NetworkLibrary) throws {
        var faults: [String] = []
        for reference in Set(films.map(\.network)).sorted(by: { $0.file < $1.file }) {
            do throws(NetworkError) { _ = try library.network(reference) } catch { faults.append(error.description) }
        }
        if faults.isEmpty { faults = NetworkConflict.all(films, in: output, library).map(\.description) }
        faults.forEach(Message.error)
        if !faults.isEmpty { throw ExitCode.invalidInput }
    }

    private func makeOutputFolder() throws {
        do throws(DiskError) {
            try Folder.make(output)
        } catch {
            Message.error(error.description)
            throw ExitCode.failure
        }
    }

    private func reporter(_ reels: [Reel], _ library: NetworkLibrary) -> any ProgressReporter {
        let names = reels.map(\.folder)
        let costs = CostForecast(reels, describing: { try? library.description(of: $0) }).seconds
        let terminal = Terminal.standardError()
        return switch progress {
        case .auto where terminal.isInteractive:
            ProgressDisplay(style: .bars(terminal), reels: names, weights: costs)
        case .auto, .plain: ProgressDisplay(style: .plain, reels: names, weights: costs)
        case .json: ProgressDisplay(style: .json, reels: names, weights: costs)
        case .off: SilentProgress()
        }
    }

    /// The name of the shard's batch: the given one, or else the number of Slurm's array.
    private var batchName: String? {
        batch ?? ProcessInfo.processInfo.environment["SLURM_ARRAY_JOB_ID"].flatMap { BatchReport.isName($0) ? $0 : nil }
    }

    private func requeueTask() {
        do throws(ClusterError) {
            try Slurm.requeueOwnTask(ProcessInfo.processInfo.environment)
        } catch {
            Message.warning("this task is not queued again, unless by RequeueExit=75: \(error)")
        }
    }

    /// Prints the films that are there, and says which failed. Why, the progress has told when it happened.
    private func tell(_ result: RunResult) {
        for reel in result.reels {
            if let film = reel.outcome.film { Results.path(film) }
            guard case .failed(let message) = reel.outcome else { continue }
            let reason = progress == .off ? ": \(message)" : " failed"
            Message.error("\(reel.reel)\(reason)\(reel.log.map { " (log: \($0))" } ?? "")")
        }
    }

    private func tellFlags(_ flagged: [(reel: ReelResult, flag: FilmFlag)]) {
        for (reel, flag) in flagged.prefix(Self.shownFlags) {
            Message.line("flagged: \(reel.reel): \(flag.sentence)", as: "flagged")
        }
        guard flagged.count > Self.shownFlags else { return }
        Message.line(
            "flagged: \(flagged.count - Self.shownFlags) more, which the pages and the report name", as: "flagged")
    }

    /// How many flagged films the end of a run names; the pages and report.json have all.
    private static let shownFlags = 10

    /// Prints which films are not good and what was not rendered, and a summary.
    private func conclude(_ result: RunResult) {
        let counts = result.counts
        if progress != .off { tellFlags(result.flagged) }
        if let halt = result.halt { Message.line(halt, as: "halted") }
        if counts.left > 0 {
            let reason = result.isOutOfTime ? ": the time is over; render again to go on" : ""
            Message.line("\(counts.left) of \(counts.all) films were not rendered\(reason)", as: "left")
        }
        if counts.failed > 0 { Message.line("\(counts.failed) of \(counts.all) films failed", as: "failures") }
        if progress != .off || counts.failed + counts.left > 0 { Message.line(result.summary, as: "ended") }
    }
}
