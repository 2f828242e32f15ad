import ConvNet
import Disk
import Foundation
import JobManifest
import Records

@testable import Pipeline

/// A run whose reels are rendered by a closure, in a folder that goes away with it.
final class RunFixture: Sendable {
    let output = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-run-\(UInt64.random(in: 0...UInt64.max))").path
    let reels: [Reel]
    /// The reels in the order in which they were begun.
    let begun = Guarded<[Int]>([])
    let events = Guarded<[String]>([])

    deinit {
        try? FileManager.default.removeItem(atPath: output)
    }

    init(count: Int) throws {
        let text = #"{"name": "run", "layer": "block_16_project_BN", "units": "0-\#(count - 1)"}"#
        reels = try ManifestReader.read(bytes: Array(text.utf8), file: "run.json", networks: Rendering.provider)
            .reels()
    }

    func lock(_ index: Int) throws -> FileLock? {
        try FileLock.take(RunFolder(output: output).lock(ofReel: reels[index].folder))
    }

    /// Makes the film of a reel, as another process or `run` would.
    func makeFilm(_ index: Int) throws {
        let folder = try ReelFolder(path: "\(output)/\(reels[index].folder)")
        try folder.write(Data("film".utf8), "film.mp4")
        try folder.write(Data("{}".utf8), FilmRecord.fileName)
        try folder.publish(["film.mp4"])
    }

    /// - Parameter body: what is done to render a reel before its film is there; told its index and how often it was
    ///   begun before.
    func run(
        workers: Int = 2, policy: RunPolicy = RunPolicy(retryDelays: [0, 0], lockInterval: 0.01),
        stop: StopSignal = StopSignal(), _ body: @escaping @Sendable (Int, Int) throws -> Void = { _, _ in }
    ) -> RunResult {
        let recorder = Recorder(events: events)
        let (output, begun) = (output, begun)
        let logs = RunLogs(reels: reels, output: output, next: recorder)
        let run = RenderRun(
            reels: reels, output: output, pool: WorkerPool(workerCount: workers, stop: stop), logs: logs,
            policy: policy,
            work: RenderRun.Work(
                render: { index, _ in
                    var before = 0
                    begun.update {
                        before = $0.count { $0 == index }
                        $0.append(index)
                    }
                    logs.report(
                        .progressed(
                            reel: index, StageProgress(stage: .facets, fraction: 1, step: 3, lowestActivation: 1.5)))
                    try body(index, before)
                    try self.makeFilm(index)
                    return "\(output)/\(self.reels[index].folder)/film.mp4"
                },
                isUpToDate: { FileManager.default.fileExists(atPath: "\(output)/\($0.folder)/film.json") }))
        return run.render()
    }

    func logLines(_ index: Int) throws -> [ReelLog.Line] {
        let text = try String(
            contentsOfFile: RunFolder(output: output).log(ofReel: reels[index].folder), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(ReelLog.Line.self, from: Data($0.utf8)) }
    }

    private struct Recorder: ProgressReporter {
        let events: Guarded<[String]>

        func report(_ event: ProgressEvent) {
            switch event {
            case .warned(let message): events.update { $0.append("warned \(message)") }
            case .waiting(let count): events.update { $0.append("waiting \(count)") }
            case .upToDate(let reel): events.update { $0.append("upToDate \(reel)") }
            default: break
            }
        }
    }
}

/// What the system says when a file operation fails.
func fault(_ number: Int32) -> ReelError {
    ReelError(place: "film", cause: DiskError(.write, "film.mp4", number: number))
}

/// A clock that a test sets.
final class FakeTime: Sendable {
    private let seconds = Guarded(0.0)

    var clock: MonotonicClock { MonotonicClock { self.seconds.value } }

    func pass(_ more: Double) { seconds.update { $0 += more } }
}
