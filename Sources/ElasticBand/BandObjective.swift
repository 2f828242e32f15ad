/// What is known of one point of a path.
public struct PivotValue: Sendable, Equatable {
    /// A: what the film shows, and what decides whether the band has reached its ends.
    public var activation: Double
    /// O: what is maximised, the activation less penalties (thesis section 4.3.1).
    public var objective: Double

    public init(activation: Double, objective: Double) {
        self.activation = activation
        self.objective = objective
    }
}

/// The function that a band climbs. It is asked for many points at once, so that they can be spread over cores. It
/// gives one answer for each point, in the order of the points; an answer depends on its point and the step alone.
public protocol BandObjective {
    associatedtype Point: Sendable

    /// Whether a point has the same value at every step. With random transforms it has not.
    var isSteady: Bool { get }

    /// Activation and objective of every point at step `step` (counted from 0 over all runs of a band). For the first
    /// `gradients.count` points the gradient of the *objective* is written over the points in `gradients`. The other
    /// points cost less: first the pivots that do not move, then the ends of the path.
    ///
    /// - Parameter finish: must be called once for each gradient as soon as it is complete, while it is still in the
    ///   processor's caches. Several calls may run at a time. The first call begins to change the band: an objective
    ///   that is interrupted must throw before it, and afterwards may throw only if it has failed for good.
    mutating func evaluate(
        _ points: [Point], step: Int, gradients: inout [Point], finish: @escaping @Sendable (Int, inout Point) -> Void
    ) throws -> [PivotValue]

    /// The activations alone, as the film shows them: without transforms.
    mutating func activations(_ points: [Point]) throws -> [Double]

    /// Calls `body` once for each of 0 ..< `count`, perhaps several at a time; returns when all have ended.
    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws
}

extension BandObjective {
    /// Changes every element in place, perhaps several at a time.
    /// - Parameter backward: goes from the last element to the first. The pass then begins where the one before it
    ///   ended, with elements that are still in the caches.
    func updateEach<Element>(
        _ elements: inout [Element], backward: Bool = false, _ body: @escaping @Sendable (Int, inout Element) -> Void
    ) throws {
        try elements.withUnsafeMutableBufferPointer { buffer in
            // Each index is handed to one call alone.
            nonisolated(unsafe) let places = buffer
            try perform(places.count) {
                let index = backward ? places.count - 1 - $0 : $0
                body(index, &places[index])
            }
        }
    }
}
