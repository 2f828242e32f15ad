import ConvNet

/// Images of another parameterization in grey, for networks that see no colors: each pixel is the mean of its three
/// channels, `image = P decoded` with the projection P. What the network does not see, such as the colors of a random
/// start, is not shown either, and nothing has to remove it.
struct GreyImages: ImageParameterization {
    let colored: any ImageParameterization

    var count: Int { colored.count }
    var range: ClosedRange<Float> { colored.range }
    /// A grey image is its own point where every image is.
    var isIdentity: Bool { colored.isIdentity }
    var meanPlaces: [Int] { colored.meanPlaces }

    func start(_ random: inout CounterRandom) -> [Float] { colored.start(&random) }
    func makeCodec() -> any ImageCodec { GreyCodec(colored.makeCodec()) }
    func makeMix() -> any ImageMix { colored.makeMix() }
}

private final class GreyCodec: ImageCodec {
    private let codec: any ImageCodec
    /// The image that was decoded last, in its colors: derivatives of what comes before the projection are taken there.
    private var colored = Image(height: 0, width: 0)

    init(_ codec: any ImageCodec) {
        self.codec = codec
    }

    func decode(_ numbers: [Float], into image: inout Image) {
        codec.decode(numbers, into: &image)
        colored = image
        image.makeGrey()
    }

    /// P is its own adjoint.
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float]) {
        precondition(colored.height == image.height && colored.width == image.width, "the image was decoded last")
        gradient.makeGrey()
        codec.pullBack(&gradient, at: colored, into: &result)
    }

    func encode(_ image: Image) -> [Float] {
        var grey = image
        grey.makeGrey()
        return codec.encode(grey)
    }
}

extension Image {
    /// Gives each pixel the mean of its three channels, which is what a network of grey images sees.
    public mutating func makeGrey() {
        pixels.withUnsafeMutableBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: Image.channelCount) {
                let mean = (pixels[start] + pixels[start + 1] + pixels[start + 2]) / 3
                (pixels[start], pixels[start + 1], pixels[start + 2]) = (mean, mean, mean)
            }
        }
    }
}
