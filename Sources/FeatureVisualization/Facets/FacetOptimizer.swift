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
    /// Of a facet whose parameters are not its pixels; else empty.
    private var parameters: [Float]
    private(set) var optimizer: OptimizerState
    private let scratch: FacetScratch
    /// Of the step at hand, where the network's view of the image is transformed.
    private var transform: Transform?
    /// Steps in a row in which the unit's gradient was exactly zero.
    private(set) var deadSteps = 0

    /// - Parameters:
    ///   - height: at least 32.
    ///   - width: at least 32.
    ///   - seed: of the reel; with `index`, the facet's place, it keys all random numbers.
    public init(_ specification: FacetSpecification, height: Int, width: Int, seed: UInt64, index: Int) {
        self.specification = specification
        self.seed = seed
        self.index = index
        scratch = FacetScratch(specification, height: height, width: width)
        image = Image(height: height, width: width)
        parameters = []
        var random = CounterRandom(seed: seed, stage: "facet start", step: 0, index: index)
        if let parameterization = scratch.parameterization {
            parameters = parameterization.start(&random)
        } else {
            for index in image.pixels.indices { image.pixels[index] = 2 / (1 + exp(-random.normal())) - 1 }
        }
        optimizer = OptimizerState(specification.optimizer, count: max(parameters.count, image.pixels.count))
    }

    public var isFinished: Bool { step >= specification.steps }

    /// What the optimiser moves: the parameters, or the pixels themselves.
    var optimizedValues: [Float] { scratch.parameterization == nil ? image.pixels : parameters }

    /// Puts everything where it was; the caller has checked that it fits.
    func restore(_ progress: FacetProgress) {
        (step, activation, evaluations) = (progress.step, progress.activation, progress.evaluations)
        deadSteps = progress.deadSteps
        if scratch.parameterization == nil {
            image.pixels = progress.parameters
        } else {
            parameters = progress.parameters
        }
        optimizer.restore(mean: progress.mean, square: progress.square)
    }

    /// One optimisation step.
    /// - Throws: `FacetError`, and what the source throws.
    public func advance(_ source: any ActivationSource) throws {
        look()
        try climb {
            try source.activation(of: $0, gradient: &$1)
        } redirected: {
            try source.redirectedGradient(of: $0, into: &$1)
        }
    }

    /// Decodes and evaluates the final image.
    /// - Throws: `FacetError`, and what the source throws.
    public func finish(_ source: any ActivationSource) throws -> Facet {
        try finish { try source.activation(of: $0) }
    }

    /// The same with the final image's activation from elsewhere.
    func finish(_ evaluate: (Image) throws -> Float) throws -> Facet {
        scratch.parameterization?.decode(parameters, into: &image)
        let activation = try evaluate(image)
        try check(activation)
        return Facet(
            name: specification.name, image: image, activation: activation, steps: step, evaluations: evaluations + 1,
            spectrum: specification.parameterization == .fourier && specification.decorrelatesColors ? parameters : nil)
    }

    // MARK: A step in two halves, since images that are optimised together are all looked at before any moves.

    /// First half: makes the image and what the network is to see of it.
    func look() {
        precondition(!isFinished, "the facet is finished")
        var random = CounterRandom(seed: seed, stage: "facet transform", step: step, index: index)
        transform = specification.transforms?.draw(&random)
        if let mover = scratch.mover, let transform { mover.move(&image, by: transform) }
        scratch.parameterization?.decode(parameters, into: &image)
        if let warp = scratch.warp, let transform { warp.apply(transform, to: image, into: &scratch.view) }
    }

    /// What the network is to see: the image, transformed if so asked.
    var view: Image { scratch.warp == nil ? image : scratch.view }

    /// Second half: the gradient by the view goes back to the parameters, which step up it.
    /// - Parameters:
    ///   - evaluate: the view's activation; writes its gradient.
    ///   - redirected: writes a substitute for a gradient that is zero everywhere.
    func climb(
        _ evaluate: (Image, inout Image) throws -> Float, redirected: (Image, inout Image) throws -> Void
    ) throws {
        evaluations += 1
        if let warp = scratch.warp, let transform {
            try evaluateView(&scratch.viewGradient, evaluate, redirected)
            warp.pullBack(transform, scratch.viewGradient, into: &scratch.gradient)
        } else {
            try evaluateView(&scratch.gradient, evaluate, redirected)
        }
        try addPenalties()
        try ascend()
        if specification.optimizesPixels {
            clip()
            filter()
        }
        step += 1
    }

    private func evaluateView(
        _ gradient: inout Image, _ evaluate: (Image, inout Image) throws -> Float,
        _ redirected: (Image, inout Image) throws -> Void
    ) throws {
        activation = try evaluate(view, &gradient)
        try check(activation)
        guard gradient.pixels.allSatisfy({ $0 == 0 }) else {
            deadSteps = 0
            return
        }
        // Redirection or a random transform may wake a unit, so that one zero proves nothing.
        deadSteps += 1
        if deadSteps == min(Self.lastRedirectedStep + 2, specification.steps) {
            throw FacetError.dead(stage: stage, step: step, seed: seed)
        }
        if step <= Self.lastRedirectedStep { try redirected(view, &gradient) }
    }

    /// Until this step a gradient that is zero everywhere is redirected (lucid's bound); a unit whose gradient is zero
    /// for longer than that counts as dead.
    private static let lastRedirectedStep = 16

    /// Takes the penalties' gradients off. Penalties are sums over pixels: at another size lambda grows as the pixels shrink.
    private func addPenalties() throws {
        let scale = 224.0 * 224.0 / Double(image.height * image.width)
        if let schedule = specification.l1 {
            Penalty.addL1(of: image, scale: Float(-value(of: schedule) * scale), to: &scratch.gradient)
        }
        if let schedule = specification.totalVariation {
            Penalty.addTotalVariation(of: image, scale: Float(-value(of: schedule) * scale), to: &scratch.gradient)
        }
        if let schedule = specification.adaptiveTotalVariation {
            try normalize(&scratch.gradient.pixels)
            Penalty.addAdaptiveTotalVariation(
                of: image, mu: value(of: schedule), work: &scratch.penaltyGradient, to: &scratch.gradient)
        }
    }

    /// Steps up the gradient, divided by its standard deviation as the thesis' code does.
    private func ascend() throws {
        if let parameterization = scratch.parameterization {
            parameterization.pullBack(scratch.gradient, at: image, into: &scratch.parameterGradient)
            try normalize(&scratch.parameterGradient)
            optimizer.advance(
                &parameters, scratch.parameterGradient, step: step + 1, learningRate: specification.learningRate)
        } else {
            try normalize(&scratch.gradient.pixels)
            optimizer.advance(
                &image.pixels, scratch.gradient.pixels, step: step + 1, learningRate: specification.learningRate)
        }
    }

    /// - Throws: `FacetError` for an activation that is not finite.
    func check(_ activation: Float) throws {
        guard activation.isFinite else { throw notFinite("activation") }
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
