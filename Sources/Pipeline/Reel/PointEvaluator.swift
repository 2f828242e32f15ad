import ElasticBand
import FeatureVisualization

/// Evaluates many points of a path in one call. `WorkerEvaluator` does it on the pool's workers; anything else that takes a
/// whole batch at once can stand here.
public protocol PointEvaluator {
    /// Activation A and objective O = A - lambda TV of every point under some transforms, the same for all; of several
    /// transforms the mean, of none those of the plain image. Answers come in the order of the points.
    ///
    /// - Parameters:
    ///   - endCount: how many of the last points are the same from call to call, so that their images can be kept.
    ///   - totalVariation: lambda, for this image size.
    ///   - gradients: for the first `gradients.count` points the derivative of O by the point, written over these.
    ///   - finish: called once for each gradient as soon as it is there, perhaps several at a time. From the first call on
    ///     nothing is given up any more.
    mutating func evaluate(
        _ points: [[Float]], endCount: Int, under transforms: [Transform], totalVariation: Double,
        gradients: inout [[Float]], finish: @escaping @Sendable (Int, inout [Float]) -> Void
    ) throws -> [PivotValue]

    /// Activations of the plain images.
    func activations(of points: [[Float]]) throws -> [Double]

    /// Calls `body` once for each of 0 ..< `count`, perhaps several at a time, to the end.
    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws
}
