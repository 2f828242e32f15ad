import ConvNet
import ElasticBand
import FeatureVisualization
import Film
import Records

/// One path of the reel: from which facet to which.
struct PathEnds: Sendable {
    /// 0 is the path from the first facet to the second.
    let number: Int
    let first: MeasuredFacet
    let last: MeasuredFacet

    var place: String { "band \(first.facet.name) - \(last.facet.name)" }
}

/// The band from one facet to the next, and where along it the frames of the film lie.
struct TimedPath: Sendable {
    let result: BandResult<[Float]>
    /// As `Retiming` has them; of a band without retiming evenly between the points of the path.
    var timing: Retiming
    /// Images that the network has seen for it, and those of them with gradient.
    var evaluations: Int
    let gradientEvaluations: Int

    /// The frame of the pivot that climbed to the lowest place.
    var lowestFrame: Int? {
        result.climber.flatMap { climber in timing.places.firstIndex { abs($0 - Double(climber)) < 1e-9 } }
    }
}

/// A finished path: what the film shows of it, and what it is worth.
struct MeasuredPath: Sendable {
    let path: RenderedPath
    /// Its `lowestFrame` is left for whoever knows where in the film the path lies.
    let entry: FilmRecord.BandEntry
}

extension ReelRenderer {
    /// Joins each facet to the next, several at a time where workers are free: a band, frames spread along it, and their
    /// measures. Each path is an item of its own, so that its floats are gone once its frames are there.
    func makePaths(
        _ facets: [(facet: MeasuredFacet, reference: FacetReference)], _ settings: BandSettings, on worker: Worker
    ) throws -> [MeasuredPath] {
        guard facets.count > 1 else { return [] }
        let tracker = StageTracker(
            .bands, reel: index, limits: [Int](repeating: settings.stepLimit, count: facets.count - 1),
            isExact: false, reporter: context.progress)
        return try context.pool.parallel(facets.count - 1, on: worker) { index, worker in
            let ends = PathEnds(number: index, first: facets[index].facet, last: facets[index + 1].facet)
            defer { tracker.finish(index) }
            return try ReelError.at(ends.place) {
                let key = try pathKey(index, between: [facets[index].reference, facets[index + 1].reference])
                return try cached(
                    key, decode: { try path($0, frameCount: settings.imagesBetweenFacets + 2) },
                    encode: { try self.record(of: $0) },
                    make: { checkpoint in
                        let timed = try timedPath(ends, settings, on: worker, checkpoint) {
                            tracker.advance(index, by: $0, activation: $1)
                        }
                        let (path, band) = try frames(timed, ends, on: worker)
                        return try measure(path, band, ends, on: worker)
                    })
            }
        }
    }

    /// Relaxes the band and spreads the frames along it, from wherever a checkpoint was. `onSteps` is told of steps that
    /// moved the pivots, and of their lowest activation.
    private func timedPath(
        _ ends: PathEnds, _ settings: BandSettings, on worker: Worker, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> TimedPath {
        var objective = PathObjective(self, path: ends.number, worker: worker)
        let space = reel.neb.imageSpace(height: height, width: width)
        let resumed = checkpoint.resumed { try PathProgress($0, self, settings) }
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
            result: result, timing: retiming(result, settings), evaluations: objective.evaluations,
            gradientEvaluations: objective.gradientEvaluations)
        return try timed(path, ends, on: worker, checkpoint)
    }

    /// Steps a band to its end.
    private func result(
        of band: inout BandWrapper<ImageSpace>, _ objective: inout PathObjective, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> BandResult<[Float]> {
        while true {
            if let result = band.result { return result }
            try context.pool.stop.check()
            let before = band.steps
            do {
                try band.step(&objective)
            } catch let stopped as Stopped {
                // Evaluations can be given up, and leave the band as it was before the step.
                checkpoint.keepNow { try PathProgress.record(of: band, objective) }
                throw stopped
            }
            // Stopping and interpolating are calls of their own, but no steps.
            if band.steps > before { onSteps(1, band.band.lowestActivation) }
            if band.result == nil { checkpoint.keep { try PathProgress.record(of: band, objective) } }
        }
    }

    func retiming(_ result: BandResult<[Float]>, _ settings: BandSettings) -> Retiming {
        Retiming(
            pointCount: result.path.count, frameCount: settings.imagesBetweenFacets + 2, keeping: result.climber,
            roundLimit: reel.neb.retiming ? Self.retimingRounds : 1)
    }

    /// Measured: paths are even after two or three rounds; a jump takes a few more.
    private static let retimingRounds = 12
}
