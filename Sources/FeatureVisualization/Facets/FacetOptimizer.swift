import ConvNet

/// Optimises one facet, step by step, so that a caller can show progress and stop (thesis section 3.4.1).
///
/// In each step the view of the image (transformed, if asked for) goes through the network. The gradient of O = A -
/// lambda P goes back to the parameters and is divided by its standard deviation, and the optimiser moves up along it.
/// Parameters that leave their range are then clipped, and the image is filtered.
public final class FacetOptimizer {
    public let specification: FacetSpecification
    public private(set) var step = 0
    /// Mean activation at the last step's evaluation, under its transform.
    public private(set) var activation: Float = 0
    public private(set) var evaluations = 0

    private let seed: UInt64
    private let index: Int
    /// What the optimiser moves, and its image at the beginning of the present step.
    private(set) var parameters: [Float]
    private var image: Image
    private(set) var optimizer: OptimizerState
    private let scratch: FacetScratch
    /// The transform of the present step, if there are any.
    private var transform: Transform?
    /// Steps in a row in which the unit's gradient was exactly zero.
    private(set) var deadSteps = 0
    /// Whether the mean colour is held at mid grey.
    public private(set) var holdsMean: Bool
    /// What holds it near its start, if anything does.
    let nearness: FacetNearness?
    /// Whether the image has the activation at which the optimisation ends.
    private(set) var hasReached = false
    /// Where the image matters: the sum over the steps of the absolute gradient of the activation by the image, the mean
    /// over its channels, `[height, width]` (Boissin et al., Horama). Of a facet that is held near a picture, what holds it
    /// counts with the activation.
    public private(set) var importance: [Float]

    /// - Parameters:
    ///   - height: at least 32.
    ///   - width: at least 32.
    ///   - seed: the reel's. Together with `index`, the facet's place in the reel, it keys all random numbers.
    ///   - start: where the optimisation starts, as near as the parameterisation comes to it; nil: at random noise.
    public init(
        _ specification: FacetSpecification, height: Int, width: Int, seed: UInt64, index: Int,
        start: FacetStart? = nil
    ) {
        self.specification = specification
        holdsMean = specification.meanColor == .grey
        self.seed = seed
        self.index = index
        scratch = FacetScratch(specification, height: height, width: width)
        image = Image(height: height, width: width)
        importance = [Float](repeating: 0, count: height * width)
        var random = CounterRandom(seed: seed, stage: "facet start", step: 0, index: index)
        parameters =
            start?.parameters(scratch.parameterization, scratch.codec, &random)
            ?? scratch.parameterization.start(&random)
        optimizer = OptimizerState(specification.optimizer, count: parameters.count)
        if let weight = specification.nearness, start != nil {
            scratch.codec.decode(parameters, into: &image)
            nearness = FacetNearness(weight: weight, origin: image, isTransformed: scratch.warp != nil)
        } else {
            nearness = nil
        }
    }

    /// The noise at which a facet starts.
    public static func startImage(
        _ parameterization: Parameterization, height: Int, width: Int, seed: UInt64, index: Int
    ) -> Image {
        let optimizer = FacetOptimizer(
            FacetSpecification(name: "", parameterization: parameterization, steps: 1), height: height, width: width,
            seed: seed, index: index)
        optimizer.look()
        return optimizer.image
    }

    public var isFinished: Bool { hasReached || step >= specification.steps }

    /// Restores the state of `progress`; the caller has checked that it fits.
    func restore(_ progress: FacetProgress) {
        (step, activation, evaluations) = (progress.step, progress.activation, progress.evaluations)
        (deadSteps, holdsMean, parameters) = (progress.deadSteps, progress.holdsMean, progress.parameters)
        (optimizer.first, optimizer.second) = (progress.mean, progress.square)
        hasReached = progress.hasReached
        if let balance = progress.nearness { nearness?.balance = balance }
        importance = progress.importance
    }

