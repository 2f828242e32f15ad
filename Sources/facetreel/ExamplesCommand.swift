import ArgumentParser
import ConvNet
import Disk
import Examples
import Foundation
import Networks
import Pipeline
import Records

struct ExamplesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examples",
        abstract: "Show a folder of pictures to a network and keep what activates each unit.",
        discussion: """
            Every picture below the folder is scaled and cut as `classify` does it, and goes through the network once, for \
            all layers. Kept are, of every unit, mean and deviation, the 16 strongest and 3 weakest pictures, and all \
            activations, in OUTPUT/.cache/examples; the path of examples.json is printed. What is no picture, or is \
            damaged, is skipped and named. A pass that was interrupted goes on where it was; one that is finished is not \
            made again.

            EXAMPLE: facetreel examples --pictures photos
            EXAMPLE: facetreel examples --pictures photos --layers 'block_1?_add' --json

            EXIT STATUS: 0 done, 1 done, but a part of the folder may not be read, 2 the folder, a picture or a layer is \
            not there, 75 another run makes the same, 129, 130 or 143 stopped (75 in a Slurm job).
            """)

    @Option(help: ArgumentHelp("The folder of pictures.", valueName: "dir"), completion: .directory)
    var pictures: String

    @OptionGroup var network: NetworkOption

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Layers, patterns with * and ?, or selections of the card (default: \"projection\", or the card's first "
                + "selection, and the classes).", valueName: "layer"), completion: .layer)
    var layers: [String] = []

    @Option(help: ArgumentHelp("Where the record is kept.", valueName: "dir"), completion: .directory)
    var output = "Output"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Workers (default: the processors that affinity, control groups and Slurm allow).", valueName: "n"))
    var jobs: Int?

    @Option(help: "How progress is shown: a line on a terminal and plain lines elsewhere, or one of the others.")
    var progress = RenderCommand.ProgressStyle.auto

    @Flag(help: "Print a JSON object instead of the path.")
    var json = false

    // For tests, which cannot wait a quarter of a minute.
    @Option(parsing: .unconditional, help: ArgumentHelp("Seconds between two checkpoints.", visibility: .hidden))
    var checkpointInterval: Double?

    /// What `--json` prints.
    private struct Summary: Encodable {
        var record: String
        var activations: String
        var pictures: Int
        var skipped: [ExampleRecord.Skipped]
        var layers: [String]
        var units: Int
        /// Files that this run has looked at; 0 where all was there.
        var lookedAt: Int
        var seconds: Double
        /// Null where none were looked at.
        var picturesPerSecond: Double?
    }

    func validate() throws {
        try ResumableWork.check(checkpointInterval: checkpointInterval, jobs: jobs)
    }

    func run() throws {
        let opened = try network.opened()
        let description = opened.description
        var collection = ExampleCollection(
            folder: pictures, network: opened.reference, layers: try wantedLayers(of: description, opened.reference),
            library: opened.library, output: output)
        try AddressSpace.checkRoom()
        collection.workers = try AddressSpace.workers(
            wanted: jobs ?? WorkerCount.automatic(), imageSide: max(description.height, description.width))
        if let checkpointInterval { collection.checkpointInterval = .milliseconds(Int64(checkpointInterval * 1000)) }
        let shown = ExamplesProgress(progress)
        collection.warn = { line in
            shown.end()
            Message.warning(line)
        }
        collection.report = shown.report
        let stop = StopSignal.onSignals(deadline: nil)
        collection.stop = stop
        Message.beginRun(isJSON: progress == .json)
        let outcome: ExampleCollection.Outcome
        do {
            defer { shown.end() }
            outcome = try collection.collect()
        } catch {
            throw status(of: error, stop)
        }
        try tell(outcome)
        if outcome.record.skipped.contains(where: \.isTransient) { throw ExitCode.failure }
    }

    private func wantedLayers(of description: NetworkDescription, _ reference: NetworkReference) throws -> [Layer] {
        guard !layers.isEmpty else { return description.exampleLayers }
        return description.ordered(
            try layers.flatMap { text in
                let meant = description.layers(meantBy: text)
                if meant.isEmpty {
                    Message.error(
                        "--layers \(text): no layer of \(description.name) is meant; "
                            + "`\(reference.layersCommand())` lists them")
                    throw ExitCode.invalidInput
                }
                return meant
            })
    }

    /// Says what has ended the pass; returns the status that it means.
    private func status(of error: any Error, _ stop: StopSignal) -> ExitCode {
        if error is Stopped {
            if progress != .off { Message.line("stopped; run the command again to go on", as: "left") }
            return .stopped(by: stop.signal ?? 0)
        }
        Message.error(String(describing: error))
        switch error {
        case is ExamplesAreBeingMade: return .unfinished
        case is ExampleError, is NetworkError, is EvaluatorError: return .invalidInput
        // The folder of pictures itself; whatever else of it cannot be read is skipped.
        case let error as DiskError where error.path == pictures: return .invalidInput
        default: return .failure
        }
    }

    private func tell(_ outcome: ExampleCollection.Outcome) throws {
        let record = outcome.record
        let rate = outcome.lookedAt > 0 ? Double(outcome.lookedAt) / max(outcome.seconds, 1e-3) : nil
        if progress != .off {
            for skip in record.skipped.prefix(Self.shownSkips) {
                Message.line("skipped: \(skip.path): \(skip.reason)", as: "skipped")
            }
            if record.skipped.count > Self.shownSkips {
                let more = (record.skipped.count - Self.shownSkips).grouped
                Message.line("skipped: \(more) more, which examples.json names", as: "skipped")
            }
            let speed = rate.map { ", \(String(format: "%.1f", $0)) pictures/s" } ?? ", up to date"
            let layers = record.layers.count == 1 ? record.layers[0].name : "\(record.layers.count) layers"
            Message.line(
                "\(record.pictures.count.grouped) \(record.pictures.count == 1 ? "picture" : "pictures"), \(record.skipped.count.grouped) skipped; "
                    + "\(record.unitCount.grouped) units of \(layers)\(speed)", as: "ended")
        }
        guard json else { return Results.path(outcome.place.record) }
        Results.print(
            try Summary(
                record: outcome.place.record, activations: outcome.place.activations,
                pictures: record.pictures.count, skipped: record.skipped, layers: record.layers.map(\.name),
                units: record.unitCount, lookedAt: outcome.lookedAt,
                seconds: outcome.seconds.roundedToMilliseconds,
                picturesPerSecond: rate.map(\.roundedToMilliseconds)
            ).stableJSONText())
    }

    /// How many skipped files are named; the record has all.
    private static let shownSkips = 20
}
