import ConvNet
import Testing

@testable import FeatureVisualization

@Suite struct PenaltyTests {
    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden)) func `penalties are those of the golden file`() throws
    {
        let image = try Resources.goldenImage("image")
        let l1 = try Resources.golden("l1/value").values[0]
        let variation = try Resources.golden("tv/value").values[0]
        let gradient = try Resources.goldenImage("tv/gradient")
        let found = Penalty.variation(of: image)
        #expect(
            abs(Penalty.l1(of: image).value / Double(l1) - 1) <= 1e-6, "L1 \(Penalty.l1(of: image).value), golden \(l1)"
        )
        #expect(abs(found.value / Double(variation) - 1) <= 1e-6, "TV \(found.value), golden \(variation)")
        let worst = Synthetic.largestDifference(found.gradient.pixels, gradient.pixels)
        #expect(worst == 0, "largest difference of the gradient \(worst)")
    }

    /// Away from its kinks a sum of absolute values is linear: differences are exact up to rounding.
    @Test(arguments: [(32, 32), (33, 37)]) func `the gradients of penalties are the slopes of their values`(
        height: Int, width: Int
    ) {
        let image = Synthetic.noise(height: height, width: width, deviation: 0.5, seed: 1)
        for penalty in [Penalty.l1, Penalty.variation] {
            let gradient = penalty(image).gradient
            for place in [
                0, 1, 2, 5, width * 3 - 1, width * 3, (height / 2 * width + 7) * 3 + 1, image.pixels.count - 1,
            ] {
                var (above, below) = (image, image)
                above.pixels[place] += 1e-3
                below.pixels[place] -= 1e-3
                let slope =
                    (penalty(above).value - penalty(below).value) / Double(above.pixels[place] - below.pixels[place])
                #expect(
                    abs(slope - Double(gradient.pixels[place])) < 0.02,
                    "value \(place): slope \(slope), gradient \(gradient.pixels[place])")
            }
        }
    }

    @Test func `a penalty adds its gradient to what is there`() {
        let image = Synthetic.waves(height: 32, width: 33)
        let start = Synthetic.noise(height: 32, width: 33, seed: 2)
        for (penalty, add) in [(Penalty.l1, Penalty.addL1), (Penalty.variation, Penalty.addTotalVariation)] {
            var gradient = start
            let expected = penalty(image)
            #expect(add(image, -0.25, &gradient) == expected.value)
            for (index, value) in gradient.pixels.enumerated() {
                #expect(abs(value - (start.pixels[index] - 0.25 * expected.gradient.pixels[index])) < 1e-6)
            }
        }
    }

    @Test(arguments: [0, 0.25]) func `the adaptive penalty weighs as much as asked, whatever the size`(mu: Double) {
        for (height, width) in [(32, 33), (64, 48)] {
            let image = Synthetic.waves(height: height, width: width)
            let start = Synthetic.noise(height: height, width: width, seed: 3)
            var (gradient, work) = (start, start)
            Penalty.addAdaptiveTotalVariation(of: image, mu: mu, work: &work, to: &gradient)
            let slopes = Penalty.variation(of: image).gradient
            let deviation = Statistics.standardDeviation(of: slopes)
            for (index, value) in gradient.pixels.enumerated() {
                let expected = Double(start.pixels[index]) - mu * Double(slopes.pixels[index]) / (deviation + 1e-8)
                #expect(abs(Double(value) - expected) < 1e-6, "value \(index): \(value), by hand \(expected)")
            }
        }
    }

    @Test func `a grey image costs nothing`() {
        let grey = Image(height: 32, width: 32)
        #expect(Penalty.l1(of: grey) == Penalty.Value(value: 0, gradient: grey))
        #expect(
            Penalty.variation(of: Image(height: 32, width: 32, repeating: 0.7))
                == Penalty.Value(value: 0, gradient: grey))
        #expect(abs(Penalty.l1(of: Image(height: 32, width: 32, repeating: -0.5)).value - 1536) < 1e-9)
    }
}
