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

    private struct Folder: Hashable {
        let network: NetworkReference
        let path: String
    }

    /// - Throws: `Stopped`; `ExampleError`, `DiskError`, `NetworkError` or `EvaluatorError` where a folder cannot be used.
    func library() throws -> PhotographLibrary {
        var library = PhotographLibrary()
        var folders: [Folder: [String]] = [:]
        for reel in films {
            guard let pictures = reel.pictures else { continue }
            folders[Folder(network: reel.network, path: pictures.folder), default: []].append(reel.layer)
        }
        for (folder, names) in folders.sorted(by: {
            ($0.key.path, $0.key.network.file) < ($1.key.path, $1.key.network.file)
        }) {
            let description = try networks.description(of: folder.network)
            let own = Set(names).sorted().compactMap(description.layer)
            let outcome = try collect(folder, description.ordered(description.exampleLayers + own))
            tell(outcome, folder.path)
            library.add(
                try PhotographSet(folder: folder.path, record: outcome.record, place: outcome.place), of: folder.network
            )
        }
        return library
    }

    private func collect(_ folder: Folder, _ layers: [Layer]) throws -> ExampleCollection.Outcome {
        var collection = ExampleCollection(
            folder: folder.path, network: folder.network, layers: layers, library: networks, output: output)
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
                    collection.warn("another process is showing \(folder.path) to the network; waiting for it")
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
