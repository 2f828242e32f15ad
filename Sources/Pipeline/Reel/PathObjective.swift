import ConvNet
import ElasticBand
import FeatureVisualization
import JobManifest

/// The objective of a path's images, O = A - lambda TV (thesis section 4.3.1), evaluated for many at once on the pool:
/// at each step under transforms that are the same for all of them, where the reel has some.
struct PathObjective: BandObjective {
    let renderer: ReelRenderer
    /// Which path of the reel: with the step, it keys the random transforms.
    let path: Int
    let transforms: TransformSchedule?
    /// Lambda for this image size; 0 leaves the penalty out.
    let totalVariation: Double
    /// The worker on which the band itself runs.
    let worker: Worker
    /// Images that the network has seen, and those of them with gradient: a point is one under each transform.
    var evaluations = 0
    var gradientEvaluations = 0
    private var ends: [(point: [Float], image: Image)] = []

    init(_ renderer: ReelRenderer, path: Int, worker: Worker) {
        self.renderer = renderer
        self.path = path
        self.worker = worker
        transforms = renderer.reel.neb.transforms.map { TransformSchedule($0) }
        totalVariation = renderer.reel.neb.totalVariation(height: renderer.height, width: renderer.width)
    }

    var isSteady: Bool { transforms == nil }

    mutating func evaluate(
        _ points: [[Float]], step: Int, gradients: inout [[Float]],
        finish: @escaping @Sendable (Int, inout [Float]) -> Void
    ) throws -> [PivotValue] {
        try pool.stop.check()
        let (renderer, totalVariation, drawn) = (renderer, totalVariation, draw(step))
        // The ends come last, at every step where transforms change.
        let ends = try endImages(Array(isSteady ? [] : points.suffix(2)))
        let (gradientCount, firstEnd) = (gradients.count, points.count - ends.count)
        let values = try gradients.withUnsafeMutableBufferPointer { buffer in
            // Each is handed to one item alone.
            nonisolated(unsafe) let gradients = buffer
            // Adam's memories change on the way: once begun, a step is taken to its end.
            return try pool.parallel(points.count, on: worker, finishes: true) { index, worker in
                let workspace = try renderer.workspace(on: worker)
                guard index < gradientCount else {
                    let image = index < firstEnd ? workspace.view.image(of: points[index]) : ends[index - firstEnd]
                    let value = try workspace.view.value(
                        of: image, under: drawn, totalVariation: totalVariation, in: workspace.source)
                    return PivotValue(activation: value.activation, objective: value.objective)
                }
                let value = try workspace.view.value(
                    of: points[index], under: drawn, totalVariation: totalVariation, in: workspace.source,
                    gradient: &gradients[index])
                finish(index, &gradients[index])
                return PivotValue(activation: value.activation, objective: value.objective)
            }
        }
        // Afterwards: a stop leaves everything as it was.
        evaluations += points.count * max(drawn.count, 1)
        gradientEvaluations += gradientCount * max(drawn.count, 1)
        return values
    }

    mutating func activations(_ points: [[Float]]) throws -> [Double] {
        let renderer = renderer
        let values = try pool.parallel(points.count, on: worker) { index, worker in
            let workspace = try renderer.workspace(on: worker)
            return Double(try workspace.source.activation(of: workspace.view.image(of: points[index])))
        }
        evaluations += points.count
        return values
    }

    /// To the end even when a stop is asked for: a band that is left in the middle of a move cannot go on.
    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        _ = try pool.parallel(count, on: worker, finishes: true) { index, _ in body(index) }
    }

    /// The images of the path's ends, the same at every step.
    private mutating func endImages(_ points: [[Float]]) throws -> [Image] {
        // A point of the step before is the same array, which is found out at once.
        if ends.map(\.point) != points {
            let view = points.isEmpty ? nil : try renderer.workspace(on: worker).view
            ends = points.compactMap { point in view.map { (point, $0.image(of: point)) } }
        }
        return ends.map(\.image)
    }

    private var pool: WorkerPool { renderer.context.pool }

    /// The transforms of one step.
    private func draw(_ step: Int) -> [Transform] {
        guard let transforms else { return [] }
        return (0..<renderer.reel.neb.transformsPerStep).map { number in
            var random = CounterRandom(
                seed: renderer.reel.seed, stage: "band transform \(path)", step: step, index: number)
            return transforms.draw(&random)
        }
    }
}

/// What a worker needs for a path: its evaluator, and images from points.
final class PathWorkspace {
    let source: UnitActivation
    let view: PathView

    init(source: UnitActivation, view: PathView) {
        self.source = source
        self.view = view
    }
}

extension ReelRenderer {
    /// This worker's workspace for the reel's objective.
    func workspace(on worker: Worker) throws -> PathWorkspace {
        let key = "path \(reel.layer) \(objective) \(height)x\(width) \(reel.neb.space.rawValue)"
        return try worker.scratch(for: key) {
            let evaluator = try Evaluator(network: context.network, layer: reel.layer, height: height, width: width)
            return PathWorkspace(
                source: UnitActivation(evaluator, objective: objective, stop: nil),
                view: PathView(Parameterization(reel.neb.space), height: height, width: width))
        }
    }
}
