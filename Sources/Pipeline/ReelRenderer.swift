import ConvNet
import ElasticBand
import FeatureVisualization
import Film
import Foundation
import JobManifest

/// Renders one reel: facets, then the bands between them, then their measures, then the film.
struct ReelRenderer: Sendable {
    let reel: Reel
    /// Its place among the reels of the run.
    let index: Int
    let context: RenderContext

    /// The transforms of robust activations are the same for every film, so that films can be compared.
    static let robustSeed: UInt64 = 0

    var height: Int { reel.image.height }
    var width: Int { reel.image.width }

    /// Renders the reel, its batches opened from `worker`, and returns the path of the film.
    func render(on worker: Worker) throws -> String {
        var clock = StageClock()
        // Before the facets, which take long.
        let bandSettings = try ReelError.at("neb") { try BandSettings(reel.neb) }
        let folder = try ReelFolder(path: "\(context.outputFolder)/\(reel.folder)")
        let digests = FilmRecord.Digests(
            weights: context.weightsDigest, job: SHA256.hexDigest(of: Data(reel.canonicalJSON.utf8)))

        let facets = try optimizeFacets(on: worker)
        let facetSeconds = clock.lap()
        let images = facets.map(\.facet)
        var timed = try connect(images, bandSettings, on: worker)
        try time(&timed, images, on: worker)
        let paths = try frames(timed, images, on: worker)
        timed = []
        let bandSeconds = clock.lap()
        var bands = try measure(paths, facets, on: worker)
        let measureSeconds = clock.lap()
        let frames = FrameSequence(facets: images, paths: paths)
        for index in bands.indices { bands[index].lowestFrame = frames.lowestFrames[index] }
        try ReelError.at("film") {
            try writeFacets(facets, digests, into: folder)
            try writeFilm(frames, facets, digests, into: folder, on: worker)
        }
        let filmSeconds = clock.lap()

        let record = FilmRecord(
            job: reel,
            seeds: FilmRecord.Seeds(job: reel.seed, robustActivation: Self.robustSeed),
            digests: digests,
            engineRevision: Network.engineRevision,
            frames: frames.entries,
            facets: facets.map(\.entry),
            bands: bands,
            timing: FilmRecord.Timing(
                facets: facetSeconds, bands: bandSeconds, measures: measureSeconds, film: filmSeconds,
                total: facetSeconds + bandSeconds + measureSeconds + filmSeconds,
                workers: context.pool.workerCount))
        try ReelError.at("film.json") {
            try folder.write(try record.json(), ReelFolder.record)
        }
        try context.pool.stop.check()
        try folder.publish(["film.mp4", "poster.png", "facets"])
        return "\(folder.path)/film.mp4"
    }
}

/// Wall time, stage by stage, in whole milliseconds.
private struct StageClock {
    private var last = ContinuousClock.now

    /// Seconds since the last lap.
    mutating func lap() -> Double {
        let now = ContinuousClock.now
        defer { last = now }
        let parts = (now - last).components
        return Double(parts.seconds) + Double(parts.attoseconds / 1_000_000_000_000_000) / 1000
    }
}
