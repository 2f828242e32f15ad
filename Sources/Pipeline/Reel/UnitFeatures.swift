import ConvNet
import FeatureVisualization

/// The reel's objective with the features of a layer before it. It does not give up: half a step cannot be continued.
final class UnitFeatures: FeatureSource {
    private let evaluator: Evaluator
    private let objective: Objective
    /// Nil: the features are the image's own pixels.
    private let layer: String?
    let featureShape: [Int]
    private var activations: Tensor
    private var cotangent: Tensor

    /// - Parameters:
    ///   - evaluator: one of its own, with the layer as a gradient tap.
    ///   - layer: nil for the image itself.
    /// - Throws: `EvaluatorError` if the layer is no tap.
    init(_ evaluator: Evaluator, objective: Objective, layer: String?) throws(EvaluatorError) {
        self.evaluator = evaluator
        self.objective = objective
        self.layer = layer
        if let layer {
            featureShape = try evaluator.activationShape(of: layer)
        } else {
            featureShape = [evaluator.height, evaluator.width, Image.channelCount]
        }
        activations = Tensor(zerosOf: evaluator.activationShape)
        cotangent = activations
    }

    func activation(of image: Image) -> Float { evaluator.value(of: objective, at: image) }

    func activation(of image: Image, gradient: inout Image) -> Float {
        evaluator.value(of: objective, at: image, gradient: &gradient)
    }

    func redirectedGradient(of image: Image, into gradient: inout Image) throws {
        try evaluator.redirectedGradient(of: objective, at: image, into: &gradient)
    }

    func findFeatures(of image: Image, into features: inout Tensor) {
        guard let layer else {
            features.values = image.pixels
            return
        }
        // By the same plan as those of the image that is held to them: the features of one image are the same bits.
        evaluator.findActivations(of: image, into: &activations)
        evaluator.copyActivations(of: layer, into: &features)
    }

    func look(at image: Image, features: inout Tensor) -> Float {
        evaluator.findActivations(of: image, into: &activations)
        if let layer {
            evaluator.copyActivations(of: layer, into: &features)
        } else {
            features.values = image.pixels
        }
        return objective.value(of: activations)
    }

    func pullBack(activation scale: Float, features own: Tensor, into gradient: inout Image) {
        cotangent.values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        objective.addGradient(at: activations, scale: scale, to: &cotangent)
        evaluator.pullBack(cotangent, adding: layer.map { [(layer: $0, cotangent: own)] } ?? [], into: &gradient)
        if layer == nil {
            for index in gradient.pixels.indices { gradient.pixels[index] += own.values[index] }
        }
    }
}
