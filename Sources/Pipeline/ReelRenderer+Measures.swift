import ConvNet
import FeatureVisualization
import Film

extension ReelRenderer {
    /// What each path is worth. The costly measures look at as many frames as the band has pivots
    /// (`PathMeasures.measuredFrames`), as the film shows them in 8 bit.
    func measure(
        _ paths: [RenderedPath], _ facets: [MeasuredFacet], on worker: Worker
    ) throws -> [FilmRecord.BandEntry] {
        guard !paths.isEmpty else { return [] }
        let measured = paths.map {
            PathMeasures.measuredFrames(count: $0.images.count, interpolations: reel.neb.interpolations)
        }
        // Each facet once, then what lies between them.
        var pictures = paths.map { $0.images[0] } + paths.suffix(1).map { $0.images[$0.images.count - 1] }
        for (path, frames) in zip(paths, measured) {
            pictures += frames.dropFirst().dropLast().map { path.images[$0] }
        }
        let tracker = StageTracker(
            .measures, reel: index, limits: [pictures.count], isExact: true, reporter: context.progress)
        let measures = try context.pool.parallel(pictures.count, on: worker) { [pictures] index, worker in
            let isFacet = index < facets.count
            let robust = isFacet ? Double(facets[index].robustActivation) : nil
            let values = try robustness(of: pictures[index], robust: robust, on: worker)
            tracker.advance(0)
            return values
        }
        var next = facets.count
        return zip(paths, measured).enumerated().map { number, path in
            let inner = measures[next..<next + max(path.1.count - 2, 0)]
            next += inner.count
            return entry(path.0, path.1, [measures[number]] + inner + [measures[number + 1]])
        }
    }

    /// What a picture's activation is worth.
    private struct Robustness: Sendable {
        /// Mean under transforms.
        var robust: Double
        var blurred: Double
        var compressed: Double
    }

    /// - Parameter robust: what the mean under transforms is known to be.
    private func robustness(of picture: Bitmap, robust: Double?, on worker: Worker) throws -> Robustness {
        let source = try workspace(on: worker).source
        let image = Image(picture)
        return Robustness(
            robust: try robust ?? Double(robustActivation.activation(of: image, in: source)),
            blurred: Double(try source.activation(of: Blurred.image(image))),
            compressed: Double(try source.activation(of: Image(JPEGLoss.applied(to: picture, quality: 75)))))
    }

    private func entry(
        _ path: RenderedPath, _ frames: [Int], _ robustness: [Robustness]
    ) -> FilmRecord.BandEntry {
        let positions = frames.map(path.position)
        func relative(_ values: [Double]) -> (minimum: Double, mean: Double, maximum: Double)? {
            PathMeasures.relativeToEnds(values, positions: positions)
        }
        let images = frames.map { Image(path.images[$0]) }
        let robust = relative(robustness.map(\.robust))
        let contrast = relative(images.map { PathMeasures.contrast($0.pixels) })
        let totalVariation = relative(images.map { Penalty.totalVariation(of: $0).value })
        return FilmRecord.BandEntry(
            pivots: path.band.pivots, levelSteps: path.band.levelSteps, steps: path.band.steps,
            refinementSteps: path.band.refinementSteps, evaluations: path.band.evaluations,
            gradientEvaluations: path.band.gradientEvaluations, timingRounds: path.band.timingRounds,
            stop: path.band.stop.rawValue, refinementStop: path.band.refinementStop?.rawValue,
            minimumActivation: path.activations.min() ?? 0,
            lowerEndActivation: min(path.activations.first ?? 0, path.activations.last ?? 0),
            minimumRatio: PathMeasures.minimumRatio(path.activations),
            robustMinimum: robust?.minimum, robustMean: robust?.mean, contrastMinimum: contrast?.minimum,
            totalVariationMinimum: totalVariation?.minimum, totalVariationMaximum: totalVariation?.maximum,
            featureStepRatio: PathMeasures.stepRatio(path.featureSteps),
            featureStepVariation: PathMeasures.stepVariation(path.featureSteps),
            flicker: PathMeasures.flicker(images.map(\.pixels)),
            blurMinimum: relative(robustness.map(\.blurred))?.minimum,
            jpegMinimum: relative(robustness.map(\.compressed))?.minimum)
    }
}
