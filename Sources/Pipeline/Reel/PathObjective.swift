import ElasticBand
import FeatureVisualization
import JobManifest

/// The objective of a path's images, O = A - lambda TV (thesis section 4.3.1). If the band has transforms, all images
/// are seen under the same ones in each step.
public struct PathObjective: BandObjective {
    /// Images that the network has seen, and those of them with gradient. A point counts once for each transform.
    public var evaluations = 0
    public var gradientEvaluations = 0
    private var evaluator: any PointEvaluator
    private let seed: UInt64
    private let path: Int
    private let transforms: TransformSchedule?
    private let transformsPerStep: Int
    /// Lambda for this image size; 0 leaves the penalty out.
    private let totalVariation: Double

    /// - Parameters:
    ///   - path: the number of the path in the reel. With the seed and the step, it keys the random transforms.
    ///   - height: the height of the images.
    public init(
        _ settings: NEBSettings, seed: UInt64, path: Int, height: Int, width: Int, evaluator: any PointEvaluator
    ) {
        self.seed = seed
        self.path = path
        self.evaluator = evaluator
        transforms = settings.transforms.map { TransformSchedule($0) }
        transformsPerStep = settings.transformsPerStep
        totalVariation = settings.totalVariation(height: height, width: width)
    }

    public var isSteady: Bool { transforms == nil }

    public mutating func evaluate(
        _ points: [[Float]], step: Int, gradients: inout [[Float]],
        finish: @escaping @Sendable (Int, inout [Float]) -> Void
    ) throws -> [PivotValue] {
        let drawn = draw(step)
        // Under transforms the ends are evaluated in every step; they are the last two points.
        let values = try evaluator.evaluate(
            points, endCount: isSteady ? 0 : 2, under: drawn, totalVariation: totalVariation, gradients: &gradients,
            finish: finish)
        // Counted afterwards, since a stop must leave everything as it was.
        evaluations += points.count * max(drawn.count, 1)
        gradientEvaluations += gradients.count * max(drawn.count, 1)
        return values
    }

    public mutating func activations(_ points: [[Float]]) throws -> [Double] {
        let values = try evaluator.activations(of: points)
        evaluations += points.count
        return values
    }

    public func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        try evaluator.perform(count, body)
    }

    /// The transforms of one step.
    private func draw(_ step: Int) -> [Transform] {
        guard let transforms else { return [] }
        return (0..<transformsPerStep).map { number in
            var random = CounterRandom(seed: seed, stage: "band transform \(path)", step: step, index: number)
            // Views of parts are those of the last step: a band begins where facets end.
            return transforms.draw(&random, step: 1, of: 1)
        }
    }
}
