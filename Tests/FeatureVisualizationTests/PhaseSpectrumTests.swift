import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

/// Images of which only the phases are free, and where images matter.
@Suite struct PhaseSpectrumTests {
    private let image = PhaseSpectrum(height: 32, width: 40)

    @Test func `only directions of the numbers count`() {
        let codec = image.makeCodec()
        var random = CounterRandom(seed: 3, stage: "test", step: 0, index: 0)
        var numbers = image.start(&random)
        var one = Image(height: 32, width: 40)
        var other = one
        codec.decode(numbers, into: &one)
        let half = numbers.count / 2
        for place in 0..<half {
            let factor = Float(1 + place % 5)
            numbers[place] *= factor
            numbers[half + place] *= factor
        }
        codec.decode(numbers, into: &other)
        for (a, b) in zip(one.pixels, other.pixels) { #expect(abs(a - b) < 1e-4) }
        let mean = one.pixels.reduce(0.0) { $0 + Double($1) } / Double(one.pixels.count)
        let variance = one.pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let deviation = (variance / Double(one.pixels.count)).squareRoot()
        print("contrast of random phases: \(deviation), brightness \(mean)")
        #expect((0.2...0.7).contains(deviation) && abs(mean) < 0.1)
    }

    @Test func `gradients are those of finite differences`() {
        let codec = image.makeCodec()
        var random = CounterRandom(seed: 5, stage: "test", step: 0, index: 0)
        let numbers = image.start(&random)
        let weights = (0..<32 * 40 * 3).map { _ in random.normal() }
        func value(_ numbers: [Float]) -> Double {
            var picture = Image(height: 32, width: 40)
            codec.decode(numbers, into: &picture)
            return zip(picture.pixels, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        var picture = Image(height: 32, width: 40)
        codec.decode(numbers, into: &picture)
        var gradient = Image(height: 32, width: 40, pixels: weights)
        var result = [Float](repeating: 0, count: numbers.count)
        codec.pullBack(&gradient, at: picture, into: &result)
        var worst = 0.0
        let largest = Double(result.map { abs($0) }.max() ?? 0)
        for place in stride(from: 7, to: numbers.count, by: 311) {
            var (more, less) = (numbers, numbers)
            more[place] += 0.01
            less[place] -= 0.01
            worst = max(worst, abs((value(more) - value(less)) / 0.02 - Double(result[place])) / largest)
        }
        print("off by \(worst) of the largest slope")
        #expect(worst < 0.01)
    }

    @Test func `the start of a facet is noise of its seed`() {
        let one = FacetOptimizer.startImage(.fourier, height: 32, width: 32, seed: 1, index: 0)
        let other = FacetOptimizer.startImage(.fourier, height: 32, width: 32, seed: 2, index: 0)
        #expect(one == FacetOptimizer.startImage(.fourier, height: 32, width: 32, seed: 1, index: 0))
        #expect(one != other && Set(one.pixels).count > 100)
    }

    /// Only a square of the image has a say.
    private final class Square: ActivationSource {
        func activation(of image: Image) -> Float {
            var sum: Float = 0
            for y in 8..<16 { for x in 20..<28 { sum += image.pixels[(y * image.width + x) * 3] } }
            return sum
        }

        func activation(of image: Image, gradient: inout Image) -> Float {
            for index in gradient.pixels.indices { gradient.pixels[index] = 0 }
            for y in 8..<16 { for x in 20..<28 { gradient.pixels[(y * image.width + x) * 3] = 1 } }
            return activation(of: image)
        }

        func redirectedGradient(of image: Image, into gradient: inout Image) {}
    }

    @Test(arguments: [false, true]) func `the mask is white where the unit looks`(isLogits: Bool) throws {
        let optimizer = FacetOptimizer(
            FacetSpecification(name: "square", parameterization: .fourier, steps: 4), height: 32, width: 40, seed: 1,
            index: 0)
        while !optimizer.isFinished { try optimizer.advance(Square()) }
        let facet = try optimizer.finish(Square())
        #expect(facet.importance.count == 32 * 40 && abs((facet.importance.max() ?? 0) - 4 / 3) < 1e-5)
        let mask = ImportanceMap.mask(facet.importance, height: 32, width: 40, isLogits: isLogits)
        #expect(mask.allSatisfy { (0...1).contains($0) })
        #expect(mask[12 * 40 + 24] > 0.95 && mask[28 * 40 + 5] < 0.01)
        let none = ImportanceMap.mask([Float](repeating: 0, count: 32 * 32), height: 32, width: 32, isLogits: isLogits)
        #expect(none.allSatisfy { $0 == 0 })
    }
}
