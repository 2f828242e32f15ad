import ConvNet
import Foundation

/// Optimises one facet, step by step, so that a caller can show progress and stop (thesis section 3.4.1).
///
/// Each step: the view of the image (transformed, if so asked) goes through the network; the gradient of
/// O = A - lambda P comes back to the parameters, is divided by its standard deviation, and the optimiser steps up it;
/// pixel images are clipped to -1...1 and filtered.
public final class FacetOptimizer {
    public let specification: FacetSpecification
    public private(set) var step = 0
    /// Mean activation at the last step's evaluation, under its transform.
    public private(set) var activation: Float = 0
    public private(set) var evaluations = 0

    private let seed: UInt64
    private let index: Int
    /// The image; of a pixel facet, the parameters too.
    private var image: Image
    /// z; empty for a pixel facet.
    private var spectrum: [Float]
    private var optimizer: OptimizerState
    private let scratch: FacetScratch
    /// Steps in a row in which the unit's gradient was exactly zero.
    private var deadSteps = 0

    /// - Parameters:
    ///   - height, width: at least 32.
    ///   - seed: of the reel; with `index`, the facet's place, it keys all random numbers.
    public init(_ specification: FacetSpecification, height: Int, width: Int, seed: UInt64, index: Int) {
        self.specification = specification
        self.seed = seed
        self.index = index
        scratch = FacetScratch(specification, height: height, width: width)
        image = Image(height: height, width: width)
        spectrum = []
        var random = CounterRandom(seed: seed, stage: "facet start", step: 0, index: index)
        if let fourier = scratch.fourier {
            spectrum = fourier.start(&random)
        } else {
            for index in image.pixels.indices { image.pixels[index] = 2 / (1 + exp(-random.normal())) - 1 }
        }
        optimizer = OptimizerState(specification.optimizer, count: max(spectrum.count, image.pixels.count))
    }

    public var isFinished: Bool { step >= specification.steps }

    /// One optimisation step.
    /// - Throws: `FacetError`, and what the source throws.
    public func advance(_ source: any ActivationSource) throws {
        precondition(!isFinished, "the facet is finished")
        let transform = drawTransform()
        if let mover = scratch.mover, let transform { mover.move(&image, by: transform) }
        scratch.fourier?.decode(spectrum, into: &image)
        try evaluate(source, through: scratch.mover == nil ? transform : nil)
        addPenalties()
        try ascend()
        if scratch.fourier == nil {
            clip()
            filter()
        }
        step += 1
    }

    /// Decodes and evaluates the final image.
    /// - Throws: `FacetError`, and what the source throws.
    public func finish(_ source: any ActivationSource) throws -> Facet {
        scratch.fourier?.decode(spectrum, into: &image)
        let activation = try source.activation(of: image)
        guard activation.isFinite else { throw notFinite("activation") }
        return Facet(
            name: specification.name, image: image, activation: activation, steps: step, evaluations: evaluations + 1,
            spectrum: scratch.fourier == nil ? nil : spectrum)
    }

    private func drawTransform() -> Transform? {
        var random = CounterRandom(seed: seed, stage: "facet transform", step: step, index: index)
        return specification.transforms?.draw(&random)
    }

    /// The activation, and its gradient by the image: through the transform and back.
    private func evaluate(_ source: any ActivationSource, through transform: Transform?) throws {
        evaluations += 1
        if let warp = scratch.warp, let transform {
            warp.apply(transform, to: image, into: &scratch.view)
            activation = try source.activation(of: scratch.view, gradient: &scratch.viewGradient)
            warp.pullBack(transform, scratch.viewGradient, into: &scratch.gradient)
        } else {
            activation = try source.activation(of: image, gradient: &scratch.gradient)
        }
        guard activation.isFinite else { throw notFinite("activation") }
        // A random transform may wake a unit, so that one zero proves nothing.
        deadSteps = scratch.gradient.pixels.allSatisfy { $0 == 0 } ? deadSteps + 1 : 0
        if deadSteps == min(FacetOptimizer.patience, specification.steps) {
            throw FacetError.dead(stage: stage, step: step, seed: seed)
        }
    }

    /// Steps in a row without any gradient after which a unit counts as dead.
    private static let patience = 16

    /// Takes the penalties' gradients off. Penalties are sums over pixels: at another size lambda grows as the pixels shrink.
    private func addPenalties() {
        let scale = 224.0 * 224.0 / Double(image.height * image.width)
        if let schedule = specification.l1 {
            Penalty.addL1(of: image, scale: Float(-value(of: schedule) * scale), to: &scratch.gradient)
        }
        if let schedule = specification.totalVariation {
            Penalty.addTotalVariation(of: image, scale: Float(-value(of: schedule) * scale), to: &scratch.gradient)
        }
    }

    /// Steps up the gradient, divided by its standard deviation as the thesis' code does.
    private func ascend() throws {
        if let fourier = scratch.fourier {
            fourier.pullBack(scratch.gradient, at: image, into: &scratch.spectrumGradient)
            try normalize(&scratch.spectrumGradient)
            optimizer.advance(
                &spectrum, scratch.spectrumGradient, step: step + 1, learningRate: specification.learningRate)
        } else {
            try normalize(&scratch.gradient.pixels)
            optimizer.advance(
                &image.pixels, scratch.gradient.pixels, step: step + 1, learningRate: specification.learningRate)
        }
    }

    private func normalize(_ gradient: inout [Float]) throws {
        guard Statistics.normalize(&gradient).isFinite else { throw notFinite("gradient") }
    }

    private func clip() {
        image.pixels.withUnsafeMutableBufferPointer { values in
            for index in 0..<values.count { values[index] = min(max(values[index], -1), 1) }
        }
    }

    /// Blurs after the update of the first step and of every so manyeth from there (thesis section 3.4.4).
    private func filter() {
        if let blur = specification.gaussianBlur, step % max(blur.every, 1) == 0 {
            image = GaussianBlur.filter(image, kernel: blur.kernel, sigma: value(of: blur.sigma))
        }
        if let bilateral = specification.bilateralFilter, step % max(bilateral.every, 1) == 0 {
            image = bilateral.filter(image)
        }
    }

    private func value(of schedule: Schedule) -> Double { schedule.value(step: step, of: specification.steps) }

    private var stage: String { "facet \(specification.name)" }

    private func notFinite(_ what: String) -> FacetError {
        .notFinite(what: what, stage: stage, step: step, seed: seed)
    }
}
