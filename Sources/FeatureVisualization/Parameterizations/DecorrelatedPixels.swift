import ConvNet

/// An image as pixels of decorrelated colours (lucid's `pixel_image` behind its `to_valid_rgb`): rgb = sigmoid(C t) on
/// 0...1, so that the image in -1...1 is tanh(C t / 2). Parameters t `[colour][pixel]`.
struct DecorrelatedPixels: ImageParameterization, ImageCodec {
    private let pixelCount: Int
    private let starts: [Int]
    /// C / 2
    private let half = InlineArray<9, Float> { ColorCorrelation.matrix[$0] / 2 }

    init(height: Int, width: Int) {
        pixelCount = height * width
        starts = blockStarts(covering: pixelCount)
    }

    var count: Int { 3 * pixelCount }

    /// N(0, .01^2), as lucid's.
    func start(_ random: inout CounterRandom) -> [Float] { (0..<count).map { _ in 0.01 * random.normal() } }

    func makeCodec() -> any ImageCodec { self }

    func makeMix() -> any ImageMix {
        ContrastMix(pixelCount: pixelCount, pixelStride: 1, channelStride: pixelCount, range: range)
    }

    func decode(_ numbers: [Float], into image: inout Image) {
        precondition(numbers.count == count && image.pixels.count == count, "sizes agree")
        numbers.withUnsafeBufferPointer { numbers in
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                guard let t = numbers.baseAddress else { return }
                for start in starts {
                    let colors = (
                        t.vector(at: start), t.vector(at: pixelCount + start), t.vector(at: 2 * pixelCount + start)
                    )
                    for channel in 0..<3 {
                        let row = (half[3 * channel], half[3 * channel + 1], half[3 * channel + 2])
                        let value = hyperbolicTangent(mix(colors.0, colors.1, colors.2, row))
                        for lane in 0..<vectorWidth { pixels[3 * (start + lane) + channel] = value[lane] }
                    }
                }
            }
        }
    }

    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float]) {
        precondition(
            result.count == count && gradient.pixels.count == count && image.pixels.count == count, "sizes agree")
        result.withUnsafeMutableBufferPointer { result in
            guard let result = result.baseAddress else { return }
            for start in starts {
                var slopes = InlineArray<3, Vector>(repeating: .zero)
                for lane in 0..<vectorWidth {
                    for channel in 0..<3 {
                        let place = 3 * (start + lane) + channel
                        let value = image.pixels[place]
                        slopes[channel][lane] = gradient.pixels[place] * (1 - value * value)
                    }
                }
                for color in 0..<3 {
                    let column = (half[color], half[3 + color], half[6 + color])
                    result.setVector(
                        at: color * pixelCount + start, to: mix(slopes[0], slopes[1], slopes[2], column))
                }
            }
        }
    }

    /// t = C^-1 logit(rgb), rgb clipped to .02....98.
    func encode(_ image: Image) -> [Float] {
        precondition(image.pixels.count == count, "sizes agree")
        var result = [Float](repeating: 0, count: count)
        for pixel in 0..<pixelCount {
            // C^-1 = C^T (C C^T)^-1
            let logits = ColorCorrelation.logits(of: image, at: pixel)
            let solved = ColorCorrelation.inverseSquare.map {
                $0[0] * logits[0] + $0[1] * logits[1] + $0[2] * logits[2]
            }
            for color in 0..<3 {
                let terms = (0..<3).map { 2 * Double(half[3 * $0 + color]) * solved[$0] }
                result[color * pixelCount + pixel] = Float(terms[0] + terms[1] + terms[2])
            }
        }
        return result
    }
}
