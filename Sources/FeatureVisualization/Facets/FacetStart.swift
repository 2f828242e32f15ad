import ConvNet

/// Where the optimisation of a facet starts, if not at random noise: at an image.
public struct FacetStart: Sendable, Equatable {
    /// Of the facet's size.
    public var image: Image
    /// The standard deviation of the noise that is added to every parameter. Images that are optimised together need
    /// some: where two of them are the same, nothing parts them, since their likeness has its maximum there.
    public var noise: Float

    public init(_ image: Image, noise: Float = 0) {
        self.image = image
        self.noise = noise
    }

    /// The same start for a member of a set, of which only the first starts at the image itself.
    func ofMember(_ place: Int) -> FacetStart { FacetStart(image, noise: place == 0 ? noise : Self.memberNoise) }

    /// That of random starts of spectra; of pixels it is a grey level or two of 255.
    private static let memberNoise: Float = 0.01

    /// The parameters whose image comes nearest, within their range. Where colours go through a sigmoid, black and white
    /// come within 2 % of their range.
    func parameters(
        _ parameterization: any ImageParameterization, _ codec: any ImageCodec, _ random: inout CounterRandom
    ) -> [Float] {
        var parameters = codec.encode(image)
        if noise != 0 {
            for index in parameters.indices { parameters[index] += noise * random.normal() }
        }
        parameterization.clip(&parameters)
        return parameters
    }
}
