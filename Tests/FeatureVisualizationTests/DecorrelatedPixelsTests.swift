import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct DecorrelatedPixelsTests {
    private static let colors = ReferenceFourierImage.colors

    /// 2 sigmoid(C t) - 1 by its definition, t `[colour][pixel]`.
    private func image(_ t: [Double]) -> [Double] {
        let count = t.count / 3
        return (0..<count).flatMap { pixel in
            Self.colors.map { row in
                2 / (1 + exp(-(row[0] * t[pixel] + row[1] * t[count + pixel] + row[2] * t[2 * count + pixel]))) - 1
            }
        }
    }

    private func parameters(_ pixels: DecorrelatedPixels) -> [Float] {
        var random = CounterRandom(seed: 1, stage: "test", step: 0, index: 0)
        return pixels.start(&random).map { $0 * 150 }
    }

    @Test(arguments: [(32, 32), (33, 35)]) func decodesWhatTheDefinitionSays(height: Int, width: Int) {
        let pixels = DecorrelatedPixels(height: height, width: width)
        let t = parameters(pixels)
        var found = Image(height: height, width: width)
        pixels.decode(t, into: &found)
        let expected = image(t.map(Double.init))
        let worst = zip(found.pixels, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        #expect(worst <= 1e-6, "largest difference \(worst)")
        #expect(Statistics.standardDeviation(of: found) > 0.2, "the image has contrast")
    }

    @Test func pullBackIsTheSlopeAlongEachParameter() {
        let (height, width) = (32, 33)
        let pixels = DecorrelatedPixels(height: height, width: width)
        let t = parameters(pixels)
        var weights = Synthetic.noise(height: height, width: width, seed: 2)
        var (decoded, pulled) = (weights, [Float](repeating: 0, count: pixels.count))
        pixels.decode(t, into: &decoded)
        pixels.pullBack(&weights, at: decoded, into: &pulled)
        func value(_ t: [Double]) -> Double {
            zip(image(t), weights.pixels).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        for place in [0, 7, 1055, 1056, 1500, 2112, 3167] {
            var (above, below) = (t.map(Double.init), t.map(Double.init))
            above[place] += 1e-4
            below[place] -= 1e-4
            let slope = (value(above) - value(below)) / 2e-4
            #expect(abs(slope - Double(pulled[place])) <= 2e-6, "parameter \(place): \(slope), \(pulled[place])")
        }
    }
}

/// A spectrum of colours as they are.
@Suite struct PlainColorFourierTests {
    /// C goes over into the identity: an image of one decorrelated colour has that channel alone.
    @Test func aPlainColorMovesItsChannelAlone() {
        let fourier = FourierImage(height: 32, width: 48, decorrelatesColors: false)
        var random = CounterRandom(seed: 3, stage: "test", step: 0, index: 0)
        let spectrum = FourierSpectrum(height: 32, width: 48, decorrelatesColors: false)
        var z = spectrum.start(&random).map { $0 * 100 }
        let plane = 32 * fourier.halfWidth
        for index in z.indices where index / plane % 3 != 1 { z[index] = 0 }
        var image = Image(height: 32, width: 48)
        fourier.decode(z, into: &image)
        for pixel in 0..<32 * 48 { #expect(image.pixels[3 * pixel] == 0 && image.pixels[3 * pixel + 2] == 0) }
        #expect(Statistics.standardDeviation(of: image) > 0.1)
        var pulled = [Float](repeating: 0, count: z.count)
        var gradient = Synthetic.noise(height: 32, width: 48, seed: 4)
        for pixel in 0..<32 * 48 { gradient.pixels[3 * pixel + 1] = 0 }
        fourier.pullBack(&gradient, at: image, into: &pulled)
        for index in pulled.indices where index / plane % 3 == 1 { #expect(pulled[index] == 0) }
    }

    @Test func aForeignImageComesBack() {
        let fourier = FourierImage(height: 48, width: 49, decorrelatesColors: false)
        let image = Synthetic.waves(height: 48, width: 49)
        var decoded = image
        fourier.decode(fourier.encode(image), into: &decoded)
        let errors = zip(decoded.pixels, image.pixels).map { abs($0 - $1) / 2 }
        #expect(errors.reduce(0, +) / Float(errors.count) <= 2e-4)
    }
}
