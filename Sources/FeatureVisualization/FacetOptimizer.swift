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
    private let fourier: FourierImage?
    private var parameters: [Float]
    private var optimizer: OptimizerState
    private var image: Image
    private var view: Image
    private var gradient: Image
    private var pulled: Image
    private var slope: [Float]

    /// - Parameters:
    ///   - seed: of the reel; with `index`, the facet's place, it keys all random numbers.
    public init(_ specification: FacetSpecification, height: Int, width: Int, seed: UInt64, index: Int) {
        self.specification = specification
        self.seed = seed
        self.index = index
        image = Image(height: height, width: width)
        var random = CounterRandom(seed: seed, stage: "facet start", step: 0, index: index)
        if specification.parameterization == .fourier {
            let fourier = FourierImage(height: height, width: width)
            parameters = fourier.start(&random)
            self.fourier = fourier
        } else {
            parameters = image.pixels.map { _ in 2 / (1 + exp(-random.normal())) - 1 }
            fourier = nil
        }
        (view, gradient, pulled) = (image, image, image)
        slope = [Float](repeating: 0, count: parameters.count)
        optimizer = OptimizerState(specification.optimizer, count: parameters.count)
    }

    public var isFinished: Bool { step >= specification.steps }

    /// One optimisation step.
    /// - Throws: `FacetError`, and what the source throws.
    public func advance(_ source: any ActivationSource) throws {
        precondition(!isFinished, "the facet is finished")
        var transform: Transform?
        if let schedule = specification.transforms {
            var random = CounterRandom(seed: seed, stage: "facet transform", step: step, index: index)
            transform = schedule.draw(&random)
        }
        if specification.transformsMoveImage, let moved = transform, fourier == nil {
            currentImage()
            parameters = ImageMover.move(image, by: moved, pad: specification.transforms?.pad ?? 0).pixels
            transform = nil
        }
        currentImage()
        try evaluate(source, through: transform)
        addPenalties()
        try step(up: gradient)
    }

    /// Decodes and evaluates the final image.
    public func finish(_ source: any ActivationSource) throws -> Facet {
        currentImage()
        let activation = try source.activation(of: image)
        guard activation.isFinite else { throw notFinite("activation") }
        return Facet(
            name: specification.name, image: image, activation: activation, steps: step, evaluations: evaluations + 1)
    }

    private func currentImage() {
        if let fourier {
            fourier.decode(parameters, into: &image)
        } else {
            image.pixels = parameters
        }
    }

    /// Activation and gradient of the image, through the transform and back.
    private func evaluate(_ source: any ActivationSource, through transform: Transform?) throws {
        evaluations += 1
        if let transform {
            let warp = Warp(transform, height: image.height, width: image.width)
            warp.apply(image, into: &view)
            activation = try source.activation(of: view, gradient: &gradient)
            warp.pullBack(gradient, into: &pulled)
            swap(&gradient, &pulled)
        } else {
            activation = try source.activation(of: image, gradient: &gradient)
        }
        guard activation.isFinite else { throw notFinite("activation") }
    }

    /// Takes the penalties' gradients off. Penalties are sums over pixels: at another size lambda grows as the pixels shrink.
    private func addPenalties() {
        let scale = 224.0 * 224.0 / Double(image.height * image.width)
        if let schedule = specification.l1 {
            let strength = schedule.value(step: step, of: specification.steps) * scale
            Penalty.addL1(of: image, scale: Float(-strength), to: &gradient)
        }
        if let schedule = specification.totalVariation {
            let strength = schedule.value(step: step, of: specification.steps) * scale
            Penalty.addTotalVariation(of: image, scale: Float(-strength), to: &gradient)
        }
    }

    private func step(up gradient: Image) throws {
        if let fourier { fourier.pullBack(gradient, into: &slope) } else { slope = gradient.pixels }
        let deviation = Statistics.normalize(&slope)
        guard deviation.isFinite else { throw notFinite("gradient") }
        guard deviation > 0 else { throw FacetError.dead(stage: stage, step: step, seed: seed) }
        step += 1
        optimizer.advance(&parameters, slope, step: step, learningRate: specification.learningRate)
        guard fourier == nil else { return }
        clip()
        filter()
    }

    private func clip() {
        parameters.withUnsafeMutableBufferPointer { values in
            for index in 0..<values.count { values[index] = min(max(values[index], -1), 1) }
        }
    }

    /// Blurs pixel images after the update, as often as asked (thesis section 3.4.4).
    private func filter() {
        if let blur = specification.gaussianBlur, step % blur.every == 0 {
            currentImage()
            let sigma = blur.sigma.value(step: step, of: specification.steps)
            parameters = GaussianBlur.filter(image, kernel: blur.kernel, sigma: sigma).pixels
        }
        if let bilateral = specification.bilateralFilter, step % bilateral.every == 0 {
            currentImage()
            parameters = bilateral.filter(image).pixels
        }
    }

    private var stage: String { "facet \(specification.name)" }

    private func notFinite(_ what: String) -> FacetError { .notFinite(what: what, stage: stage, step: step, seed: seed) }
}
