import ConvNet
import Testing

@testable import FeatureVisualization

/// A = sum of weight * pixel^2 / 2, whose gradient is weight * pixel.
private final class Quadratic: ActivationSource {
    private(set) var forward = 0
    private(set) var backward = 0

    private func weight(_ index: Int) -> Float { Float(index % 7) / 7 - 0.4 }

    func activation(of image: Image) -> Float {
        forward += 1
        return Float(image.pixels.enumerated().reduce(0.0) { $0 + Double(weight($1.0) * $1.1 * $1.1) / 2 })
    }

    func activation(of image: Image, gradient: inout Image) -> Float {
        backward += 1
        for index in image.pixels.indices { gradient.pixels[index] = weight(index) * image.pixels[index] }
        let value = activation(of: image)
        forward -= 1
        return value
    }
}

@Suite struct PathViewTests {
    private static let transforms = [
        Transform(shiftX: 3, shiftY: -2, scale: 1.04, angle: 5),
        Transform(shiftX: -1, shiftY: 4, scale: 0.98, angle: 0),
    ]

    @Test func `a frame that is strengthened keeps its mean color`() {
        let images = Parameterization.fourier.images(height: 32, width: 40)
        let point = ImageSpaceTests.random(images.count, 1)
        var stronger = point
        images.strengthen(&stronger, by: 1.5)
        for place in point.indices {
            let gain: Float = place % (32 * 21) == 0 ? 1 : 1.5
            #expect(stronger[place] == gain * point[place], "number \(place)")
        }
    }

    @Test(arguments: Parameterization.invertible, [0, 1, 2])
    func `the gradient is that of the mean activation under the transforms`(
        _ parameterization: Parameterization, transformCount: Int
    ) throws {
        let view = PathView(parameterization, height: 32, width: 40)
        let count = parameterization.count(height: 32, width: 40)
        let transforms = Array(Self.transforms.prefix(transformCount))
        let (point, direction) = (ImageSpaceTests.random(count, 1, scale: 0.02), ImageSpaceTests.random(count, 2))
        let source = Quadratic()
        var gradient = [Float](repeating: .nan, count: count)
        let value = try view.value(
            of: point, under: transforms, totalVariation: 0, in: source, gradient: &gradient)
        #expect(source.backward == max(transformCount, 1) && source.forward == 0)

        let plain = try view.value(of: view.image(of: point), under: transforms, totalVariation: 0, in: source)
        #expect(abs(plain.activation - value.activation) <= 1e-5 * abs(value.activation))
        #expect(plain.objective == plain.activation && value.objective == value.activation)
        #expect(source.backward == max(transformCount, 1) && source.forward == max(transformCount, 1))

        // Central difference along a random direction.
        let step: Float = 1e-4
        func activation(_ sign: Float) throws -> Double {
            let moved = zip(point, direction).map { $0 + sign * step * $1 }
            return try view.value(of: view.image(of: moved), under: transforms, totalVariation: 0, in: source)
                .activation
        }
        let slope = try (activation(1) - activation(-1)) / Double(2 * step)
        let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0 * $1.1) }
        print("\(parameterization), \(transformCount) transforms: \(expected) against \(slope)")
        #expect(abs(slope - expected) <= 0.002 * abs(expected))
    }

    @Test(arguments: Parameterization.invertible)
    func `the penalty is that of the image itself, not of the transformed ones`(
        _ parameterization: Parameterization
    ) throws {
        let view = PathView(parameterization, height: 32, width: 40)
        let count = parameterization.count(height: 32, width: 40)
        let point = ImageSpaceTests.random(count, 1, scale: 0.02)
        let source = Quadratic()
        func value(_ penalty: Double) throws -> (value: PathView.Value, gradient: [Float]) {
            var gradient = [Float](repeating: 0, count: count)
            let value = try view.value(
                of: point, under: Self.transforms, totalVariation: penalty, in: source, gradient: &gradient)
            return (value, gradient)
        }
        let (with, without) = (try value(0.03), try value(0))
        let image = view.image(of: point)
        var penalty = Penalty.variation(of: image)
        let forward = try view.value(
            of: view.image(of: point), under: Self.transforms, totalVariation: 0.03, in: source)
        for found in [with.value, forward] {
            #expect(abs(found.activation - found.objective - 0.03 * penalty.value) <= 1e-6 * penalty.value)
        }
        var expected = [Float](repeating: 0, count: count)
        parameterization.images(height: 32, width: 40).makeCodec()
            .pullBack(&penalty.gradient, at: image, into: &expected)
        let scale = expected.map { abs($0) }.max() ?? 0
        let error = zip(zip(without.gradient, with.gradient), expected).map { abs($0.0 - $0.1 - 0.03 * $1) }.max() ?? 1
        #expect(scale > 0 && error <= 1e-3 * 0.03 * scale, "\(error) of \(scale)")
    }

    /// As it was optimised, or, of another kind, as near as that can come.
    @Test(arguments: Parameterization.invertible, Parameterization.invertible)
    func `a facet enters a space at its own point, or else at the nearest one`(
        _ own: Parameterization, _ other: Parameterization
    ) throws {
        let source = Quadratic()
        let facet = try FacetOptimizer(
            FacetSpecification(name: "f", parameterization: own, steps: 0), height: 32, width: 40, seed: 3, index: 0
        ).finish(source)
        let images = own.images(height: 32, width: 40)
        var random = CounterRandom(seed: 3, stage: "facet start", step: 0, index: 0)
        let start = images.start(&random)
        // An image that is its own point is kept once.
        #expect(facet.point == (images.isIdentity ? nil : Facet.Point(own, start)))

        let view = PathView(other, height: 32, width: 40)
        let point = view.point(of: facet)
        let found = view.image(of: point)
        if own == other {
            #expect(point == start && found == facet.image)
        } else {
            // Pixels beyond .02....98 on 0...1 may be clipped on the way.
            let errors = zip(found.pixels, facet.image.pixels).map {
                min(abs($0 - $1), abs($0 - min(max($1, -0.96), 0.96)))
            }
            let error = errors.reduce(0, +) / Float(errors.count)
            print("\(own) as \(other): off by \(error)")
            #expect(error <= 2e-4)
        }
    }
}
