import ConvNet

/// The function that is maximised: an objective of an image in -1...1. Each worker has a source of its own.
public protocol ActivationSource: AnyObject {
    func activation(of image: Image) throws -> Float

    /// Also writes the derivative by the image, `[height, width, channel]`, into `gradient`.
    func activation(of image: Image, gradient: inout Image) throws -> Float

    /// Writes a substitute for a derivative that is zero everywhere (`Evaluator.redirectedGradient`), if there is one.
    func redirectedGradient(of image: Image, into gradient: inout Image) throws
}
