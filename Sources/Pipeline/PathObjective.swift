import ConvNet
import ElasticBand
import FeatureVisualization

/// The objective of a path's pivots, O = A - lambda TV (thesis section 4.3.1), evaluated for many at once on the pool.
struct PathObjective: BandObjective {
    let context: RenderContext
    let layer: String
    let objective: Objective
    let height: Int
    let width: Int
    /// Lambda for this image size; 0 leaves the penalty out.
    let totalVariation: Double
    /// The worker on which the band itself runs.
    let worker: Worker

    mutating func evaluate(_ points: [[Float]]) throws -> [PivotEvaluation<[Float]>] {
        let weight = totalVariation
        return try parallel(points) { source, image in
            var gradient = Image(height: image.height, width: image.width, repeating: 0)
            let activation = Double(try source.activation(of: image, gradient: &gradient))
            guard weight != 0 else {
                return PivotEvaluation(activation: activation, objective: activation, gradient: gradient.pixels)
            }
            let penalty = Penalty.addTotalVariation(of: image, scale: Float(-weight), to: &gradient)
            return PivotEvaluation(
                activation: activation, objective: activation - weight * penalty, gradient: gradient.pixels)
        }
    }

    mutating func activations(_ points: [[Float]]) throws -> [Double] {
        try parallel(points) { source, image in Double(try source.activation(of: image)) }
    }

    private func parallel<Result: Sendable>(
        _ points: [[Float]], _ body: @escaping @Sendable (UnitActivation, Image) throws -> Result
    ) throws -> [Result] {
        try context.pool.parallel(points.count, on: worker) {
            [context, layer, objective, height, width] index, worker in
            let evaluator = try worker.evaluator(context.network, layer: layer, height: height, width: width)
            return try body(
                UnitActivation(evaluator, objective: objective, stop: context.pool.stop),
                Image(height: height, width: width, pixels: points[index]))
        }
    }
}
