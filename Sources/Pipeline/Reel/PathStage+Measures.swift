import ConvNet
import FeatureVisualization
import Film
import Records

extension PathStage {
    /// Measures a path. The costly measures look at as many frames as the band has pivots
    /// (`PathMeasures.measuredFrames`), as the film shows them in 8 bit.
    func measure(
        _ path: RenderedPath, of timed: TimedPath, _ ends: PathEnds, on worker: Worker
    ) throws -> ExaminedPath {
        let frames = PathMeasures.measuredFrames(count: path.images.count, interpolations: reel.neb.interpolations)
        let values = try pool.parallel(frames.count, on: worker) { index, worker in
            // The facets themselves have been measured already.
            let facet = index == 0 ? ends.first : index == frames.count - 1 ? ends.last : nil
            return try robustness(
                of: path.images[frames[index]], robust: facet.map { Double($0.robustActivation) }, on: worker)
        }
        return ExaminedPath(
            timed: timed,
            measured: MeasuredPath(path: path, entry: entry(path, timed, frames, values, ofPicture: ends.hasPicture)),
            frames: frames,
            robust: values.map(\.robust))
    }

    /// What remains of a picture's activation under changes of the picture.
    private struct Robustness: Sendable {
        /// Mean under transforms.
        var robust: Double
        /// Without the finest detail: filtered with a gaussian of standard deviation 1 pixel.
        var blurred: Double
        var compressed: Double
    }

    /// - Parameter robust: the mean under transforms, if it is known.
    private func robustness(of picture: Bitmap, robust: Double?, on worker: Worker) throws -> Robustness {
        let source = try workspace(on: worker).source
        let image = Image(picture)
        return Robustness(
            robust: try robust ?? Double(task.robustActivation.activation(of: image, in: source)),
            blurred: Double(try source.activation(of: GaussianBlur.filter(image, kernel: 7, sigma: 1))),
            compressed: Double(try source.activation(of: Image(JPEGLoss.applied(to: picture, quality: 75)))))
    }

    private func entry(
        _ path: RenderedPath, _ timed: TimedPath, _ frames: [Int], _ robustness: [Robustness],
        ofPicture: Bool
    ) -> FilmRecord.BandEntry {
        let (band, positions) = (timed.result, frames.map(path.position))
        func relative(
            _ values: [Double], from baseline: Double = 0, ofPicture: Bool = false
        ) -> (minimum: Double, mean: Double, maximum: Double)? {
            PathMeasures.relativeToEnds(values, positions: positions, from: baseline, ofPicture: ofPicture)
        }
        let images = frames.map { Image(path.images[$0]) }
        let robust = relative(robustness.map(\.robust), from: baseline, ofPicture: ofPicture)
        let contrasts = images.map { PathMeasures.contrast($0.pixels) }
        let contrast = relative(contrasts)
        let brightness = images.map { PathMeasures.brightness($0.pixels) }
        let totalVariation = relative(images.map { Penalty.totalVariation(of: $0) })
        return FilmRecord.BandEntry(
            pivots: band.wasRefined ? band.pivots : reel.neb.pivots, levelSteps: band.levels.map(\.steps),
            steps: band.steps, refinementSteps: band.refinementSteps, evaluations: timed.evaluations,
            gradientEvaluations: timed.gradientEvaluations, timingRounds: timed.timing.rounds,
            stop: band.stop.rawValue, refinementStop: band.refinementStop?.rawValue,
            minimumActivation: path.activations.min() ?? 0,
            lowerEndActivation: min(path.activations.first ?? 0, path.activations.last ?? 0),
            measures: [
                .minimumRatio: PathMeasures.minimumRatio(path.activations, from: baseline, ofPicture: ofPicture),
                .robustMinimum: robust?.minimum,
                .robustMean: robust?.mean,
                .contrastMinimum: contrast?.minimum,
                .totalVariationMinimum: totalVariation?.minimum,
                .totalVariationMaximum: totalVariation?.maximum,
                .featureStepRatio: PathMeasures.stepRatio(path.featureSteps),
                .featureStepVariation: PathMeasures.stepVariation(path.featureSteps),
                .flicker: PathMeasures.flicker(images.map(\.pixels)),
                .blurMinimum: relative(robustness.map(\.blurred), from: baseline, ofPicture: ofPicture)?.minimum,
                .jpegMinimum: relative(robustness.map(\.compressed), from: baseline, ofPicture: ofPicture)?.minimum,
                .robustMinimumRatio: PathMeasures.minimumRatio(
                    robustness.map(\.robust), from: baseline, ofPicture: ofPicture),
                .brightnessMinimum: brightness.min(),
                .brightnessMaximum: brightness.max(),
                .climb: PathMeasures.climb(path.activations, from: baseline),
                // Half of that on the scale -1...1.
                .contrastLowest: contrasts.min().map { $0 / 2 },
            ])
    }
}
