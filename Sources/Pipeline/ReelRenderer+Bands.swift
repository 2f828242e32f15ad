import ConvNet
import ElasticBand
import FeatureVisualization
import Film

/// The frames from one facet to the next, both included.
struct RenderedPath: Sendable {
    /// As the film shows them, in 8 bit.
    let images: [Bitmap]
    /// Of the images before they were rounded to 8 bit.
    let activations: [Double]
    let band: BandSummary

    struct BandSummary: Sendable {
        /// Inner pivots of the run that came last.
        var pivots: Int
        var steps: Int
        var refinementSteps: Int
        var evaluations: Int
        var stop: BandStop
        var refinementStop: BandStop?
    }

    /// Where a frame lies, 0...1.
    func position(_ index: Int) -> Double {
        Double(index) / Double(max(images.count - 1, 1))
    }
}

extension ReelRenderer {
    /// Joins each facet to the next by an elastic band (thesis Algorithms 1 and 2), several at a time where workers
    /// are free.
    func connect(_ facets: [Facet], _ settings: BandSettings, on worker: Worker) throws -> [RenderedPath] {
        guard facets.count > 1 else { return [] }
        let tracker = StageTracker(
            .bands, reel: index,
            limits: [Int](repeating: settings.steps + settings.refinementSteps, count: facets.count - 1),
            isExact: false, reporter: context.progress)
        return try context.pool.parallel(facets.count - 1, on: worker) { index, worker in
            try ReelError.at("band \(facets[index].name) - \(facets[index + 1].name)") {
                var objective = PathObjective(
                    context: context, layer: reel.layer, objective: objective, height: height, width: width,
                    totalVariation: reel.neb.totalVariation(height: height, width: width), worker: worker)
                var band = BandWrapper(
                    from: facets[index].image.pixels, to: facets[index + 1].image.pixels,
                    space: EuclideanSpace<Float>(normalizesGradient: true, range: -1...1), settings: settings)
                let result = try result(of: &band, &objective) {
                    tracker.advance(index, activation: $0)
                }
                tracker.finish(index)
                return RenderedPath(
                    images: result.path.map { Bitmap(Image(height: height, width: width, pixels: $0)) },
                    activations: result.activations,
                    band: RenderedPath.BandSummary(
                        pivots: result.wasRefined ? result.pivots : settings.pivots, steps: result.steps,
                        refinementSteps: result.refinementSteps,
                        evaluations: result.evaluations, stop: result.stop, refinementStop: result.refinementStop))
            }
        }
    }

    /// Steps a band to its end; `onStep` is told its lowest activation after every step that moved the pivots.
    private func result(
        of band: inout BandWrapper<EuclideanSpace<Float>>, _ objective: inout PathObjective,
        onStep: (Double?) -> Void
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
