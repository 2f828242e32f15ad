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
        _ = try ReelError.at("neb") { try BandSettings(reel.neb) }
        let folder = try ReelFolder(path: "\(context.outputFolder)/\(reel.folder)", under: context.outputFolder)
        let record = FileSignature("\(folder.path)/\(FilmRecord.fileName)")
        let digests = FilmRecord.Digests(job: reel.digest)

        let baseline = try task.baseline(on: worker)
        let (attempt, discarded) = try bestAttempt(baseline, on: worker, &clock)
        let facets = attempt.facets
        try ReelError.at("film") {
            let stage = FilmStage(task: task, digests: digests, folder: folder)
            try stage.writeFacets(facets)
            try stage.writeFilm(attempt.frames, facets, on: worker)
        }
        let filmSeconds = clock.lap()
        let report = try ReelError.at("trust") { try self.report(attempt, baseline, in: folder, on: worker) }
        let reportSeconds = clock.lap()
        let (facetSeconds, bandSeconds) = (
            attempt.seconds.facets + (discarded?.seconds.facets ?? 0),
            attempt.seconds.bands + (discarded?.seconds.bands ?? 0)
        )

        let film = FilmRecord(
            subject: task.subject,
            seeds: FilmRecord.Seeds(job: reel.seed, robustActivation: ReelTask.robustSeed),
            digests: digests,
            engineRevision: Network.engineRevision,
            baseline: baseline,
            frames: attempt.frames.entries,
            facets: facets.map(\.entry),
            bands: attempt.bands,
            verdict: FilmRecord.Verdict(
                shortfalls: attempt.shortfalls.shortfalls, remarks: attempt.remarks, attempts: discarded == nil ? 1 : 2,
                discardedEvaluations: discarded?.evaluations ?? 0),
            trust: report,
            outputs: try ReelError.at("film") { try folder.outputs() },
            timing: FilmRecord.Timing(
                facets: facetSeconds, bands: bandSeconds, film: filmSeconds,
                trust: reel.trust ? reportSeconds : nil,
                total: (facetSeconds + bandSeconds + filmSeconds + reportSeconds).roundedToMilliseconds,
                workers: context.pool.workerCount))
        try ReelError.at("film.json") {
            try folder.write(try film.json(job: reel.portable), FilmRecord.fileName)
        }
        try context.pool.stop.check()
        if !isFinishedElsewhere(since: record) {
            try folder.publish(["film.mp4", "poster.png", "facets"], optional: ["importance", "photographs"])
        }
        context.cache?.trim()
        return "\(folder.path)/film.mp4"
    }

    /// The report of how far the film can be trusted, with the cuts of photographs that its page shows; nil where the
    /// manifest wants none.
    private func report(
        _ attempt: FilmAttempt, _ baseline: Double, in folder: ReelFolder, on worker: Worker
    ) throws -> FilmRecord.Trust? {
        guard task.reel.trust else { return nil }
        let report = try TrustStage(
            task: task, baseline: baseline, facets: attempt.facets, frames: attempt.frames
        ).report(on: worker)
        for cut in report.cuts { try folder.write(Data(cut.jpeg), cut.entry.file) }
        return report.trust
    }

    /// Makes facets and paths. If a path misses its bars in spite of its further steps, both are made once more from
    /// another seed, and the better film stays: at most twice a film's work.
    private func bestAttempt(
        _ baseline: Double, on worker: Worker, _ clock: inout StageClock
    ) throws -> (best: FilmAttempt, discarded: FilmAttempt?) {
        let first = try attempt(task, baseline, on: worker, &clock)
        guard !first.shortfalls.isGood, let again = task.withOtherFacets else { return (first, nil) }
        let reason = first.shortfalls.sentence(facets: first.facets.map(\.facet.name)) ?? ""
        task.context.progress.report(
            .warned(
                message: "\(task.reel.folder) is below its bars (\(reason)): it is made once more from another seed"))
        let second = try attempt(again, baseline, on: worker, &clock)
        return second.isBetter(than: first) ? (second, first) : (first, second)
    }

    private func attempt(
        _ task: ReelTask, _ baseline: Double, on worker: Worker, _ clock: inout StageClock
    ) throws -> FilmAttempt {
        let made = try FacetStage(task: task, baseline: baseline).make(on: worker)
        let facetSeconds = clock.lap()
        let settings = try ReelError.at("neb") { try BandSettings(task.reel.neb, baseline: baseline) }
        let paths = try PathStage(task: task, settings: settings).make(made, on: worker)
        return FilmAttempt(
            facets: made.map(\.facet), paths: paths, seconds: (facets: facetSeconds, bands: clock.lap()))
    }

    /// Whether another process, which took this one for dead, has finished the same film meanwhile. Then the other's
    /// film stays, so that the folder is whole at every moment.
    private func isFinishedElsewhere(since record: FileSignature?) -> Bool {
        let (reel, context) = (task.reel, task.context)
        return FileSignature("\(context.outputFolder)/\(reel.folder)/\(FilmRecord.fileName)") != record
            && ReelStatus.of(
                reel, in: context.outputFolder, network: task.subject.network, label: task.label,
                photographs: context.photographs.photographs(of: reel, in: task.network.description)?.digest)
                == .upToDate
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
