import ConvNet
import Foundation

/// A gaussian filter as OpenCV's `GaussianBlur` has it: odd kernel, border reflect-101 (thesis section 3.4.4).
public struct GaussianBlur: Sendable, Equatable, Codable {
    /// Odd number of taps.
    public var kernel: Int
    /// Standard deviation in pixels over the steps.
    public var sigma: Schedule
    /// Applied after the first step and then after every `every`-th one: 2 means the first, third, fifth ...
    public var every: Int

    public init(kernel: Int, sigma: Schedule, every: Int = 1) {
        self.kernel = kernel
        self.sigma = sigma
        self.every = every
    }

    /// The image filtered with one sigma; a sigma of zero or below leaves it as it is.
    public static func filter(_ image: Image, kernel: Int, sigma: Double) -> Image {
        guard sigma > 0, kernel > 1 else { return image }
        let radius = kernel / 2
        let raw = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let total = raw.reduce(0, +)
        let taps = raw.map { Float($0 / total) }
        var result = image
        filterColumns(image, taps, into: &result)
        filterRows(&result, taps)
        return result
    }

    private static func filterColumns(_ image: Image, _ taps: [Float], into result: inout Image) {
        let (row, radius) = (image.width * Image.channelCount, taps.count / 2)
        let starts = blockStarts(covering: row)
        image.pixels.withUnsafeBufferPointer { from in
            result.pixels.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                for y in 0..<image.height {
                    let places = (-radius...radius).map { Border.reflected(y + $0, image.height) * row }
                    for start in starts {
                        var sum = Vector.zero
                        for (tap, place) in zip(taps, places) {
                            sum.addProduct(from.vector(at: place + start), Vector(repeating: tap))
                        }
                        to.setVector(at: y * row + start, to: sum)
                    }
                }
            }
        }
    }

    private static func filterRows(_ image: inout Image, _ taps: [Float]) {
        let (height, width, radius) = (image.height, image.width, taps.count / 2)
        let row = width * Image.channelCount
        let starts = blockStarts(covering: row)
        let padded = Buffer<Float>(count: row + 2 * radius * Image.channelCount)
        let outside = (-radius..<0).map { $0 } + (width..<width + radius).map { $0 }
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            for y in 0..<height {
                let values = pixels + y * row
                let middle = padded.base + radius * Image.channelCount
                middle.update(from: values, count: row)
                for x in outside {
                    let source = Border.reflected(x, width)
                    for channel in 0..<Image.channelCount {
                        middle[x * Image.channelCount + channel] = values[source * Image.channelCount + channel]
                    }
                }
                for start in starts {
                    var sum = Vector.zero
                    for (offset, tap) in taps.enumerated() {
                        sum.addProduct(
                            padded.base.vector(at: start + offset * Image.channelCount), Vector(repeating: tap))
                    }
                    values.setVector(at: start, to: sum)
                }
            }
        }
    }
}