    /// One optimisation step; none, if the start has the activation at which the optimisation is to end.
    /// - Parameter source: a `FeatureSource`, if the facet is held near its start.
    /// - Throws: `FacetError`, and what the source throws.
    public func advance(_ source: any ActivationSource) throws {
        if step == 0 {
            try lookForEnd(source)
            guard !hasReached else { return }
        }
        look()
        try climb {
            guard let nearness else { return try source.activation(of: $0, gradient: &$1) }
            guard let source = source as? any FeatureSource else {
                preconditionFailure("nearness is measured by a source of features")
            }
            return try nearness.evaluate($0, source, gradient: &$1, evaluations: &evaluations)
        } redirected: {
            try source.redirectedGradient(of: $0, into: &$1)
        }
        try lookForEnd(source)
    }

    /// Finds out, at every few steps, whether the image as it is has the wanted activation.
    private func lookForEnd(_ source: any ActivationSource) throws {
        guard let wanted = specification.until, step % Self.stepsBetweenLooks == 0, step < specification.steps else {
            return
        }
        scratch.codec.decode(parameters, into: &image)
        let activation = try source.activation(of: image)
        evaluations += 1
        try check(activation)
        hasReached = Double(activation) >= wanted
    }

    /// A look costs a third of a step.
    private static let stepsBetweenLooks = 4

    /// Decodes and evaluates the final image.
    /// - Throws: `FacetError`, and what the source throws.
    public func finish(_ source: any ActivationSource) throws -> Facet {
        try finish { try source.activation(of: $0) }
    }

    /// The same, with a closure that evaluates the final image.
    func finish(_ evaluate: (Image) throws -> Float) throws -> Facet {
        scratch.codec.decode(parameters, into: &image)
        let activation = try evaluate(image)
        try check(activation)
        return Facet(
            name: specification.name, image: image, activation: activation, steps: step, evaluations: evaluations + 1,
            point: scratch.parameterization.isIdentity
                ? nil : Facet.Point(specification.parameterization, parameters), holdsMean: holdsMean,
            // Where no step was taken, nothing is known of it.
            importance: step > 0 ? importance : [])
    }

    // MARK: A step in two halves, since images that are optimised together are all looked at before any moves.

    /// First half: makes the image and the view of it that the network is to see.
    func look() {
        precondition(!isFinished, "the facet is finished")
        var random = CounterRandom(seed: seed, stage: "facet transform", step: step, index: index)
        transform = specification.transforms?.draw(&random, step: step, of: specification.steps)
        if let mover = scratch.mover, let transform { changeImage { mover.move(&$0, by: transform) } }
        scratch.codec.decode(parameters, into: &image)
        if let warp = scratch.warp, let transform {
            warp.apply(transform, to: image, into: &scratch.view)
            nearness?.look(warp, transform)
        }
    }

    /// What the network is to see: the image, transformed if so asked.
    var view: Image { scratch.warp == nil ? image : scratch.view }

    /// Second half: takes the gradient by the view back to the parameters, and moves these up along it.
    /// - Parameters:
    ///   - evaluate: returns the activation of the view and writes its gradient.
    ///   - redirected: writes a substitute for a gradient that is zero everywhere.
    ///   - rate: what the learning rate is multiplied by.
    func climb(
        rate: Double = 1, _ evaluate: (Image, inout Image) throws -> Float,
        redirected: (Image, inout Image) throws -> Void
    ) throws {
        evaluations += 1
        if let warp = scratch.warp, let transform {
            try evaluateView(&scratch.viewGradient, evaluate, redirected)
            warp.pullBack(transform, scratch.viewGradient, into: &scratch.gradient)
        } else {
            try evaluateView(&scratch.gradient, evaluate, redirected)
        }
        addImportance()
        try addPenalties()
        try ascend(rate: rate)
        filter()
        step += 1
    }

    private func addImportance() {
        scratch.gradient.pixels.withUnsafeBufferPointer { gradient in
            importance.withUnsafeMutableBufferPointer { importance in
                for place in 0..<importance.count {
                    let (red, green, blue) = (gradient[3 * place], gradient[3 * place + 1], gradient[3 * place + 2])
                    importance[place] += (abs(red) + abs(green) + abs(blue)) / 3
                }
            }
        }
    }

