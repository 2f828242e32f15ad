import ConvNet
import Testing

@testable import FeatureVisualization

/// What every kind owes: a new one is tested here by being there.
@Suite struct ParameterizationTests {
    private static let (height, width) = (35, 40)

    private static func images(_ kind: Parameterization) -> any ImageParameterization {
        kind.images(height: height, width: width)
    }

    /// Numbers whose image has contrast.
    private static func point(_ kind: Parameterization) -> [Float] {
        images(kind).makeCodec().encode(Synthetic.waves(height: height, width: width))
    }

    @Test(arguments: Parameterization.invertible)
    func `a start follows from its random numbers and lies within the range`(
        _ kind: Parameterization
    ) {
        let images = Self.images(kind)
        func start(_ index: Int) -> [Float] {
            var random = CounterRandom(seed: 1, stage: "test", step: 0, index: index)
            return images.start(&random)
        }
        #expect(start(0).count == images.count && kind.count(height: Self.height, width: Self.width) == images.count)
        #expect(start(0) == start(0) && start(0) != start(1))
        var numbers = start(0)
        #expect(numbers.allSatisfy(images.range.contains))
        numbers = numbers.map { $0 * 1e6 }
        images.clip(&numbers)
        #expect(numbers.allSatisfy(images.range.contains))
    }

    @Test(arguments: Parameterization.invertible) func `a picture that is encoded comes back when it is decoded`(
        _ kind: Parameterization
    ) {
        let picture = Synthetic.waves(height: Self.height, width: Self.width)
        var decoded = Image(height: Self.height, width: Self.width)
        let images = Self.images(kind)
        images.makeCodec().decode(Self.point(kind), into: &decoded)
        let errors = zip(decoded.pixels, picture.pixels).map { abs($0 - $1) }
        let error = errors.reduce(0, +) / Float(errors.count)
        #expect(error <= 4e-4, "\(error)")
        #expect(!images.isIdentity || decoded == picture && Self.point(kind) == picture.pixels)
    }

    @Test(arguments: Parameterization.invertible) func `rows are shown once they are finished`(_ kind: Parameterization) {
        let codec = Self.images(kind).makeCodec()
        var (whole, inRows) = (Image(height: Self.height, width: Self.width), [Float]())
        codec.decode(Self.point(kind), into: &whole)
        var image = Image(height: Self.height, width: Self.width)
        var finished = 0
        codec.decode(Self.point(kind), into: &image) { count, rows in
            #expect(count >= finished && count <= Self.height)
            for index in finished * Self.width * 3..<count * Self.width * 3 { inRows.append(rows[index]) }
            finished = count
        }
        #expect(finished == Self.height && image == whole)
        // Blocks of rows may overlap, and be made once more with another rounding.
        #expect(inRows.count == whole.pixels.count && Synthetic.largestDifference(inRows, whole.pixels) <= 3e-6)
    }

    @Test(arguments: Parameterization.invertible) func `a gradient that is pulled back in rows is that of the whole`(
        _ kind: Parameterization
    ) {
        let codec = Self.images(kind).makeCodec()
        let gradient = Synthetic.noise(height: Self.height, width: Self.width, seed: 2)
        var image = Image(height: Self.height, width: Self.width)
        codec.decode(Self.point(kind), into: &image)
        var (used, whole) = (gradient, [Float](repeating: .nan, count: Self.images(kind).count))
        codec.pullBack(&used, at: image, into: &whole)
        var (made, inRows) = (Image(height: Self.height, width: Self.width), whole.map { _ in Float.nan })
        codec.pullBack(&made, at: image, into: &inRows) { made, whenFinished in
            made.pixels.withUnsafeMutableBufferPointer { made in
                guard let base = made.baseAddress else { return }
                for count in [0, 7, 8, 33, Self.height] {
                    for index in 0..<count * Self.width * 3 { base[index] = gradient.pixels[index] }
                    whenFinished(count, base)
                }
            }
        }
        #expect(inRows == whole)
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
        let scale = Synthetic.norm(pulled) * Synthetic.norm(direction)
        print("\(kind): \(expected) against \(slope), norms \(scale)")
        #expect(abs(slope - expected) <= 1e-4 * scale)
    }
}
