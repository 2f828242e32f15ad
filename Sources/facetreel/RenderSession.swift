import Cluster
import ConvNet
import Foundation
import Gallery
import JobManifest
import Measurement
import Networks
import Pipeline
import Records

/// One run of `render`, from the films to the report and the pages: all work of the command, without its options and
/// exit statuses.
struct RenderSession {
    /// All films of the manifests, also those of other shards.
    let films: [Reel]
    let networks: NetworkLibrary
    let output: String
    /// As the command was given them.
    var manifests: [String] = []
    var only: String?
    /// Which part of the films is this session's; nil: all of them.
    var shard: Shard?
    /// The batch under which a shard's report is kept.
    var batch: String?
    var workers = 1
    var policy = RunPolicy()
    var stop = StopSignal()
    var cacheLimit = StageCache.standardLimit
    var checkpointInterval: Duration?
    /// What the films are held against.
    var photographs = PhotographLibrary()
    /// Whether no progress is shown; then warnings go to `say`.
    var isSilent = true
    /// Makes the reporter that shows the progress of some films.
    var reporter: ([Reel]) -> any ProgressReporter = { _ in SilentProgress() }
    /// Takes a warning, from any thread.
    var say: @Sendable (String) -> Void = Message.warning

    /// The films of this session. A shard may be empty, since there may be more shards than films.
    var reels: [Reel] { shard?.part(of: films, costs: CostForecast.workUnits(films, describing: describe)) ?? films }

    private func describe(_ reference: NetworkReference) -> NetworkDescription? {
        try? networks.description(of: reference)
    }

    /// What this session would do.
    /// - Throws: `NetworkError` or `EvaluatorError` where a network cannot be measured.
    func dryRun(isJSON: Bool) throws -> DryRun {
        let plan = RenderPlan(
            reels: reels, in: output, networks: networks, isForced: policy.isForced)
        var calibrations: [NetworkReference: Calibration] = [:]
        for reference in Set(plan.reelsToRender.map(\.network)) {
            let file = Calibration.file(in: output, digest: try networks.digest(of: reference))
            calibrations[reference] = try Calibration.kept(in: file, network: try networks.network(reference))
        }
        return DryRun(
            plan: plan, forecast: CostForecast(plan.reelsToRender, describing: describe, calibrations),
            workers: workers, isJSON: isJSON)
    }

    /// Renders the films, and then writes the run's report and the pages. If a plan, a report or pages cannot be written,
    /// it only says so.
    func render() -> RunResult {
        let plan = keepPlan()
        let reels = reels
        let logs = RunLogs(reels: reels, output: output, next: reporter(reels), stop: stop)
        let cache = StageCache(
            folder: RunFolder(output: output).cache, limit: cacheLimit, warn: warning(through: logs))
        cache.sweep()
        let context = RenderContext(
            networks: networks, outputFolder: output,
            pool: WorkerPool(workerCount: workers, stop: stop), progress: logs, cache: cache,
            checkpointInterval: checkpointInterval, photographs: photographs)
        let result = RenderRun(reels: reels, context: context, logs: logs, policy: policy).render()
        writeReport(result, plan)
        updatePages()
        return result
    }

    /// Where warnings go: a display shows them itself, since nothing may be written over it; without one they go to
    /// `say`.
    private func warning(through reporter: any ProgressReporter) -> @Sendable (String) -> Void {
        let (isSilent, say) = (isSilent, say)
        return { message in
            if isSilent { say(message) }
            reporter.report(.warned(message: message))
        }
    }

    /// Keeps the plan, from which `facetreel status` knows what is missing; returns its key.
    private func keepPlan() -> String? {
        do {
            return try BatchPlan(
                films, manifests: manifests, only: only, digest: { (try? networks.digest(of: $0)) ?? "" },
                label: networks.label
            ).write(to: output)
        } catch {
            say("`facetreel status` will not know of this run: \(error)")
            return nil
        }
    }

    private func writeReport(_ result: RunResult, _ plan: String?) {
        do {
            var report = RunReport(result, manifests: manifests)
            report.plan = plan
            if let shard, let batch {
                try report.write(to: output, batch: batch, shard: shard)
            } else {
                try report.write(to: output)
            }
        } catch {
            say("no report of this run: \(error)")
        }
    }

    /// Updates the pages of the output folder. A shard does not: they are made once all shards have ended.
    private func updatePages() {
        guard shard == nil else { return }
        do {
            let outcome = try Gallery.build(output: output)
            for line in outcome.unreadable + outcome.problems.map(\.description) {
                say("\(line)")
            }
        } catch {
            say("no pages: \(error)")
        }
    }
}
