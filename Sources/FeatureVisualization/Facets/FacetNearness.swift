import ConvNet

/// What holds a facet near the image that it started at: where that lies in the network's features, and how hard it
/// pulls (Hamblin et al., "Feature Accentuation", 2024).
///
/// The step maximises A(Tx) - w b D, D the distance of the features of Tx from those of Tx0, T being the step's transform
/// and x0 the start as the parameterisation shows it, so that the two are the same at first.
final class FacetNearness {
    /// w
    private let weight: Double
    /// x0, and what the network sees of it.
    private let origin: Image
    private var originView: Image
    var balance = NearnessBalance()
    /// D of the present step.
    private(set) var distance = 0.0

    private var features = Tensor(shape: [0], values: [])
    private var originFeatures = Tensor(shape: [0], values: [])
    private var cotangent = Tensor(shape: [0], values: [])
    private var distanceGradient: Image
    /// Whether `originFeatures` are those of x0 itself, which do not change.
    private var knowsOrigin = false

    /// - Parameter isTransformed: whether the network sees another part or turn of it at every step.
    init(weight: Double, origin: Image, isTransformed: Bool) {
        self.weight = weight
        self.origin = origin
        let none = Image(height: 0, width: 0)
        originView = isTransformed ? Image(height: origin.height, width: origin.width) : none
        distanceGradient = Image(height: origin.height, width: origin.width)
    }

    /// Shows x0 as the step's image is shown.
    func look(_ warp: Warp, _ transform: Transform) { warp.apply(transform, to: origin, into: &originView) }

    /// The activation of a view, with the gradient of all that is maximised. Images that this evaluates: the view, and x0
    /// where it is seen otherwise than before.
    func evaluate(
        _ view: Image, _ source: any FeatureSource, gradient: inout Image, evaluations: inout Int
    ) throws -> Float {
        if features.shape != source.featureShape {
            features = Tensor(zerosOf: source.featureShape)
            (originFeatures, cotangent) = (features, features)
        }
        if originView.pixels.isEmpty {
            if !knowsOrigin {
                try source.findFeatures(of: origin, into: &originFeatures)
                knowsOrigin = true
            }
        } else {
            try source.findFeatures(of: originView, into: &originFeatures)
            evaluations += 1
        }
        let activation = try source.look(at: view, features: &features)
        distance = FeatureDistance.of(features, from: originFeatures, cotangent: &cotangent)
        guard !balance.isSettled else {
            scaleCotangent(by: -weight * (balance.value ?? 0))
            try source.pullBack(activation: 1, features: cotangent, into: &gradient)
            return activation
        }
        try source.pullBack(activation: 0, features: cotangent, into: &distanceGradient)
        // Each way back takes a look of its own.
        _ = try source.look(at: view, features: &features)
        evaluations += 1
        scaleCotangent(by: 0)
        try source.pullBack(activation: 1, features: cotangent, into: &gradient)
        balance.observe(activation: Self.size(of: gradient), distance: Self.size(of: distanceGradient))
        // A unit without gradient is left to those who find out whether it is dead.
        guard let b = balance.value, gradient.pixels.contains(where: { $0 != 0 }) else { return activation }
        let scale = Float(-weight * b)
        for index in gradient.pixels.indices { gradient.pixels[index] += scale * distanceGradient.pixels[index] }
        return activation
    }

    private func scaleCotangent(by scale: Double) {
        let scale = Float(scale)
        for index in cotangent.values.indices { cotangent.values[index] *= scale }
    }

    /// The sum of absolute values.
    private static func size(of gradient: Image) -> Double {
        gradient.pixels.withUnsafeBufferPointer { pixels in
            Statistics.sum(pixels.count) { Double(abs(pixels[$0])) }
        }
    }
}
