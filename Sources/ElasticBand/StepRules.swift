/// How the gradients of a path become its next step. `StepRules()` is thesis Algorithm 1; every other rule can be
/// chosen by itself.
public struct StepRules: Sendable, Equatable {
    /// How a conditioned gradient becomes a direction.
    public enum Optimizer: Sendable, CaseIterable {
        /// As it is.
        case plain
        /// Adam, with a memory for each pivot index. Redistribution does not touch the memories.
        case adam
    }

    /// The direction along the path in which pivots are not moved.
    public enum Tangent: Sendable, CaseIterable {
        /// Towards the neighbour with the lower objective (thesis section 4.3.1).
        case lower
        /// From the one neighbour to the other.
        case central
        /// None: pivots follow the whole gradient.
        case none
    }

    public var optimizer: Optimizer
    public var tangent: Tangent
    /// Passes of [1/4, 1/2, 1/4] over the directions along the chain.
    public var smoothing: Int
    /// Whether pivots that have reached the line between the ends stay there (`StepControl`).
    public var controlsSteps: Bool
    /// Pivots above this multiple of the higher end's activation are not moved (thesis section 4.4.1: 1);
    /// nil moves all.
    public var freezing: Double?
    public var stop: BandStop
    /// The activation of what does not excite the unit at all: step control counts from it.
    public var baseline: Double

    static let smoothingRange = 0...16

    public init(
        optimizer: Optimizer = .plain, tangent: Tangent = .lower, smoothing: Int = 0, controlsSteps: Bool = false,
        freezing: Double? = nil, stop: BandStop = .reachedEnds, baseline: Double = 0
    ) {
        self.optimizer = optimizer
        self.tangent = tangent
        self.smoothing = smoothing
        self.controlsSteps = controlsSteps
        self.freezing = freezing
        self.stop = stop
        self.baseline = baseline
    }

    /// Whether a pivot of this activation is not moved.
    func freezes(_ activation: Double, ends: (Double, Double)) -> Bool {
        guard let freezing else { return false }
        let higher = max(ends.0, ends.1)
        // Measured as a distance above the end, so that the threshold lies above a negative end, too.
        return activation > higher + (freezing - 1) * abs(higher)
    }
}
