import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct FacetOptimizerTests {
    static let specifications: [FacetSpecification] = [
        FacetSpecification(name: "naive", steps: 40),
        FacetSpecification(name: "sign", steps: 40, optimizer: .sign),
        FacetSpecification(name: "l1", steps: 40, l1: .constant(1e-6)),
        FacetSpecification(name: "tv", steps: 40, totalVariation: .linear(from: 0, to: 1e-6)),
        FacetSpecification(
            name: "gaussian", steps: 40, optimizer: .sign,
            gaussianBlur: GaussianBlur(kernel: 7, sigma: .sigmoid(from: 1.5, to: 0.5, steepness: 8))),
        FacetSpecification(
            name: "bilateral", steps: 40, optimizer: .sign,
            bilateralFilter: BilateralFilter(kernel: 7, sigmaColor: 0.8, sigmaSpace: 1, every: 2)),
        FacetSpecification(name: "differentiable", steps: 40, transforms: .thesis),
        FacetSpecification(name: "moved", steps: 40, optimizer: .sign, transforms: .thesis, transformsMoveImage: true),
        FacetSpecification(name: "fourier", parameterization: .fourier, steps: 40),
        FacetSpecification(name: "fourier tv", parameterization: .fourier, steps: 40, totalVariation: .constant(1e-6)),
        FacetSpecification(name: "fourier lucid", parameterization: .fourier, steps: 40, transforms: .lucid),
    ]

    private func facet(
        _ specification: FacetSpecification, _ source: any ActivationSource, height: Int = 40, width: Int = 37,
        seed: UInt64 = 7, index: Int = 0
    ) throws -> Facet {
        let optimizer = FacetOptimizer(specification, height: height, width: width, seed: seed, index: index)
        while !optimizer.isFinished { try optimizer.advance(source) }
        return try optimizer.finish(source)
    }

    @Test(arguments: specifications) func `every kind of facet raises its activation`(specification: FacetSpecification)
        throws
    {
        let source = SmoothSource(height: 40, width: 37)
        var start = specification
        start.steps = 0
        let (before, after) = (try facet(start, source), try facet(specification, source))
        #expect(
            after.activation > before.activation + 0.02,
            "\(specification.name): \(before.activation) -> \(after.activation)")
        #expect(after.image.pixels.allSatisfy { abs($0) <= 1 })
        #expect(after.steps == 40 && after.evaluations == 41 && after.name == specification.name)
        #expect(
            after.activation == (try source.activation(of: after.image)),
            "the activation is the image's own, without transforms")
    }

    @Test(arguments: specifications) func `the same seed gives the same bytes, and another seed gives others`(
        specification: FacetSpecification
    ) throws {
        let source = SmoothSource(height: 40, width: 37)
        var short = specification
        short.steps = 6
        let first = try facet(short, source)
        #expect(try first == facet(short, source))
        #expect(try first.image != facet(short, source, seed: 8).image)
        #expect(try first.image != facet(short, source, index: 1).image, "facets of one reel start apart")
    }

    @Test func `a naive step is the normalised gradient through Adam`() throws {
        let (height, width) = (32, 48)
        let source = LinearSource(Synthetic.noise(height: height, width: width, seed: 1))
        var specification = FacetSpecification(
            name: "one", steps: 1, l1: .constant(2e-6), totalVariation: .constant(1e-6))
        specification.steps = 0
        let start = try facet(specification, source, height: height, width: width).image
        specification.steps = 1
        let found = try facet(specification, source, height: height, width: width).image

        // O = A - lambda P, lambda stated for 224 x 224 pixels.
        let scale = 224.0 * 224 / Double(height * width)
        let (l1, variation) = (Penalty.l1(of: start).gradient.pixels, Penalty.variation(of: start).gradient.pixels)
        let slope = source.pattern.pixels.indices.map { index in
            Double(source.pattern.pixels[index]) / Double(height * width * 3)
                - scale * (2e-6 * Double(l1[index]) + 1e-6 * Double(variation[index]))
        }
        let mean = slope.reduce(0, +) / Double(slope.count)
        let deviation = (slope.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(slope.count)).squareRoot() + 1e-8
        for (index, value) in found.pixels.enumerated() {
            // The first step of Adam: lr_1 * .1 g / (sqrt(.001) |g| + 1e-7)
            let g = slope[index] / deviation
            let step = 0.015811388300841906 * 0.1 * g / (0.001.squareRoot() * abs(g) + 1e-7)
            let expected = min(max(Double(start.pixels[index]) + step, -1), 1)
            #expect(abs(Double(value) - expected) < 3e-6, "value \(index): \(value), by hand \(expected)")
        }
    }

    @Test func `a pixel facet starts with twice the sigmoid of normal noise, less one`() throws {
        let image = try facet(
            FacetSpecification(name: "start", steps: 0), SmoothSource(height: 64, width: 64), height: 64, width: 64
        ).image
        let noise = image.pixels.map { log((1 + Double($0)) / (1 - Double($0))) }
        let mean = noise.reduce(0, +) / Double(noise.count)
        let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(noise.count)
        #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.07, "mean \(mean), variance \(variance)")
    }

    @Test func `filters act as often as asked`() throws {
        let source = SmoothSource(height: 40, width: 40)
        func run(_ steps: Int, every: Int) throws -> Image {
            let blur = GaussianBlur(kernel: 7, sigma: .constant(1), every: every)
            return try facet(
                FacetSpecification(name: "blur", steps: steps, gaussianBlur: blur), source, height: 40, width: 40
            ).image
        }
        let plain = try facet(FacetSpecification(name: "none", steps: 1), source, height: 40, width: 40).image
        #expect(
            try run(1, every: 3) == GaussianBlur.filter(plain, kernel: 7, sigma: 1),
            "the first step ends with the filter")
        #expect(try run(3, every: 3) == run(3, every: 100), "the second and the third do not")
        #expect(try run(4, every: 3) == GaussianBlur.filter(run(4, every: 100), kernel: 7, sigma: 1), "the fourth does")
    }

    @Test func `NaN is reported with stage, step and seed`() throws {
        for isGradient in [false, true] {
            let source = BreakingSource(after: 5, breaksGradient: isGradient)
            for parameterization in Parameterization.invertible {
                source.evaluations = 0
                let specification = FacetSpecification(
                    name: "eyes", parameterization: parameterization, steps: 9, transforms: .lucid)
                let what = isGradient ? "gradient" : "activation"
                #expect(throws: FacetError.notFinite(what: what, stage: "facet eyes", step: 5, seed: 11)) {
                    try facet(specification, source, seed: 11)
                }
            }
        }
        let message = FacetError.notFinite(what: "gradient", stage: "facet eyes", step: 5, seed: 11).description
        for part in ["gradient", "facet eyes", "step 5", "seed 11"] { #expect(message.contains(part), "\(message)") }
    }

    /// As a ReLU6 of 6 everywhere.
    @Test func `a unit at its upper bound has no gradient and is not dead`() throws {
        final class Bounded: ActivationSource {
            func activation(of image: Image) throws -> Float { 6 }
            func activation(of image: Image, gradient: inout Image) throws -> Float {
                gradient.pixels.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
                return 6
            }
        }
        let found = try facet(FacetSpecification(name: "bounded", parameterization: .fourier, steps: 60), Bounded())
        #expect(found.activation == 6 && found.image.pixels.allSatisfy(\.isFinite))
    }

    @Test(arguments: [nil, Schedule.constant(1e-5)]) func `a dead unit is reported with what to try`(penalty: Schedule?)
        throws
    {
        let dead = LinearSource(Image(height: 40, width: 37))
        for parameterization in Parameterization.invertible {
            let specification = FacetSpecification(
                name: "dead", parameterization: parameterization, steps: 60, totalVariation: penalty)
            #expect(throws: FacetError.dead(stage: "facet dead", step: 17, seed: 7)) { try facet(specification, dead) }
        }
        #expect(throws: FacetError.dead(stage: "facet dead", step: 2, seed: 7)) {
            try facet(FacetSpecification(name: "dead", steps: 3), dead)
        }
        #expect(
            FacetError.dead(stage: "facet dead", step: 17, seed: 7).description.contains(
                "a layer before its activation"))
    }

    @Test func `a unit without a gradient may still wake up`() throws {
        let source = WakingSource(after: 10)
        #expect(try facet(FacetSpecification(name: "sleepy", steps: 12), source).steps == 12)
    }

    @Test func `an error of the source comes through as it is`() {
        struct Stopped: Error {}
        final class StoppedSource: ActivationSource {
            func activation(of image: Image) throws -> Float { throw Stopped() }
            func activation(of image: Image, gradient: inout Image) throws -> Float { throw Stopped() }
        }
        #expect(throws: Stopped.self) { try facet(FacetSpecification(name: "stopped"), StoppedSource()) }
    }

    @Test func `specifications are the same after encoding and decoding`() throws {
        let coded = try JSONEncoder().encode(Self.specifications)
        #expect(try JSONDecoder().decode([FacetSpecification].self, from: coded) == Self.specifications)
    }
}

/// Becomes not-a-number after some evaluations.
private final class BreakingSource: ActivationSource {
    var evaluations = 0
    let after: Int
    let breaksGradient: Bool

    init(after: Int, breaksGradient: Bool) {
        self.after = after
        self.breaksGradient = breaksGradient
    }

    func activation(of image: Image) throws -> Float { 1 }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        for index in gradient.pixels.indices { gradient.pixels[index] = Float(index % 7) - 3 }
        evaluations += 1
        guard evaluations > after else { return 1 }
        if breaksGradient { gradient.pixels[100] = .nan }
        return breaksGradient ? 1 : .nan
    }
}

/// Has no gradient at first.
private final class WakingSource: ActivationSource {
    private var evaluations = 0
    private let after: Int

    init(after: Int) { self.after = after }

    func activation(of image: Image) throws -> Float { 1 }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        evaluations += 1
        for index in gradient.pixels.indices { gradient.pixels[index] = evaluations > after ? Float(index % 5) - 2 : 0 }
        return 1
    }
}
