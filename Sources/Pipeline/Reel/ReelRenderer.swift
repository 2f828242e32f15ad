import ConvNet
import Disk
import ElasticBand
import FeatureVisualization
import Film
import Foundation
import JobManifest
import Records

/// Renders one reel: facets, then the paths between them, then the film.
struct ReelRenderer: Sendable {
    let task: ReelTask

    /// Renders the reel and returns the path of the film; `worker` opens its parallel items.
    func render(on worker: Worker) throws -> String {
        let (reel, context) = (task.reel, task.context)
        var clock = StageClock()
        // Checked before the facets, which take long.
        let bandSettings = try ReelError.at("neb") { try BandSettings(reel.neb) }
        let folder = try ReelFolder(path: "\(context.outputFolder)/\(reel.folder)", under: context.outputFolder)
        let record = FileSignature("\(folder.path)/\(FilmRecord.fileName)")
        let digests = FilmRecord.Digests(job: reel.digest)

        let made = try FacetStage(task: task).make(on: worker)
        let facets = made.map(\.facet)
        let facetSeconds = clock.lap()
        let paths = try PathStage(task: task, settings: bandSettings).make(made, on: worker)
        let bandSeconds = clock.lap()
        let frames = FrameSequence(facets: facets.map(\.facet), paths: paths.map(\.path))
        var bands = paths.map(\.entry)
        for index in bands.indices {
            bands[index].lowestFrame = frames.lowestFrames[index]
            bands[index].lowestFrameReason = paths[index].path.saddleAbsence
        }
        try ReelError.at("film") {
            let stage = FilmStage(task: task, digests: digests, folder: folder)
            try stage.writeFacets(facets)
            try stage.writeFilm(frames, facets, on: worker)
        }
        let filmSeconds = clock.lap()

        let film = FilmRecord(
            subject: task.subject,
            seeds: FilmRecord.Seeds(job: reel.seed, robustActivation: ReelTask.robustSeed),
            digests: digests,
            engineRevision: Network.engineRevision,
            frames: frames.entries,
            facets: facets.map(\.entry),
            bands: bands,
            verdict: FilmRecord.Verdict(of: bands),
            outputs: try ReelError.at("film") { try folder.outputs() },
            timing: FilmRecord.Timing(
                facets: facetSeconds, bands: bandSeconds, film: filmSeconds,
                total: (facetSeconds + bandSeconds + filmSeconds).roundedToMilliseconds,
                workers: context.pool.workerCount))
        try ReelError.at("film.json") {
            try folder.write(try film.json(job: reel.portable), FilmRecord.fileName)
        }
        try context.pool.stop.check()
        if !isFinishedElsewhere(since: record) { try folder.publish(["film.mp4", "poster.png", "facets"]) }
        context.cache?.trim()
        return "\(folder.path)/film.mp4"
    }

    /// Whether another process, which took this one for dead, has finished the same film meanwhile. Then the other's
    /// film stays, so that the folder is whole at every moment.
    private func isFinishedElsewhere(since record: FileSignature?) -> Bool {
        let (reel, context) = (task.reel, task.context)
        return FileSignature("\(context.outputFolder)/\(reel.folder)/\(FilmRecord.fileName)") != record
            && ReelStatus.of(
                reel, in: context.outputFolder, network: task.subject.network, label: task.label) == .upToDate
    }
}

/// Wall time, stage by stage, in whole milliseconds.
private struct StageClock {
    private var last = MonotonicClock.system.now()

    /// Seconds since the last lap.
    mutating func lap() -> Double {
        let now = MonotonicClock.system.now()
        defer { last = now }
        return (now - last).roundedToMilliseconds
    }
}
