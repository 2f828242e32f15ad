import ConvNet
import Foundation
import JobManifest
import Networks
import Records

@testable import Pipeline

/// Renders tiny reels on real weights, as often as a test wants, into a folder that goes away with it.
final class Rendering: Sendable {
    let output = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-rendering-\(UInt64.random(in: 0...UInt64.max))").path
    let warnings = Guarded<[String]>([])

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let weightsPath = root.appending(path: "Weights/mobilenet_v2.onnx").path
    static let hasWeights = FileManager.default.fileExists(atPath: weightsPath)
    /// The networks of this checkout.
    static let networks = NetworkLibrary(folders: [root.appending(path: "Weights").path])
    static let network = try? networks.network(.standard)
    /// Describes the default network, whatever is asked for; it need not be there.
    static func describe(_ reference: NetworkReference) -> NetworkDescription { StandardNetwork.description }
    static let provider = NetworkProvider { describe($0) }

    private struct WithoutWeights: Error {}

    deinit {
        try? FileManager.default.removeItem(atPath: output)
    }

    /// What a run did, as its progress told.
    struct Report: Sendable {
        var steps: [Stage: Int] = [:]
        var film: String?
        var isStopped = false
        var failure: String?
    }

    /// - Parameters:
    ///   - stopAfter: asks for a stop once so many steps have been reported.
    ///   - interval: between checkpoints.
    func render(
        _ reel: Reel, workers: Int = 2, cached: Bool = true, stopAfter: Int? = nil, interval: Duration? = nil,
        photographs: PhotographLibrary = PhotographLibrary()
    ) throws -> Report {
        guard Self.hasWeights else { throw WithoutWeights() }
        let stop = StopSignal()
        let report = Guarded(Report())
        let counter = StepCounter { steps in
            report.update { $0.steps = steps }
            if let stopAfter, steps.values.reduce(0, +) >= stopAfter { stop.request(signal: 15) }
        }
        let pool = WorkerPool(workerCount: workers, stop: stop)
        let warnings = warnings
        let context = RenderContext(
            networks: Self.networks, outputFolder: output, pool: pool, progress: counter,
            cache: cached ? cache : nil, checkpointInterval: interval, photographs: photographs)
        withExtendedLifetime(warnings) {
            pool.run(1) { _, worker in
                do {
                    let film = try ReelRenderer(task: try ReelTask(reel: reel, index: 0, context: context)).render(
                        on: worker)
                    report.update { $0.film = film }
                } catch is Stopped {
                    report.update { $0.isStopped = true }
                } catch {
                    report.update { $0.failure = "\(error)" }
                }
            }
        }
        return report.value
    }

    var cache: StageCache {
        StageCache(folder: RunFolder(output: output).cache) { [warnings] line in warnings.update { $0.append(line) } }
    }

    /// The film's files but for the part of film.json that differs from run to run.
    func film(_ reel: Reel) throws -> Film {
        let folder = "\(output)/\(reel.folder)"
        let data = try Data(contentsOf: URL(filePath: "\(folder)/film.json"))
        var record = try JSONDecoder().decode(FilmRecord.self, from: data)
        record.timing = FilmRecord.Timing(facets: 0, bands: 0, film: 0, total: 0, workers: 0)
        var files: [String: Data] = [:]
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
        where name != "film.json" && !["facets", "importance", "photographs"].contains(name) {
            files[name] = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        }
        return Film(record: record, files: files)
    }

    struct Film: Equatable {
        let record: FilmRecord
        let files: [String: Data]
    }

    /// The reel of a manifest of one.
    static func reel(_ manifest: String) throws -> Reel {
        try ManifestReader.read(bytes: Array(manifest.utf8), file: "test.json", networks: Rendering.provider)
            .reels()[0]
    }

    private final class StepCounter: ProgressReporter {
        private let steps = Guarded<[Stage: Int]>([:])
        private let onSteps: @Sendable ([Stage: Int]) -> Void

        init(_ onSteps: @escaping @Sendable ([Stage: Int]) -> Void) {
            self.onSteps = onSteps
        }

        func report(_ event: ProgressEvent) {
            guard case .progressed(_, let progress) = event else { return }
            steps.update { $0[progress.stage] = max($0[progress.stage] ?? 0, progress.step) }
            onSteps(steps.value)
        }
    }
}

/// Facets and bands of every kind, each of a second or less.
enum TinyReels {
    static func manifest(_ facets: String, _ neb: String, more: String = "") -> String {
        """
        { "name": "tiny", "layer": "block_2_add", "unit": 3, "seed": 7, "image": { "size": 32 }, \(more)
          "facets": [\(facets)], "neb": {\(neb)} }
        """
    }

    static let thesisBand =
        #""pivots": 3, "levels": [], "interpolations": 1, "steps": 4, "refinementSteps": 3, "space": "pixel", "#
        + #""mix": "linear", "optimizer": "plain", "learningRate": 0.5, "stepControl": false, "smoothing": 0, "#
        + #""stop": "stepLimit", "retiming": false, "transforms": "none""#
}
