import ConvNet

/// A source that also knows an image by the features of some layer: what an image that is to stay near another one is
/// held to.
public protocol FeatureSource: ActivationSource {
    /// Of the features, `[height, width, channel]`.
    var featureShape: [Int] { get }

    /// Writes the features of an image.
    func findFeatures(of image: Image, into features: inout Tensor) throws

    /// The same, with the activation; the gradient that is asked for next is by this image.
    func look(at image: Image, features: inout Tensor) throws -> Float

    /// Writes the derivative by the image that was looked at last, of `scale` times the activation and of the features'
    /// product with `cotangent`. Once for each look.
    func pullBack(activation scale: Float, features cotangent: Tensor, into gradient: inout Image) throws
}
