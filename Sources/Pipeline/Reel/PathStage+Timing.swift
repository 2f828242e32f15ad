import ConvNet
import ElasticBand
import FeatureVisualization
import Film

extension PathStage {
    /// Measures the perceptual steps between the frames of a path. If the reel asks for it, also spreads the frames so
    /// that their steps look even.
    func timed(
        _ untimed: TimedPath, _ ends: PathEnds, on worker: Worker, _ checkpoint: Checkpoint?
    ) throws -> TimedPath {
        var path = untimed
        while !path.timing.isDone {
            // After the band, and after each round but the last.
            checkpoint?.keep { try PathProgress.record(of: path) }
            // Runs of neighbouring frames, so that no more than their first and last outputs have to be kept.
            let count = path.timing.places.count
            let runs = stride(from: 0, to: count, by: Self.runLength).map { $0..<min($0 + Self.runLength, count) }
            let measured = try pool.parallel(runs.count, on: worker) { [path] index, worker in
                try measure(runs[index], of: path, ends, on: worker)
            }
            path.evaluations += measured.reduce(0) { $0 + $1.steps.count + 1 }
            path.timing.record(MeasuredRun.joined(measured))
        }
        return path
    }

    private static let runLength = 12

    /// The perceptual steps within a run of frames.
    private func measure(
        _ run: Range<Int>, of path: TimedPath, _ ends: PathEnds, on worker: Worker
    ) throws -> MeasuredRun {
        let workspace = try tapWorkspace(on: worker)
        var (steps, first, last) = ([Double](), PerceptualFeatures?.none, PerceptualFeatures?.none)
        for frame in run {
            try pool.stop.check()
            let image = image(frame, of: path, ends, workspace.view)
            let features = PerceptualFeatures(
                try workspace.source.outputs(
                    of: image, layers: task.network.description.perceptualLayers.map(\.name)))
            if let last { steps.append(last.distance(to: features)) }
            first = first ?? features
            last = features
        }
        guard let first, let last else { preconditionFailure("a run has frames") }
        return MeasuredRun(steps: steps, first: first, last: last)
    }

    /// Frame `frame` of a path; the facets themselves at its ends.
    private func image(
        _ frame: Int, of path: TimedPath, _ ends: PathEnds, _ view: PathView
    ) -> Image {
        let (first, last) = (ends.first.facet.image, ends.last.facet.image)
        if frame == 0 { return first }
        if frame == path.timing.places.count - 1 { return last }
        let point = space.point(at: path.timing.places[frame], of: path.result.path)
        guard space.preservesNorms else { return view.image(of: point) }
        let position = Double(frame) / Double(path.timing.places.count - 1)
        let (start, end) = (PathMeasures.contrast(first.pixels), PathMeasures.contrast(last.pixels))
        return view.image(of: point, contrast: start + position * (end - start))
    }

    /// The frames as the film shows them, each evaluated once unless the band already knows it; and how many were
    /// evaluated.
    func frames(
        _ path: TimedPath, _ ends: PathEnds, on worker: Worker
    ) throws -> (path: RenderedPath, evaluations: Int) {
        let count = path.timing.places.count
        // A pivot is a frame as it is, unless its contrast is restored.
        let known = path.timing.places.map { place in
            path.result.activations.isEmpty || space.preservesNorms || place != place.rounded()
                ? nil : path.result.activations[Int(place)]
        }
        let frames = try pool.parallel(count, on: worker) { frame, worker in
            let workspace = try workspace(on: worker)
            let image = image(frame, of: path, ends, workspace.view)
            let isEnd = frame == 0 || frame == count - 1
            let facet = (frame == 0 ? ends.first : ends.last).facet
            let activation =
                try isEnd
                ? Double(facet.activation) : known[frame] ?? Double(workspace.source.activation(of: image))
            return (bitmap: Bitmap(image), activation: activation)
        }
        let rendered = RenderedPath(
            images: frames.map(\.bitmap), activations: frames.map(\.activation), featureSteps: path.timing.steps,
            lowestFrame: path.lowestFrame)
        return (rendered, known.dropFirst().dropLast().count { $0 == nil })
    }

    /// A worker's evaluator that reaches as deep as the perceptual distance needs.
    private func tapWorkspace(on worker: Worker) throws -> Workspace<Evaluator> {
        let (height, width, network) = (task.height, task.width, task.network)
        return try worker.scratch(for: "taps \(ObjectIdentifier(network)) \(height)x\(width) \(space.parameterization)")
        {
            Workspace(
                source: try Evaluator(
                    network: network, layer: network.description.deepestPerceptualLayer.name, height: height,
                    width: width, taps: network.description.perceptualLayers.map(\.name),
                    isForwardOnly: true),
                view: PathView(
                    space.parameterization, height: height, width: width, isGrey: network.seesGrey))
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
