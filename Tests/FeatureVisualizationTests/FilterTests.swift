import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct FilterTests {
    /// OpenCV's GaussianBlur.
    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden), arguments: ["0.5", "0.7", "1.0", "1.5"])
    func `the Gaussian blur agrees with OpenCV's`(sigma: String) throws {
        let expected = try Resources.goldenImage("gaussian/7/\(sigma)")
        let found = GaussianBlur.filter(
            try Resources.goldenImage("image"), kernel: 7, sigma: try #require(Double(sigma)))
        let worst = Synthetic.largestDifference(found.pixels, expected.pixels)
        #expect(worst <= 1e-5, "largest difference \(worst)")
    }

    /// OpenCV's bilateralFilter, whose colour weights come from an interpolated table: hence 2e-3.
    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden)) func `the bilateral filter agrees with OpenCV's`()
        throws
    {
        let expected = try Resources.goldenImage("bilateral/7/0.8/1")
        let found = BilateralFilter(kernel: 7, sigmaColor: 0.8, sigmaSpace: 1, every: 1).filter(
            try Resources.goldenImage("image"))
        let worst = Synthetic.largestDifference(found.pixels, expected.pixels)
        #expect(worst <= 2e-3, "largest difference \(worst)")
    }

    @Test(arguments: [(3, 0.6), (7, 1.5), (31, 9.0)]) func `the Gaussian blur is the weighted mean of its definition`(
        kernel: Int, sigma: Double
    ) {
        let (height, width) = (32, 37)
        let image = Synthetic.noise(height: height, width: width, seed: 1)
        let found = GaussianBlur.filter(image, kernel: kernel, sigma: sigma)
        let taps = (-kernel / 2...kernel / 2).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let total = taps.reduce(0, +) * taps.reduce(0, +)
        for (y, x) in [(0, 0), (31, 36), (5, 0), (16, 20), (30, 2)] {
            for channel in 0..<3 {
                var sum = 0.0
                for (i, a) in taps.enumerated() {
                    for (j, b) in taps.enumerated() {
                        let (row, column) = (
                            Border.reflected(y + i - kernel / 2, height), Border.reflected(x + j - kernel / 2, width)
                        )
                        sum += a * b * Double(image.pixels[(row * width + column) * 3 + channel])
                    }
                }
                let value = found.pixels[(y * width + x) * 3 + channel]
                #expect(
                    abs(Double(value) - sum / total) < 2e-6, "pixel \(x), \(y): \(value), definition \(sum / total)")
            }
        }
    }

    @Test(arguments: [3, 5, 7, 9]) func `the bilateral filter is the weighted mean of its definition`(kernel: Int) {
        let (height, width, radius) = (33, 35, kernel / 2)
        let image = Synthetic.noise(height: height, width: width, deviation: 0.4, seed: 2)
        let found = BilateralFilter(kernel: kernel, sigmaColor: 0.8, sigmaSpace: 1.5, every: 1).filter(image)
        func color(_ y: Int, _ x: Int) -> [Double] {
            let place = (Border.reflected(y, height) * width + Border.reflected(x, width)) * 3
            return image.pixels[place..<place + 3].map(Double.init)
        }
        for (y, x) in [(0, 0), (32, 34), (5, 0), (16, 20), (31, 2), (8, 18), (8, 19)] {
            var (sums, total) = ([0.0, 0, 0], 0.0)
            for dy in -radius...radius {
                for dx in -radius...radius where dx * dx + dy * dy <= radius * radius {
                    let (own, other) = (color(y, x), color(y + dy, x + dx))
                    let difference = zip(own, other).reduce(0) { $0 + abs($1.0 - $1.1) }
                    let weight =
                        exp(-difference * difference / (2 * 0.8 * 0.8))
                        * exp(-Double(dx * dx + dy * dy) / (2 * 1.5 * 1.5))
                    total += weight
                    for channel in 0..<3 { sums[channel] += weight * other[channel] }
                }
            }
            for channel in 0..<3 {
                let value = Double(found.pixels[(y * width + x) * 3 + channel])
                #expect(
                    abs(value - sums[channel] / total) < 2e-6,
                    "pixel \(x), \(y): \(value), definition \(sums[channel] / total)")
            }
        }
    }

    @Test func `filters leave a plain image alone`() {
        let plain = Image(height: 32, width: 40, repeating: 0.3)
        let blurred = GaussianBlur.filter(plain, kernel: 7, sigma: 1)
        let smoothed = BilateralFilter(kernel: 7, sigmaColor: 0.8, sigmaSpace: 1, every: 1).filter(plain)
        #expect(Synthetic.largestDifference(blurred.pixels, plain.pixels) < 1e-6)
        #expect(Synthetic.largestDifference(smoothed.pixels, plain.pixels) < 1e-6)
        let noise = Synthetic.noise(height: 32, width: 40, seed: 3)
        #expect(GaussianBlur.filter(noise, kernel: 7, sigma: 0) == noise)
        #expect(GaussianBlur.filter(noise, kernel: 1, sigma: 2) == noise)
    }
}
