import ConvNet
import Testing

@testable import FeatureVisualization

/// Images for networks that see no colors.
@Suite struct GreyImagesTests {
    private static let (height, width) = (35, 40)

    private static func images(_ kind: Parameterization) -> any ImageParameterization {
        kind.images(height: height, width: width, isGrey: true)
    }

    private static func isGrey(_ image: Image) -> Bool {
        for place in stride(from: 0, to: image.pixels.count, by: 3) {
            let first: Float = image.pixels[place]
            if image.pixels[place + 1] != first || image.pixels[place + 2] != first { return false }
        }
        return true
    }

    /// Numbers whose image in colors has colors and contrast.
    private static func point(_ kind: Parameterization) -> [Float] {
        kind.images(height: height, width: width).makeCodec().encode(Synthetic.waves(height: height, width: width))
    }

    @Test(arguments: Parameterization.invertible) func `an image is the grey of what it is in colors`(
        _ kind: Parameterization
    ) {
        var (grey, colored) = (Image(height: Self.height, width: Self.width), Synthetic.waves(height: 35, width: 40))
        #expect(!Self.isGrey(colored))
        var expected = colored
        expected.makeGrey()
        let mean: Float = (colored.pixels[0] + colored.pixels[1] + colored.pixels[2]) / 3
        #expect(Self.isGrey(expected) && abs(expected.pixels[0] - mean) <= 1e-6)
        Self.images(kind).makeCodec().decode(Self.point(kind), into: &grey)
        #expect(Self.isGrey(grey))
        kind.images(height: Self.height, width: Self.width).makeCodec().decode(Self.point(kind), into: &colored)
        colored.makeGrey()
        #expect(Synthetic.largestDifference(grey.pixels, colored.pixels) <= 1e-6)
        // Encoded, it comes back.
        let codec = Self.images(kind).makeCodec()
        var again = grey
        codec.decode(codec.encode(grey), into: &again)
        let errors = zip(again.pixels, grey.pixels).map { abs($0 - $1) }
        #expect(Self.isGrey(again) && errors.reduce(0, +) / Float(errors.count) <= 4e-4)
    }

    /// Along a random direction, against a central difference.
    @Test(arguments: Parameterization.invertible) func `what is pulled back is the slope along each number`(
        _ kind: Parameterization
    ) {
        let codec = Self.images(kind).makeCodec()
        let (point, weights) = (Self.point(kind), Synthetic.noise(height: Self.height, width: Self.width, seed: 3))
        let size = Synthetic.norm(point) / Double(point.count).squareRoot()
        let direction = ImageSpaceTests.random(point.count, 4, scale: Float(size))
        var image = Image(height: Self.height, width: Self.width)
        func value(_ step: Float) -> Double {
            codec.decode(zip(point, direction).map { $0 + step * $1 }, into: &image)
            return Synthetic.dot(image.pixels, weights.pixels)
        }
        let slope = (value(0.001) - value(-0.001)) / 0.002
        codec.decode(point, into: &image)
        var (gradient, pulled) = (weights, [Float](repeating: .nan, count: point.count))
        codec.pullBack(&gradient, at: image, into: &pulled)
        let expected = Synthetic.dot(pulled, direction)
        #expect(abs(slope - expected) <= 1e-4 * Synthetic.norm(pulled) * Synthetic.norm(direction))
    }
}
