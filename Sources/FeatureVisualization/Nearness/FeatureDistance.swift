import ConvNet

/// How far two images lie apart in a layer's features: the mean over places of the Euclidean distance of the features
/// at the place (Hamblin et al., "Feature Accentuation", 2024, arXiv 2402.10039).
enum FeatureDistance {
    /// - Parameters:
    ///   - features: `[height, width, channel]`
    ///   - origin: those that the distance is from, of the same shape.
    ///   - cotangent: becomes the derivative of the distance by `features`. Where the two are the same at a place, the
    ///     distance has its corner there, and the derivative is taken as zero.
    static func of(_ features: Tensor, from origin: Tensor, cotangent: inout Tensor) -> Double {
        precondition(
            features.shape.count == 3 && features.shape == origin.shape && features.shape == cotangent.shape,
            "features are [height, width, channel]")
        let channels = features.shape[2]
        let places = features.shape[0] * features.shape[1]
        guard places > 0, channels > 0 else { return 0 }
        var total = 0.0
        features.values.withUnsafeBufferPointer { features in
            origin.values.withUnsafeBufferPointer { origin in
                cotangent.values.withUnsafeMutableBufferPointer { cotangent in
                    for first in stride(from: 0, to: places * channels, by: channels) {
                        var square = 0.0
                        for index in first..<first + channels {
                            let difference = features[index] - origin[index]
                            cotangent[index] = difference
                            square += Double(difference) * Double(difference)
                        }
                        let distance = square.squareRoot()
                        total += distance
                        let scale = distance > 0 ? Float(1 / (distance * Double(places))) : 0
                        for index in first..<first + channels { cotangent[index] *= scale }
                    }
                }
            }
        }
        return total / Double(places)
    }
}
