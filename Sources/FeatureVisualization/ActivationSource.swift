import ConvNet

/// What is maximised: one unit's mean activation as a function of an image in -1...1, seen by one worker.
public protocol ActivationSource: AnyObject {
    func activation(of image: Image) throws -> Float

    /// Also writes the derivative by the image, `[height, width, channel]`, into `gradient`.
    func activation(of image: Image, gradient: inout Image) throws -> Float
}
