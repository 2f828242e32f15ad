import ConvNet
import Foundation

/// The pixels themselves, `[height, width, channel]` in -1...1: the identity among the parameterisations.
struct Pixels: ImageParameterization, ImageCodec {
    let height: Int
    let width: Int

    var count: Int { height * width * Image.channelCount }
    var range: ClosedRange<Float> { -1...1 }
    var isIdentity: Bool { true }

    /// 2 sigmoid(N(0, 1)) - 1
    func start(_ random: inout CounterRandom) -> [Float] {
        (0..<count).map { _ in 2 / (1 + exp(-random.normal())) - 1 }
    }

    func makeCodec() -> any ImageCodec { self }

    func makeMix() -> any ImageMix {
        ContrastMix(pixelCount: height * width, pixelStride: Image.channelCount, channelStride: 1, range: range)
    }

    func decode(_ numbers: [Float], into image: inout Image) {
        precondition(numbers.count == count && image.pixels.count == count, "sizes agree")
        image.pixels = numbers
    }

    /// Exchanges the two: nothing needs to be copied.
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float]) {
        precondition(gradient.pixels.count == count && result.count == count, "sizes agree")
        swap(&gradient.pixels, &result)
    }

    func encode(_ image: Image) -> [Float] {
        precondition(image.pixels.count == count, "sizes agree")
        return image.pixels
    }
}
