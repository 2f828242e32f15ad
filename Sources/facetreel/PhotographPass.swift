import Disk
import Examples
import Foundation
import JobManifest
import Networks
import Pipeline
import Records

/// Shows the photographs that a run's manifests name to their networks, before its films are begun: each folder once for
/// all films of a network, whatever shard they are in.
struct PhotographPass {
    /// All films of the manifests.
    let films: [Reel]
    let networks: NetworkLibrary
    let output: String
    let workers: Int
    let stop: StopSignal
    let progress: RenderCommand.ProgressStyle
    var checkpointInterval: Duration?

    /// Seconds between two looks whether another process has finished the same record.
    private static let patience = 2.0

    /// - Throws: `Stopped`; `ExampleError`, `DiskError`, `NetworkError` or `EvaluatorError` where a folder cannot be used.
    func library() throws -> PhotographLibrary {
        var library = PhotographLibrary()
        var seen: Set<PhotographLibrary.Key> = []
        for reel in films {
            let description = try networks.description(of: reel.network)
            guard let key = PhotographLibrary.Key(reel, in: description), seen.insert(key).inserted else { continue }
            let outcome = try collect(key, key.layers(in: description))
            tell(outcome, key.folder)
            library.add(try PhotographSet(folder: key.folder, record: outcome.record, place: outcome.place), for: key)
        }
        return library
    }

    private func collect(_ key: PhotographLibrary.Key, _ layers: [Layer]) throws -> ExampleCollection.Outcome {
        var collection = ExampleCollection(
            folder: key.folder, network: key.network, layers: layers, library: networks, output: output)
        collection.workers = workers
        collection.stop = stop
        if let checkpointInterval { collection.checkpointInterval = checkpointInterval }
        let shown = ExamplesProgress(progress)
        defer { shown.end() }
        collection.warn = { line in
            shown.end()
            Message.warning(line)
        }
        collection.report = shown.report
        var isFirst = true
        while true {
            do {
                return try collection.collect()
            } catch is ExamplesAreBeingMade {
                if isFirst {
                    collection.warn("another process is showing \(key.folder) to the network; waiting for it")
                }
                isFirst = false
                stop.pause(Self.patience)
                try stop.check()
            }
        }
    }

    private func tell(_ outcome: ExampleCollection.Outcome, _ folder: String) {
        guard progress != .off, outcome.lookedAt > 0 else { return }
        let skipped = outcome.record.skipped
        let left = skipped.isEmpty ? "" : ", \(skipped.count.grouped) skipped, which \(outcome.place.record) names"
        Message.line("photographs: \(outcome.record.pictures.count.grouped) of \(folder)\(left)", as: "photographs")
    }
}
