import ConvNet
import ElasticBand
import FeatureVisualization
import Film
import JobManifest
import Records

/// The second stage of a reel: each facet is joined to the next by a band, along which the frames are spread and measured.
struct PathStage: Sendable {
    let task: ReelTask
    let settings: BandSettings
    /// The activation of a flat grey image, from which every ratio counts.
    var baseline: Double { settings.rules.baseline }

    var reel: Reel { task.reel }
    var pool: WorkerPool { task.context.pool }

    /// The space in which the images of a path lie.
    var space: ImageSpace { reel.neb.imageSpace(height: task.height, width: task.width) }

    /// Joins each facet to the next, several at a time if workers are free: makes a band, frames spread along it, and
    /// their measures. Each path is an item of its own, so that its floats are freed once its frames are there.
    func make(_ facets: [MadeFacet], on worker: Worker) throws -> [MeasuredPath] {
        guard facets.count > 1 else { return [] }
        let tracker = task.tracker(
            .bands, limits: [Int](repeating: settings.stepLimit, count: facets.count - 1), isExact: false)
        return try pool.parallel(facets.count - 1, on: worker) { index, worker in
            let ends = PathEnds(number: index, first: facets[index].facet, last: facets[index + 1].facet)
            defer { tracker.finish(index) }
            return try ReelError.at(ends.place) {
                let key = try task.keys.path(
                    index, between: [facets[index].reference, facets[index + 1].reference])
                return try task.context.results.result(
                    key, decode: { try path($0, frameCount: settings.imagesBetweenFacets + 2) },
                    encode: { try self.record(of: $0) },
                    make: { checkpoint in
                        let onSteps = { tracker.advance(index, by: $0, activation: $1) }
                        let timed = try timedPath(ends, on: worker, checkpoint, onSteps)
                        return try improved(timed, ends, on: worker, onSteps)
                    })
            }
        }
    }

    /// Relaxes the band and spreads the frames along it; continues from a checkpoint if there is one. `onSteps` gets
    /// the number of steps that moved the pivots, and their lowest activation.
    private func timedPath(
        _ ends: PathEnds, on worker: Worker, _ checkpoint: Checkpoint, _ onSteps: (Int, Double?) -> Void
    ) throws -> TimedPath {
        var objective = objective(of: ends, on: worker)
        let resumed = checkpoint.resumed { try PathProgress($0, of: self) }
        if case .timing(let path) = resumed { return try timed(path, ends, on: worker, checkpoint) }

        var band: BandWrapper<ImageSpace>
        if case .band(let unfinished, let evaluations, let gradientEvaluations) = resumed {
            band = unfinished
            (objective.evaluations, objective.gradientEvaluations) = (evaluations, gradientEvaluations)
            onSteps(band.steps, band.band.lowestActivation)
        } else {
            let view = try workspace(on: worker).view
            band = BandWrapper(
                from: view.point(of: ends.first.facet), to: view.point(of: ends.last.facet), space: space,
                settings: settings)
        }
        let result = try result(of: &band, &objective, checkpoint, onSteps)
        let path = TimedPath(
            result: result, timing: retiming(result), evaluations: objective.evaluations,
            gradientEvaluations: objective.gradientEvaluations)
        return try timed(path, ends, on: worker, checkpoint)
    }

    /// What a path's band climbs.
    func objective(of ends: PathEnds, on worker: Worker) -> PathObjective {
        PathObjective(
            reel.neb, seed: reel.seed, path: ends.number, height: task.height, width: task.width,
            evaluator: WorkerEvaluator(task.objective, space.parameterization, pool: pool, on: worker))
    }

    /// Steps a band to its end.
    /// - Parameter checkpoint: nil: nothing is kept of it until it is finished.
    func result(
        of band: inout BandWrapper<ImageSpace>, _ objective: inout PathObjective, _ checkpoint: Checkpoint?,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> BandResult<[Float]> {
        while true {
            if let result = band.result { return result }
            try pool.stop.check()
            let before = band.steps
            do {
                try band.step(&objective)
            } catch let stopped as Stopped {
                // Evaluations can be given up, and leave the band as it was before the step.
                checkpoint?.keepNow { try PathProgress.record(of: band, objective) }
                throw stopped
            }
            // Stopping and interpolating are calls of their own, but no steps.
            if band.steps > before { onSteps(1, band.band.lowestActivation) }
            if band.result == nil { checkpoint?.keep { try PathProgress.record(of: band, objective) } }
        }
    }

    func retiming(_ result: BandResult<[Float]>) -> Retiming {
        Retiming(
            pointCount: result.path.count, frameCount: settings.imagesBetweenFacets + 2, keeping: result.climber,
            roundLimit: reel.neb.retiming ? Self.retimingRounds : 1)
    }

    /// This worker's workspace for the reel's objective.
    func workspace(on worker: Worker) throws -> Workspace<UnitActivation> {
        try task.objective.workspace(space.parameterization, on: worker)
    }

    /// Measured: paths are even after two or three rounds; a jump takes a few more.
    private static let retimingRounds = 12
}
