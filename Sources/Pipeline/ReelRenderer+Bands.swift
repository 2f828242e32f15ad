import ConvNet
import ElasticBand
import FeatureVisualization
import Film

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

extension ReelRenderer {
    /// Joins each facet to the next by an elastic band, several at a time where workers are free.
    func connect(_ facets: [Facet], _ settings: BandSettings, on worker: Worker) throws -> [TimedPath] {
        guard facets.count > 1 else { return [] }
        let tracker = StageTracker(
            .bands, reel: index,
            limits: [Int](repeating: settings.stepLimit, count: facets.count - 1),
            isExact: false, reporter: context.progress)
        let space = reel.neb.imageSpace(height: height, width: width)
        return try context.pool.parallel(facets.count - 1, on: worker) { index, worker in
            try ReelError.at("band \(facets[index].name) - \(facets[index + 1].name)") {
                var objective = PathObjective(self, path: index, worker: worker)
                let view = try workspace(on: worker).view
                var band = BandWrapper(
                    from: view.point(of: facets[index]), to: view.point(of: facets[index + 1]), space: space,
                    settings: settings)
                let result = try result(of: &band, &objective) { tracker.advance(index, activation: $0) }
                tracker.finish(index)
                return TimedPath(
                    result: result,
                    timing: Retiming(
                        pointCount: result.path.count, frameCount: settings.imagesBetweenFacets + 2,
                        keeping: result.climber, roundLimit: reel.neb.retiming ? Self.retimingRounds : 1),
                    evaluations: objective.evaluations, gradientEvaluations: objective.gradientEvaluations)
            }
        }
    }

    /// Measured: paths are even after two or three rounds; a jump takes a few more.
    private static let retimingRounds = 12

    /// Steps a band to its end; `onStep` is told its lowest activation after every step that moved the pivots.
    private func result(
        of band: inout BandWrapper<ImageSpace>, _ objective: inout PathObjective, onStep: (Double?) -> Void
    ) throws -> BandResult<[Float]> {
        while true {
            if let result = band.result { return result }
            try context.pool.stop.check()
            let before = band.steps
            try band.step(&objective)
            // Stopping and interpolating are calls of their own, but no steps.
            if band.steps > before { onStep(band.band.lowestActivation) }
        }
    }
}
