import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct SpectrumScaleTests {
    @Test(arguments: [(224, 224), (48, 65)]) func `both scales have the same norm`(height: Int, width: Int) {
        func norm(_ scale: SpectrumScale) -> Double {
            scale.values(height: height, width: width).reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        #expect(abs(norm(.inverse) - norm(.natural)) < 1e-9 * norm(.inverse))
    }

    /// METHODS "Second edition": amplitudes in thousandths.
    @Test(arguments: [(0.0104, 11.6), (0.1025, 0.53), (0.4042, 0.018)])
    func `amplitudes are those of photographs`(frequency: Double, amplitude: Double) {
        #expect(abs(SpectrumScale.amplitude(at: frequency) - amplitude) < 1e-9 * amplitude)
        // Between two rows of the table they fall.
        #expect(SpectrumScale.amplitude(at: 1.1 * frequency) < amplitude)
    }

    @Test func `photographs have more of the coarse and less of the fine`() {
        let size = 224
        let (inverse, natural) = (
            SpectrumScale.inverse.values(height: size, width: size),
            SpectrumScale.natural.values(height: size, width: size)
        )
        // The first row: 3 and 90 cycles a side.
        #expect(natural[3] > inverse[3] && natural[90] < inverse[90] / 2)
        #expect(natural.allSatisfy { $0 > 0 && $0.isFinite })
    }

    @Test func `a natural image is decoded and encoded like any other`() {
        let fourier = FourierImage(height: 40, width: 48, scale: .natural)
        let wanted = Synthetic.waves(height: 40, width: 48)
        var image = wanted
        fourier.decode(fourier.encode(wanted), into: &image)
        #expect(Synthetic.largestDifference(image.pixels, wanted.pixels) < 2e-3)
    }

    /// Saturated colours, which encoding would weaken.
    @Test func `the numbers of one scale become those of the other without loss`() {
        let (height, width) = (40, 48)
        var random = CounterRandom(seed: 3, stage: "test", step: 0, index: 0)
        let natural = Parameterization.naturalFourier.images(height: height, width: width)
        let numbers = natural.start(&random).map { $0 * 300 }
        let view = PathView(.fourier, height: height, width: width)
        var image = Image(height: height, width: width)
        natural.makeCodec().decode(numbers, into: &image)
        #expect(image.pixels.contains { abs($0) > 0.99 }, "some of it is saturated")
        let facet = Facet(
            name: "", image: image, activation: 0, steps: 0, evaluations: 0,
            point: Facet.Point(.naturalFourier, numbers))
        let shown = view.image(of: view.point(of: facet))
        #expect(Synthetic.largestDifference(shown.pixels, image.pixels) < 1e-4)
    }
}

@Suite struct MeanColorTests {
    /// A unit that likes images dark, and waves a little.
    private final class DarkSource: ActivationSource {
        let pattern: Image
        init(darkness: Float) {
            var pattern = Synthetic.waves(height: 40, width: 40)
            for index in pattern.pixels.indices { pattern.pixels[index] -= darkness }
            self.pattern = pattern
        }
        func activation(of image: Image) throws -> Float {
            Float(Synthetic.dot(image.pixels, pattern.pixels) / Double(pattern.pixels.count))
        }
        func activation(of image: Image, gradient: inout Image) throws -> Float {
            let scale = 1 / Float(pattern.pixels.count)
            for index in gradient.pixels.indices { gradient.pixels[index] = pattern.pixels[index] * scale }
            return try activation(of: image)
        }
    }

    private func optimizer(_ meanColor: FacetSpecification.MeanColor) -> FacetOptimizer {
        FacetOptimizer(
            FacetSpecification(name: "dark", parameterization: .fourier, steps: 160, meanColor: meanColor), height: 40,
            width: 40, seed: 2, index: 0)
    }

    private func finished(_ optimizer: FacetOptimizer, _ darkness: Float) throws -> (facet: Facet, brightness: Float) {
        let source = DarkSource(darkness: darkness)
        while !optimizer.isFinished { try optimizer.advance(source) }
        let facet = try optimizer.finish(source)
        return (facet, (facet.image.pixels.reduce(0, +) / Float(facet.image.pixels.count) + 1) / 2)
    }

    @Test func `a free mean drifts, a guarded one is held at grey once it has left the middle`() throws {
        let (free, guarded, grey) = (
            try finished(optimizer(.free), 2), try finished(optimizer(.guarded), 2), try finished(optimizer(.grey), 2)
        )
        #expect(free.brightness < 0.3 && !free.facet.holdsMean, "\(free.brightness)")
        let places = Parameterization.fourier.images(height: 40, width: 40).meanPlaces
        for held in [guarded, grey] {
            #expect(held.facet.holdsMean && held.brightness > free.brightness, "\(held.brightness)")
            #expect(places.allSatisfy { held.facet.point?.numbers[$0] == 0 }, "the constant is that of grey")
        }
    }

    @Test func `a guarded mean that stays in the middle is free`() throws {
        let (free, guarded) = (try finished(optimizer(.free), 0.02), try finished(optimizer(.guarded), 0.02))
        #expect(!guarded.facet.holdsMean && guarded.facet.image == free.facet.image)
    }

    @Test func `a facet that is continued knows that its mean is held`() throws {
        let source = DarkSource(darkness: 2)
        let (whole, first, second) = (optimizer(.guarded), optimizer(.guarded), optimizer(.guarded))
        while !whole.isFinished { try whole.advance(source) }
        while !first.holdsMean, !first.isFinished { try first.advance(source) }
        #expect(!first.isFinished)
        try second.resume(first.progress)
        while !second.isFinished { try second.advance(source) }
        #expect(try second.finish(source) == whole.finish(source))
    }

    @Test func `an image that begins anew is a noisy copy of the other, the same each time`() throws {
        let source = DarkSource(darkness: 0)
        let optimizers = (0..<3).map { index in
            FacetOptimizer(
                FacetSpecification(name: "", parameterization: .fourier, steps: 60), height: 40, width: 40, seed: 2,
                index: index)
        }
        for optimizer in optimizers { for _ in 0..<20 { try optimizer.advance(source) } }
        for optimizer in optimizers.dropFirst() { optimizer.restart(from: optimizers[0]) }
        func distance(_ a: [Float], _ b: [Float]) -> Double { Synthetic.norm(zip(a, b).map { $0 - $1 }) }
        let (first, copy) = (optimizers[0].parameters, optimizers[1].parameters)
        #expect(
            distance(copy, first) < 1.1 * Synthetic.norm(first) && distance(copy, first) > 0.9 * Synthetic.norm(first))
        #expect(copy != optimizers[2].parameters, "each has noise of its own")
        #expect(optimizers[1].step == 20)
    }
}
