import ConvNet
import FeatureVisualization
import Film

extension ReelRenderer {
    /// What each path is worth. The costly measures look at every pivot of the first band
    /// (`PathMeasures.measuredFrames`), as the film shows it in 8 bit.
    func measure(_ paths: [RenderedPath], on worker: Worker) throws -> [FilmRecord.BandEntry] {
        let measured = paths.map {
            PathMeasures.measuredFrames(count: $0.images.count, interpolations: reel.neb.interpolations)
        }
        let places = measured.enumerated().flatMap { path, frames in frames.map { (path: path, frame: $0) } }
        let tracker = StageTracker(
            .measures, reel: index, limits: [2 * places.count], isExact: true, reporter: context.progress)

        // Two rounds, since each needs an evaluator of its own and a worker holds one.
        let robust = try context.pool.parallel(places.count, on: worker) { index, worker in
            let (path, frame) = places[index]
            let activation = try robustActivation.activation(
                of: Image(paths[path].images[frame]), in: unitActivation(on: worker))
            tracker.advance(0)
            return Double(activation)
        }
        var entries: [FilmRecord.BandEntry] = []
        var firstPlace = 0
        for (path, frames) in zip(paths, measured) {
            let features = try context.pool.parallel(frames.count, on: worker) { index, worker in
                try context.pool.stop.check()
                let evaluator = try worker.evaluator(
                    context.network, layer: Self.deepestTap, height: height, width: width)
                let outputs = try evaluator.outputs(
                    of: Image(path.images[frames[index]]), layers: PerceptualDistance.layers)
                tracker.advance(0)
                return outputs
            }
            let robustHere = Array(robust[firstPlace..<firstPlace + frames.count])
            firstPlace += frames.count
            entries.append(entry(path, frames, robust: robustHere, features: features))
        }
        return entries
    }

    private func entry(
        _ path: RenderedPath, _ frames: [Int], robust: [Double], features: [[Tensor]]
    ) -> FilmRecord.BandEntry {
        let positions = frames.map(path.position)
        let pixels = frames.map { Image(path.images[$0]).pixels }
        let relativeRobustness = PathMeasures.relativeToEnds(robust, positions: positions)
        let contrast = PathMeasures.relativeToEnds(pixels.map(PathMeasures.contrast), positions: positions)
        let steps = zip(features, features.dropFirst()).map { Double(PerceptualDistance.distance($0, $1)) }
        return FilmRecord.BandEntry(
            pivots: path.band.pivots, steps: path.band.steps, refinementSteps: path.band.refinementSteps,
            evaluations: path.band.evaluations, stop: path.band.stop.rawValue,
            refinementStop: path.band.refinementStop?.rawValue,
            minimumActivation: path.activations.min() ?? 0,
            lowerEndActivation: min(path.activations.first ?? 0, path.activations.last ?? 0),
            minimumRatio: PathMeasures.minimumRatio(path.activations),
            robustMinimum: relativeRobustness?.minimum, robustMean: relativeRobustness?.mean,
            contrastMinimum: contrast?.minimum, featureStepRatio: PathMeasures.stepRatio(steps),
            flicker: PathMeasures.flicker(pixels))
    }

    /// The layer at which an evaluator must be made to read all layers of the perceptual distance.
    private static let deepestTap: String =
        MobileNetV2.layers.last { PerceptualDistance.layers.contains($0.name) }?.name ?? ""
}
