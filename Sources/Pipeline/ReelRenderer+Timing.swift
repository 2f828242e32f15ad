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
    /// Perceptual distances of neighbouring images.
    let featureSteps: [Double]
    /// The frame of the path's exact lowest place, where it was looked for.
    var lowestFrame: Int?
    let band: BandSummary

    struct BandSummary: Sendable {
        /// Inner pivots of the run that came last.
        var pivots: Int
        /// Of each level, the last one's included.
        var levelSteps: [Int] = []
        var steps: Int
        var refinementSteps: Int
        var evaluations: Int
        var gradientEvaluations: Int = 0
        var stop: BandStop
        var refinementStop: BandStop?
        /// How often the frames were measured to spread them evenly.
        var timingRounds: Int = 1
    }

    /// Where a frame lies, 0...1.
    func position(_ index: Int) -> Double {
        Double(index) / Double(max(images.count - 1, 1))
    }
}

extension ReelRenderer {
    /// Spreads the frames of all paths so that their steps look even, where the reel asks for it, and measures these
    /// steps in any case.
    func time(_ paths: inout [TimedPath], _ facets: [Facet], on worker: Worker) throws {
        let space = reel.neb.imageSpace(height: height, width: width)
        while true {
            let open = paths.indices.filter { !paths[$0].timing.isDone }
            if open.isEmpty { return }
            // Runs of neighbouring frames, so that no more than their first and last outputs have to be kept.
            let runs = open.flatMap { path in
                FrameRun.runs(path: path, frameCount: paths[path].timing.places.count)
            }
            let snapshot = paths
            let measured = try context.pool.parallel(runs.count, on: worker) { index, worker in
                try measure(runs[index], of: snapshot[runs[index].path], facets, space, on: worker)
            }
            for path in open {
                let own = zip(runs, measured).filter { $0.0.path == path }.map(\.1)
                paths[path].evaluations += own.reduce(0) { $0 + $1.steps.count + 1 }
                paths[path].timing.record(MeasuredRun.joined(own))
            }
        }
    }

    /// The perceptual steps within a run of frames.
    private func measure(
        _ run: FrameRun, of path: TimedPath, _ facets: [Facet], _ space: ImageSpace, on worker: Worker
    ) throws -> MeasuredRun {
        let workspace = try tapWorkspace(on: worker)
        var (steps, first, last) = ([Double](), PerceptualFeatures?.none, PerceptualFeatures?.none)
        for frame in run.frames {
            try context.pool.stop.check()
            let image = image(frame, of: path, run.path, facets, space, workspace.view)
            let features = PerceptualFeatures(
                try workspace.evaluator.outputs(of: image, layers: PerceptualDistance.layers))
            if let last { steps.append(last.distance(to: features)) }
            first = first ?? features
            last = features
        }
        guard let first, let last else { preconditionFailure("a run has frames") }
        return MeasuredRun(steps: steps, first: first, last: last)
    }

    /// Frame `frame` of path number `number`; the facets themselves at its ends.
    private func image(
        _ frame: Int, of path: TimedPath, _ number: Int, _ facets: [Facet], _ space: ImageSpace, _ view: PathView
    ) -> Image {
        if frame == 0 { return facets[number].image }
        if frame == path.timing.places.count - 1 { return facets[number + 1].image }
        let point = space.point(at: path.timing.places[frame], of: path.result.path)
        guard space.preservesNorms else { return view.image(of: point) }
        let position = Double(frame) / Double(path.timing.places.count - 1)
        let (first, last) = (facets[number].image.pixels, facets[number + 1].image.pixels)
        let (start, end) = (PathMeasures.contrast(first), PathMeasures.contrast(last))
        return view.image(of: point, contrast: start + position * (end - start))
    }

    /// The frames as the film shows them, each evaluated once unless the band already knows it.
    func frames(_ paths: [TimedPath], _ facets: [Facet], on worker: Worker) throws -> [RenderedPath] {
        let space = reel.neb.imageSpace(height: height, width: width)
        return try paths.enumerated().map { number, path in
            let count = path.timing.places.count
            // A pivot is a frame as it is, unless its contrast is restored.
            let known = path.timing.places.map { place in
                path.result.activations.isEmpty || space.preservesNorms || place != place.rounded()
                    ? nil : path.result.activations[Int(place)]
            }
            let frames = try context.pool.parallel(count, on: worker) { frame, worker in
                let workspace = try workspace(on: worker)
                let image = image(frame, of: path, number, facets, space, workspace.view)
                let isEnd = frame == 0 || frame == count - 1
                let facet = facets[frame == 0 ? number : number + 1]
                let activation =
                    try isEnd
                    ? Double(facet.activation) : known[frame] ?? Double(workspace.source.activation(of: image))
                return (bitmap: Bitmap(image), activation: activation)
            }
            let result = path.result
            return RenderedPath(
                images: frames.map(\.bitmap), activations: frames.map(\.activation), featureSteps: path.timing.steps,
                lowestFrame: path.lowestFrame,
                band: RenderedPath.BandSummary(
                    pivots: result.wasRefined ? result.pivots : reel.neb.pivots, levelSteps: result.levels.map(\.steps),
                    steps: result.steps, refinementSteps: result.refinementSteps,
                    evaluations: path.evaluations + known.dropFirst().dropLast().count { $0 == nil },
                    gradientEvaluations: path.gradientEvaluations, stop: result.stop,
                    refinementStop: result.refinementStop, timingRounds: path.timing.rounds))
        }
    }

    /// A worker's evaluator as deep as the perceptual distance looks.
    private func tapWorkspace(on worker: Worker) throws -> TapWorkspace {
        try worker.scratch(for: "taps \(height)x\(width) \(reel.neb.space.rawValue)") {
            TapWorkspace(
                evaluator: try Evaluator(
                    network: context.network, layer: PerceptualDistance.deepestLayer, height: height, width: width),
                view: PathView(reel.neb.space == .fourier ? .fourier : .pixel, height: height, width: width))
        }
    }
}

private final class TapWorkspace {
    let evaluator: Evaluator
    let view: PathView

    init(evaluator: Evaluator, view: PathView) {
        self.evaluator = evaluator
        self.view = view
    }
}

/// Neighbouring frames that one worker measures.
private struct FrameRun: Sendable {
    let path: Int
    let frames: Range<Int>

    /// All frames of a path, each in one run.
    static func runs(path: Int, frameCount: Int) -> [FrameRun] {
        let length = 12
        return stride(from: 0, to: frameCount, by: length).map {
            FrameRun(path: path, frames: $0..<min($0 + length, frameCount))
        }
    }
}

private struct MeasuredRun: Sendable {
    let steps: [Double]
    let first: PerceptualFeatures
    let last: PerceptualFeatures

    /// The steps of runs that follow each other, those between them included.
    static func joined(_ runs: [MeasuredRun]) -> [Double] {
        var steps: [Double] = []
        for (index, run) in runs.enumerated() {
            if index > 0 { steps.append(runs[index - 1].last.distance(to: run.first)) }
            steps += run.steps
        }
        return steps
    }
}
