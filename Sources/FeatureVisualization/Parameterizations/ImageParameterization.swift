import ConvNet

/// How an image is made of the numbers that are optimised, where those are not the pixels themselves.
///
/// Owns its scratch: one per worker.
protocol ImageParameterization: AnyObject {
    var parameterCount: Int { get }
    /// Random parameters to begin with.
    func start(_ random: inout CounterRandom) -> [Float]
    /// The image of some parameters, in -1...1.
    func decode(_ parameters: [Float], into image: inout Image)
    /// The adjoint of `decode`'s derivative at `image`, which it decoded.
    func pullBack(_ gradient: Image, at image: Image, into result: inout [Float])
}
