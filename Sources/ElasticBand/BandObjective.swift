/// What is known of one pivot.
public struct PivotEvaluation<Point: Sendable>: Sendable {
    /// A: what the stop rule looks at.
    public var activation: Double
    /// O: what the band climbs (activation minus penalty).
    public var objective: Double
    /// The gradient of O.
    public var gradient: Point

    public init(activation: Double, objective: Double, gradient: Point) {
        self.activation = activation
        self.objective = objective
        self.gradient = gradient
    }
}

/// What a band climbs. Many points at once, so that the caller may fan them out over cores.
public protocol BandObjective<Point> {
    associatedtype Point: Sendable

    /// Activation, objective and gradient of each point, in order.
    mutating func evaluate(_ points: [Point]) throws -> [PivotEvaluation<Point>]

    /// Activations alone, in order: about half the cost.
    mutating func activations(of points: [Point]) throws -> [Double]
}

/// Why a band stopped.
public enum BandStop: String, Sendable, Codable {
    /// Every pivot's activation reached the lower of the two ends'.
    case reachedEnds
    /// The steps were used up.
    case stepLimit
}

/// What went wrong in a band.
public enum BandError: Error, Equatable, CustomStringConvertible {
    /// A pivot (counted from 1; 0 and the last are the ends) became not-a-number or infinite.
    case notFinite(what: String, pivot: Int, step: Int)

    public var description: String {
        switch self {
        case .notFinite(let what, let pivot, let step):
            return
                "elastic band: the \(what) of pivot \(pivot) is not a finite number at step \(step); try a smaller learningRate"
        }
    }
}
