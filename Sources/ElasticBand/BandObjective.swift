/// What is known of one point of a path.
public struct PivotValue: Sendable, Equatable {
    /// A: what the film shows and the band's end is judged by.
    public var activation: Double
    /// O: what is maximised, the activation less penalties (thesis section 4.3.1).
    public var objective: Double

    public init(activation: Double, objective: Double) {
        self.activation = activation
        self.objective = objective
    }
}

/// The function a band climbs. Many points are asked for at once, so that they can be fanned out
/// over cores; answers come in the order of the points, one for each, and depend on nothing else.
public protocol BandObjective {
    associatedtype Point: Sendable

    /// Whether a point has the same value at every step; not so under random transforms.
    var isSteady: Bool { get }

    /// Activation and objective of every point as step `step` sees them (counted from 0 over all runs
    /// of a band); for the first `gradients.count` points also the gradient of the *objective*,
    /// written over the points in `gradients`. The others, pivots that do not move and behind them the path's ends, are
    /// cheaper.
    ///
    /// - Parameter finish: to be called once for each gradient, as soon as it is there (while it is near the
    ///   processor), perhaps several at a time. From the first call on a step has begun to change the band: an
    ///   objective throws before, or because it has failed for good.
    mutating func evaluate(
        _ points: [Point], step: Int, gradients: inout [Point], finish: @escaping @Sendable (Int, inout Point) -> Void
    ) throws -> [PivotValue]

    /// The activations alone, as the film shows them: without transforms.
    mutating func activations(_ points: [Point]) throws -> [Double]

    /// Calls `body` once for each of 0 ..< `count`, perhaps several at a time; returns when all have ended.
    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws
}

extension BandObjective {
    public var isSteady: Bool { true }

    public func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        for index in 0..<count { body(index) }
    }

    /// Changes every element where it lies, perhaps several at a time.
    /// - Parameter backward: from the last to the first: each pass begins where the one before it ended, with what is still
    ///   near the processor.
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
