import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct FourierImageTests {
    static let sizes: [(height: Int, width: Int)] = [(32, 32), (33, 35), (48, 49), (37, 64), (64, 37), (49, 48)]

    /// Parameters whose images have contrast at every frequency.
    private func parameters(_ fourier: FourierImage, seed: UInt64) -> [Float] {
        var random = CounterRandom(seed: seed, stage: "test spectrum", step: 0, index: 0)
        return FourierSpectrum(height: fourier.height, width: fourier.width, decorrelatesColors: true)
            .start(&random).map { $0 * 100 }
    }

    /// NumPy and lucid's formulas, from the golden file.
    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden))
    func `the golden spectrum is decoded to the golden image`() throws {
        let (real, imaginary) = (try Resources.golden("fourier/real"), try Resources.golden("fourier/imag"))
        let expected = try Resources.goldenImage("fourier/rgb")
        let fourier = FourierImage(height: 48, width: 48)
        var image = Image(height: 48, width: 48)
        fourier.decode(real.values + imaginary.values, into: &image)
        let worst = Synthetic.largestDifference(image.pixels.map { ($0 + 1) / 2 }, expected.pixels)
        #expect(worst <= 1e-6, "largest difference \(worst)")
    }

    @Test(arguments: sizes) func `a spectrum is decoded as the definition says`(height: Int, width: Int) {
        let fourier = FourierImage(height: height, width: width)
        let z = parameters(fourier, seed: 1)
        var image = Image(height: height, width: width)
        fourier.decode(z, into: &image)
        let reference = ReferenceFourierImage(height: height, width: width).image(z.map(Double.init))
        let worst = zip(image.pixels, reference).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        #expect(worst <= 3e-6, "largest difference \(worst)")
        #expect(Statistics.standardDeviation(of: image) > 0.2, "the image has contrast")
    }

    /// <J dz, g> = <dz, J' g>, with J dz from the definition: any wrong weight of a frequency shows.
    @Test(arguments: sizes) func `pulling a gradient back is the adjoint of the derivative`(height: Int, width: Int) {
        let fourier = FourierImage(height: height, width: width)
        let z = parameters(fourier, seed: 2)
        let direction = parameters(fourier, seed: 3)
        var gradient = Synthetic.noise(height: height, width: width, seed: 4)
        var image = Image(height: height, width: width)
        fourier.decode(z, into: &image)
        var pulled = [Float](repeating: 0, count: fourier.parameterCount)
        fourier.pullBack(&gradient, at: image, into: &pulled)

        let change = ReferenceFourierImage(height: height, width: width).logits(direction.map(Double.init))
        var forward = 0.0
        for (index, value) in image.pixels.enumerated() {
            forward += change[index] * (1 - Double(value) * Double(value)) / 2 * Double(gradient.pixels[index])
        }
        let backward = Synthetic.dot(direction, pulled)
        let scale = Synthetic.norm(direction) * Synthetic.norm(pulled)
        #expect(
            abs(forward - backward) <= 2e-6 * scale, "<J dz, g> = \(forward), <dz, J' g> = \(backward), norms \(scale)")
    }

    /// Central differences of a sum over the image, parameter by parameter, in double precision.
    @Test func `a gradient pulled back is the slope along each parameter`() {
        let (height, width) = (33, 32)
        let fourier = FourierImage(height: height, width: width)
        let z = parameters(fourier, seed: 5)
        var weights = Synthetic.noise(height: height, width: width, seed: 6)
        var image = Image(height: height, width: width)
        fourier.decode(z, into: &image)
        var pulled = [Float](repeating: 0, count: fourier.parameterCount)
        fourier.pullBack(&weights, at: image, into: &pulled)
        let reference = ReferenceFourierImage(height: height, width: width)
        func value(_ z: [Double]) -> Double {
            zip(reference.image(z), weights.pixels).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        let (half, plane) = (fourier.halfWidth, height * fourier.halfWidth)
        // The constant, its meaningless imaginary part, Nyquist's column, mirrored rows, and the middle of each colour.
        let places = [
            0, 3 * plane, half - 1, 3 * plane + half - 1, half, 32 * half, plane + 5 * half + 3,
            5 * plane + 17 * half + 9,
        ]
        for place in places {
            var (above, below) = (z.map(Double.init), z.map(Double.init))
            above[place] += 1e-4
            below[place] -= 1e-4
            let slope = (value(above) - value(below)) / 2e-4
            let scale = Synthetic.norm(pulled) / Double(pulled.count).squareRoot()
            #expect(
                abs(slope - Double(pulled[place])) <= 1e-4 * max(scale, abs(slope)),
                "parameter \(place): \(slope), pulled back \(pulled[place])")
        }
    }

    @Test(arguments: sizes) func `a foreign image comes back from its spectrum`(height: Int, width: Int) {
        let fourier = FourierImage(height: height, width: width)
        let image = Synthetic.waves(height: height, width: width)
        var decoded = image
        fourier.decode(fourier.encode(image), into: &decoded)
        let errors = zip(decoded.pixels, image.pixels).map { abs($0 - $1) / 2 }
        let mean = errors.reduce(0, +) / Float(errors.count)
        // METHODS: mean error of a round trip <= 2e-4 of the range 0...1.
        #expect(mean <= 2e-4, "mean error \(mean), largest \(errors.max() ?? 0)")
    }

    @Test func `a foreign image is clipped short of black and white`() {
        let fourier = FourierImage(height: 32, width: 32)
        for (value, expected) in [(Float(1), Float(0.98)), (-1, 0.02), (5, 0.98)] {
            var decoded = Image(height: 32, width: 32)
            fourier.decode(fourier.encode(Image(height: 32, width: 32, repeating: value)), into: &decoded)
            let worst = decoded.pixels.map { abs(($0 + 1) / 2 - expected) }.max() ?? 1
            #expect(worst < 1e-4, "\(value) came back off by \(worst)")
        }
    }

    @Test func `decoding gives the same bytes, whatever was decoded before`() {
        let (one, other) = (FourierImage(height: 48, width: 37), FourierImage(height: 48, width: 37))
        let z = parameters(one, seed: 7)
        var (first, second) = (Image(height: 48, width: 37), Image(height: 48, width: 37))
        var pulled = [Float](repeating: 0, count: one.parameterCount)
        one.decode(parameters(one, seed: 8), into: &first)
        var gradient = first
        one.pullBack(&gradient, at: first, into: &pulled)
        one.decode(z, into: &first)
        other.decode(z, into: &second)
        #expect(first == second, "what was in the scratch before does not matter")
    }
}

extension Statistics {
    static func standardDeviation(of image: Image) -> Double { image.pixels.withUnsafeBufferPointer(standardDeviation) }
}
