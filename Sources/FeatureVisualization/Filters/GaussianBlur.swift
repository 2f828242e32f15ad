import ConvNet
import Foundation

/// A gaussian filter as OpenCV's `GaussianBlur` has it: odd kernel, border reflect-101 (thesis section 3.4.4).
public struct GaussianBlur: Sendable, Equatable, Codable {
    /// Odd number of taps.
    public var kernel: Int
    /// Standard deviation in pixels over the steps.
    public var sigma: Schedule
    /// Applied after every so many steps.
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
        return pass(pass(image, taps, horizontal: true), taps, horizontal: false)
    }

    private static func pass(_ image: Image, _ taps: [Float], horizontal: Bool) -> Image {
        var result = image
        let (height, width, radius) = (image.height, image.width, taps.count / 2)
        image.pixels.withUnsafeBufferPointer { from in
            result.pixels.withUnsafeMutableBufferPointer { to in
                to.update(repeating: 0)
                for (offset, tap) in taps.enumerated() {
                    let distance = offset - radius
                    for y in 0..<height {
                        let row = y * width * 3
                        if horizontal {
                            // The middle of the row in one run, its ends by reflection.
                            let (first, last) = (min(width, max(0, -distance)), max(0, min(width, width - distance)))
                            for x in 0..<min(first, width) { add(from, row + Warp.reflected(x + distance, width) * 3, to, row + x * 3, tap) }
                            if first < last { for index in first * 3..<last * 3 { to[row + index] += tap * from[row + index + distance * 3] } }
                            for x in max(first, last)..<width { add(from, row + Warp.reflected(x + distance, width) * 3, to, row + x * 3, tap) }
                        } else {
                            let source = Warp.reflected(y + distance, height) * width * 3
                            for index in 0..<width * 3 { to[row + index] += tap * from[source + index] }
                        }
                    }
                }
            }
        }
        return result
    }

    @inline(__always) private static func add(
        _ from: UnsafeBufferPointer<Float>, _ source: Int, _ to: UnsafeMutableBufferPointer<Float>, _ target: Int, _ tap: Float
    ) {
        for channel in 0..<3 { to[target + channel] += tap * from[source + channel] }
    }
}
