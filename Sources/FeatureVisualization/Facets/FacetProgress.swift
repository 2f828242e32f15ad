import ConvNet

/// All that the optimisation of a facet remembers between two steps: what a checkpoint has to hold for it to continue
/// bit for bit. Random numbers are counter-based and need no memory.
public struct FacetProgress: Sendable, Equatable {
    /// Steps taken.
    public var step: Int
    /// The mean activation that the last step evaluated, under its transform.
    public var activation: Float
    public var evaluations: Int
    /// Steps in a row in which the unit's gradient was exactly zero.
    public var deadSteps: Int
    /// Whether the mean colour is held at grey from now on.
    public var holdsMean: Bool
    /// What is optimised: pixels `[height, width, channel]`, or the parameters that stand for them.
    public var parameters: [Float]
    /// The optimiser's averages of the gradient and of its square; empty if it keeps none.
    public var mean: [Float]
    public var square: [Float]
    /// What is known of the size of the gradients; nil for a facet that is not held near its start.
    public var nearness: NearnessBalance?
    /// Whether the image has the activation at which the optimisation ends.
    public var hasReached: Bool

    /// `FacetOptimizer.importance`
    public var importance: [Float]

    public init(
        step: Int, activation: Float, evaluations: Int, deadSteps: Int, holdsMean: Bool = false, parameters: [Float],
        mean: [Float], square: [Float], importance: [Float], nearness: NearnessBalance? = nil, hasReached: Bool = false
    ) {
        self.step = step
        self.activation = activation
        self.evaluations = evaluations
        self.deadSteps = deadSteps
        self.holdsMean = holdsMean
        self.parameters = parameters
        self.mean = mean
        self.square = square
        self.nearness = nearness
        self.hasReached = hasReached
        self.importance = importance
    }
}

/// Why an optimisation cannot go on from a saved state.
public struct FacetProgressError: Error, Equatable, CustomStringConvertible {
    public let description: String
}

extension FacetOptimizer {
    /// The state of the optimisation between two steps.
    public var progress: FacetProgress {
        FacetProgress(
            step: step, activation: activation, evaluations: evaluations, deadSteps: deadSteps,
            holdsMean: holdsMean, parameters: parameters, mean: optimizer.first, square: optimizer.second,
            importance: importance, nearness: nearness?.balance, hasReached: hasReached)
    }

    /// Continues an optimisation of the same specification, size, seed and index.
    /// - Throws: `FacetProgressError` if the specification cannot have led to this state; then nothing has changed.
    public func resume(_ progress: FacetProgress) throws {
        func require(_ holds: Bool, _ otherwise: String) throws {
            if !holds { throw FacetProgressError(description: otherwise) }
        }
        try require(
            0...specification.steps ~= progress.step, "step \(progress.step) of \(specification.steps)")
        try require(
            // No facet takes so many; the next ones are added to them.
            0...1 << 40 ~= progress.evaluations && 0...progress.step ~= progress.deadSteps, "its counts are impossible")
        try require(
            progress.parameters.count == parameters.count,
            "\(progress.parameters.count) parameters instead of \(parameters.count)")
        try require(
            progress.mean.count == optimizer.first.count && progress.square.count == optimizer.second.count,
            "an optimiser's memory of another size")
        try require(
            (progress.nearness == nil) == (nearness == nil)
                && progress.nearness?.isPossible(after: progress.step) ?? true,
            "its nearness is impossible")
        try require(!progress.hasReached || specification.until != nil, "an end that it does not look for")
        try require(progress.importance.count == importance.count, "an importance map of another size")
        restore(progress)
    }
}
