import ConvNet
import ElasticBand
import FeatureVisualization

/// Evaluates the points of a path one by one, on as many of the pool's workers as are free.
public struct WorkerEvaluator: PointEvaluator {
    private let objective: ImageObjective
    private let parameterization: Parameterization
    private let pool: WorkerPool
    /// The worker that the band itself runs on.
    private let worker: Worker
    private var ends: [(point: [Float], image: Image)] = []

    /// - Parameter parameterization: how images are made of points.
    public init(
        _ objective: ImageObjective, _ parameterization: Parameterization, pool: WorkerPool, on worker: Worker
    ) {
        self.objective = objective
        self.parameterization = parameterization
        self.pool = pool
        self.worker = worker
    }

    public mutating func evaluate(
        _ points: [[Float]], endCount: Int, under transforms: [Transform], totalVariation: Double,
        gradients: inout [[Float]], finish: @escaping @Sendable (Int, inout [Float]) -> Void
    ) throws -> [PivotValue] {
        try pool.stop.check()
        let (objective, parameterization) = (objective, parameterization)
        let ends = try endImages(Array(points.suffix(endCount)))
        let (gradientCount, firstEnd) = (gradients.count, points.count - ends.count)
        return try gradients.withUnsafeMutableBufferPointer { buffer in
            // Each is handed to one item alone.
            nonisolated(unsafe) let gradients = buffer
            // Adam's memories change meanwhile, so a step that has begun is always finished.
            return try pool.parallel(points.count, on: worker, finishes: true) { index, worker in
                let workspace = try objective.workspace(parameterization, on: worker)
                guard index < gradientCount else {
                    let image = index < firstEnd ? workspace.view.image(of: points[index]) : ends[index - firstEnd]
                    let value = try workspace.view.value(
                        of: image, under: transforms, totalVariation: totalVariation, in: workspace.source)
                    return PivotValue(activation: value.activation, objective: value.objective)
                }
                let value = try workspace.view.value(
                    of: points[index], under: transforms, totalVariation: totalVariation, in: workspace.source,
                    gradient: &gradients[index])
                finish(index, &gradients[index])
                return PivotValue(activation: value.activation, objective: value.objective)
            }
        }
    }

    /// Activations of the plain images.
    public func activations(of points: [[Float]]) throws -> [Double] {
        let (objective, parameterization) = (objective, parameterization)
        return try pool.parallel(points.count, on: worker) { index, worker in
            let workspace = try objective.workspace(parameterization, on: worker)
            return Double(try workspace.source.activation(of: workspace.view.image(of: points[index])))
        }
    }

    /// Calls `body` once for each of 0 ..< `count`, perhaps several at a time. A stop does not interrupt it: a band that is
    /// left in the middle of a move cannot go on.
    public func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        _ = try pool.parallel(count, on: worker, finishes: true) { index, _ in body(index) }
    }

    /// The images of the path's ends, the same at every step.
    private mutating func endImages(_ points: [[Float]]) throws -> [Image] {
        // A point of the last step is the same array, which the comparison finds out at once.
        if ends.map(\.point) != points {
            let view = points.isEmpty ? nil : try objective.workspace(parameterization, on: worker).view
            ends = points.compactMap { point in view.map { (point, $0.image(of: point)) } }
        }
        return ends.map(\.image)
    }
}