    private func evaluateView(
        _ gradient: inout Image, _ evaluate: (Image, inout Image) throws -> Float,
        _ redirected: (Image, inout Image) throws -> Void
    ) throws {
        activation = try evaluate(view, &gradient)
        try check(activation)
        // A unit that is active and yet without gradient has reached its upper bound everywhere (a ReLU6 at 6): it is not
        // dead, there is nothing more to reach.
        guard activation <= 0, gradient.pixels.allSatisfy({ $0 == 0 }) else {
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

    /// Subtracts the gradients of the penalties. Penalties are sums over pixels: an image with fewer pixels than 224 x
    /// 224 gets a larger lambda, and one with more a smaller.
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

    /// Moves up the gradient, which is divided by its standard deviation as in the thesis' code.
    private func ascend(rate: Double) throws {
        scratch.codec.pullBack(&scratch.gradient, at: image, into: &scratch.parameterGradient)
        guardMean()
        try normalize(&scratch.parameterGradient)
        optimizer.advance(
            &parameters, scratch.parameterGradient, step: step + 1,
            learningRate: rate * specification.learningRate)
        if holdsMean { for place in scratch.parameterization.meanPlaces { parameters[place] = 0 } }
        scratch.parameterization.clip(&parameters)
    }

    /// Decides whether the mean colour is held from now on, and takes it out of the gradient if it is.
    private func guardMean() {
        let places = scratch.parameterization.meanPlaces
        guard !places.isEmpty else { return }
        if specification.meanColor == .guarded, !holdsMean {
            let sum = image.pixels.withUnsafeBufferPointer { pixels in
                Statistics.sum(pixels.count) { Double(pixels[$0]) }
            }
            holdsMean = !Self.brightnesses.contains((sum / Double(image.pixels.count) + 1) / 2)
        }
        if holdsMean { for place in places { scratch.parameterGradient[place] = 0 } }
    }

    /// Where the brightness of a guarded image may lie, as a part of white.
    private static let brightnesses = 0.3...0.7

    /// Puts a noisy copy of another image of the same specification in the place of this one, with the other's
    /// experience; the steps go on.
    func restart(from other: FacetOptimizer) {
        parameters = other.parameters
        (optimizer, holdsMean, importance) = (other.optimizer, other.holdsMean, other.importance)
        var random = CounterRandom(seed: seed, stage: "facet restart", step: step, index: index)
        let strength = parameters.withUnsafeBufferPointer(Statistics.standardDeviation) * Self.restartNoise
        let means = scratch.parameterization.meanPlaces.map { parameters[$0] }
        for index in parameters.indices { parameters[index] += Float(strength) * random.normal() }
        for (place, mean) in zip(scratch.parameterization.meanPlaces, means) { parameters[place] = mean }
        scratch.parameterization.clip(&parameters)
    }

    /// Strength of the noise, relative to the standard deviation of what it is added to.
    private static let restartNoise = 1.0

    /// - Throws: `FacetError` for an activation that is not finite.
    func check(_ activation: Float) throws {
        guard activation.isFinite else { throw notFinite("activation") }
    }

    private func normalize(_ gradient: inout [Float]) throws {
        guard Statistics.normalize(&gradient).isFinite else { throw notFinite("gradient") }
    }

    /// Filters after the first step and then after every `every`-th step (thesis section 3.4.4).
    private func filter() {
        if let blur = specification.gaussianBlur, step % max(blur.every, 1) == 0 {
            let sigma = value(of: blur.sigma)
            changeImage { $0 = GaussianBlur.filter($0, kernel: blur.kernel, sigma: sigma) }
        }
        if let bilateral = specification.bilateralFilter, step % max(bilateral.every, 1) == 0 {
            changeImage { $0 = bilateral.filter($0) }
        }
    }

    /// Changes the image of the parameters; these become the ones whose image comes nearest to the new one.
    private func changeImage(_ change: (inout Image) -> Void) {
        scratch.codec.decode(parameters, into: &image)
        change(&image)
        parameters = scratch.codec.encode(image)
    }

    private func value(of schedule: Schedule) -> Double { schedule.value(step: step, of: specification.steps) }

    private var stage: String { "facet \(specification.name)" }

    private func notFinite(_ what: String) -> FacetError {
        .notFinite(what: what, stage: stage, step: step, seed: seed)
    }
}
