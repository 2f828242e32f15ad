import ConvNet
import Disk
import ElasticBand
import FeatureVisualization
import Foundation
import Gallery
import Inspection
import JobManifest
import Records

@testable import Cluster
@testable import Measurement
@testable import Pipeline
@testable import PipelineSupport

/// All that commands do with the files of an output folder: each part answers, or throws an error of its own.
struct Readers {
    private let fixture: OutputFixture
    private let copy: WorkingCopy
    private let snapshot: MeasureSnapshot
    private let folder: RunFolder
    private let cache: StageCache
    private let task: ReelTask
    private let paths: PathStage
    private let set: DiverseFacets

    init(_ fixture: OutputFixture, _ copy: WorkingCopy) throws {
        guard Rendering.hasWeights else { throw Fuzz.Finding("the weights are not there") }
        (self.fixture, self.copy) = (fixture, copy)
        folder = RunFolder(output: copy.output)
        snapshot = try MeasureSnapshot(copy.output)
        cache = StageCache(folder: folder.cache) { _ in }
        task = try ReelTask(
            reel: fixture.reel, index: 0,
            context: RenderContext(
                networks: Rendering.networks, outputFolder: copy.output,
                pool: WorkerPool(workerCount: 1)))
        paths = PathStage(task: task, settings: try BandSettings(fixture.reel.neb))
        let settings = fixture.reel.facets[1]
        set = try DiverseFacets(
            names: settings.names, FacetSpecification(settings), diversity: settings.diversity,
            objective: task.objective.objective, seed: 0, firstIndex: 1, evaluator: task.objective.evaluator)
    }

    func read(_ kind: OutputFuzzTests.Kind, _ path: String) throws {
        switch kind {
        case .film:
            status()
            reelStatus()
            check()
            compare(copy.output)
            gallery()
        case .result, .checkpoint:
            upkeep()
            try stages(path)
        case .claim, .lock, .presence:
            status()
            claims()
        case .plan:
            status()
            batch()
        case .report, .pages, .regressions: gallery()
        case .batchReport: batch()
        case .log:
            _ = ReelLog.lastLine(of: folder.log(ofReel: fixture.reel.folder))
            status()
            batch()
        case .calibration: forecast()
        case .snapshot: compare("\(copy.root)/\(path)")
        case .folder:
            status()
            reelStatus()
            check()
            compare(copy.output)
            gallery()
            upkeep()
            _ = cache.verify()
            claims()
            batch()
        }
    }

    /// `status`
    private func status() {
        let status = OutputStatus(output: copy.output)
        _ = (status.layers, status.total)
        _ = try? status.layers.map { try $0.stableJSON() }
    }

    /// `render --dry-run`, and the beginning of every run.
    private func reelStatus() {
        _ = RenderPlan(reels: [fixture.reel], in: copy.output, networks: Rendering.networks).reelsToRender
        _ = ReelStatus.isDone(
            "\(copy.root)/\(OutputFixture.film)", job: fixture.reel.digest, network: OutputFixture.digest,
            engineRevision: Network.engineRevision)
    }

    /// `check`
    private func check() {
        for film in FilmSearch(in: copy.output).sorted where !film.hasSuffix(OutputFixture.other) {
            do throws(FilmCheck.Fault) { _ = try FilmCheck(film).summary } catch { _ = error.description }
        }
    }

    /// `compare`
    private func compare(_ path: String) {
        do throws(SnapshotError) {
            let other = try MeasureSnapshot(path)
            for (old, new) in [(snapshot, other), (other, snapshot), (other, other)] {
                let comparison = SnapshotComparison(old: old, new: new)
                _ = comparison.text
                _ = try? comparison.stableJSON()
            }
            _ = try? other.films.values.map { try $0.stableJSON() }
        } catch { _ = error.description }
    }

    /// `gallery`
    private func gallery() {
        do throws(DiskError) {
            let outcome = try Gallery.build(output: copy.output)
            _ = outcome.problems.map(\.description)
        } catch { _ = error.description }
    }

    /// `report`
    private func batch() {
        do throws(ClusterError) {
            let report = try BatchReport.merged(in: copy.output, batch: nil)
            _ = try? report.write(to: copy.output)
        } catch { _ = error.description }
        BatchReport.sweep(in: copy.output)
    }

    /// `cache`
    private func upkeep() {
        cache.sweep()
        _ = cache.contents
        cache.prune(toBytes: .max)
        cache.prune(unusedSince: -1e12)
    }

    /// What goes on from a finished or unfinished stage; then `cache --verify`.
    private func stages(_ path: String) throws {
        let (height, width) = (task.height, task.width)
        let key = String((path as NSString).lastPathComponent.prefix(64))
        if let record = try? StageFile.read("\(copy.root)/\(path)", key: key) {
            for count in [1, 2] { _ = try? [MeasuredFacet](record, count: count, height: height, width: width) }
            _ = try? paths.path(record, frameCount: paths.settings.imagesBetweenFacets + 2)
            let optimizer = FacetOptimizer(
                FacetSpecification(fixture.reel.facets[0]), height: height, width: width, seed: 0, index: 0)
            _ = try? optimizer.resume(FacetProgress(record, like: optimizer.progress))
            if let progress = try? [DiverseFacetProgress](record, like: set.progress) { _ = try? set.resume(progress) }
            if case .timing(let timed)? = try? PathProgress(record, of: paths) {
                var timing = timed.timing
                var random = FuzzRandom(seed: 1, number: 1)
                for _ in 0..<14 where !timing.isDone {
                    timing.record((1..<timing.places.count).map { _ in Double(random.below(5)) })
                }
            }
        }
        _ = cache.verify()
    }

    /// What a run does before it renders.
    private func claims() {
        let liveness = Liveness(folder)
        let path = folder.claim(ofReel: fixture.reel.folder)
        _ = ReelClaim.holder(path, liveness)
        _ = ReelClaim.isFree(path, liveness)
        _ = FileLock.isFree(folder.lock(ofReel: fixture.reel.folder))
        do {
            let lock = try FileLock.take(folder.lock(ofReel: fixture.reel.folder))
            let claim = try ReelClaim.take(path, for: .current, liveness)
            withExtendedLifetime((lock, claim)) {}
        } catch { _ = "\(error)" }
        let presence = try? Presence(in: folder, as: .current)
        folder.sweep(as: .current, liveness)
        withExtendedLifetime(presence) {}
    }

    /// `render --dry-run`
    private func forecast() {
        guard let calibration = Calibration.stored(in: Calibration.file(in: copy.output, digest: OutputFixture.digest)),
            calibration.isValid(for: Rendering.describe(.standard))
        else { return }
        var reel = fixture.reel
        reel.layer = "block_16_project_BN"
        let forecast = CostForecast(
            [fixture.reel, reel], describing: { Rendering.describe($0) }, [.standard: calibration])
        _ = (forecast.summary(workers: 2), forecast.table)
    }
}
