import ElasticBand
import FeatureVisualization

/// Evaluates many points of a path in one call. `WorkerEvaluator` does it on the pool's workers; another backend that
/// takes a whole batch at once can stand in its place.
public protocol PointEvaluator {
    /// Activation A and objective O = A - lambda TV of every point. All points are seen under the same transforms: the
    /// values are means over them, or without transforms those of the plain image. Answers come in the order of the
    /// points.
    ///
    /// - Parameters:
    ///   - endCount: how many of the last points are the same from call to call, so that their images can be kept.
    ///   - totalVariation: lambda, for this image size.
    ///   - gradients: for the first `gradients.count` points the derivative of O by the point, written over these.
    ///   - finish: called once for each gradient as soon as it is complete, perhaps several at a time. After the first
    ///     call, the evaluation is not given up any more.
    mutating func evaluate(
        _ points: [[Float]], endCount: Int, under transforms: [Transform], totalVariation: Double,
        gradients: inout [[Float]], finish: @escaping @Sendable (Int, inout [Float]) -> Void
    ) throws -> [PivotValue]

    /// The activations of the plain images.
    func activations(of points: [[Float]]) throws -> [Double]

    /// Calls `body` once for each of 0 ..< `count`, perhaps several at a time, and always to the end.
    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws
}
