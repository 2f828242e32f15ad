import ConvNet

/// What is maximised: an objective as a function of an image in -1...1, seen by one worker.
public protocol ActivationSource: AnyObject {
    func activation(of image: Image) throws -> Float

    /// Also writes the derivative by the image, `[height, width, channel]`, into `gradient`.
    func activation(of image: Image, gradient: inout Image) throws -> Float

    /// Writes a substitute for a derivative that is zero everywhere (`Evaluator.redirectedGradient`), where there is one.
    func redirectedGradient(of image: Image, into gradient: inout Image) throws
}

extension ActivationSource {
    public func redirectedGradient(of image: Image, into gradient: inout Image) throws {}
}
