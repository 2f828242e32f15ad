import ConvNet
import ElasticBand
import FeatureVisualization

/// The objective of a path's pivots, O = A - lambda TV (thesis section 4.3.1), evaluated for many at once on the pool.
struct PathObjective: BandObjective {
    let context: RenderContext
    let layer: String
    let unit: Int
    let height: Int
    let width: Int
    /// Lambda for this image size; 0 leaves the penalty out.
    let totalVariation: Double
    /// The worker on which the band itself runs.
    let worker: Worker
    /// Is told the lowest activation after every step.
    let onStep: (Double?) -> Void

    mutating func evaluate(_ points: [[Float]]) throws -> [PivotEvaluation<[Float]>] {
        let evaluations = try parallel(points) { source, image, weight in
            var gradient = Image(height: image.height, width: image.width, repeating: 0)
            let activation = try source.activation(of: image, gradient: &gradient)
            guard activation.isFinite else { throw PathError.notFinite }
            var objective = Double(activation)
            if weight != 0 {
                let penalty = Penalty.totalVariation(of: image)
                objective -= weight * Double(penalty.value)
                let scale = Float(weight)
                for index in gradient.pixels.indices {
                    gradient.pixels[index] -= scale * penalty.gradient.pixels[index]
                }
            }
            return PivotEvaluation(
                activation: Double(activation), objective: objective, gradient: gradient.pixels)
        }
        onStep(evaluations.map(\.activation).min())
        return evaluations
    }

    mutating func activations(_ points: [[Float]]) throws -> [Double] {
        try parallel(points) { source, image, _ in
            let activation = try source.activation(of: image)
            guard activation.isFinite else { throw PathError.notFinite }
            return Double(activation)
        }
    }

    private func parallel<Result: Sendable>(
        _ points: [[Float]],
        _ body: @escaping @Sendable (UnitActivation, Image, Double) throws -> Result
    ) throws -> [Result] {
        try context.pool.parallel(points.count, on: worker) {
            [context, layer, unit, height, width, totalVariation] index, worker in
            let evaluator = try worker.evaluator(context.network, layer: layer, height: height, width: width)
            return try body(
                UnitActivation(evaluator, unit: unit, stop: context.pool.stop),
                Image(height: height, width: width, pixels: points[index]), totalVariation)
        }
    }
}

/// What can go wrong on a path beside the band itself.
enum PathError: Error, CustomStringConvertible {
    case notFinite

    var description: String {
        "an activation is not a finite number; lower neb.learningRate, and check the weights with `facetreel probe`"
    }
}
