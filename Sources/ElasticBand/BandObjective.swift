/// What is known of one point of a path.
public struct PivotEvaluation<Point: Sendable>: Sendable {
    /// A: what the film shows and the band's end is judged by.
    public var activation: Double
    /// O: what is maximised, the activation less penalties (thesis section 4.3.1).
    public var objective: Double
    /// The gradient of the *objective*.
    public var gradient: Point

    public init(activation: Double, objective: Double, gradient: Point) {
        self.activation = activation
        self.objective = objective
        self.gradient = gradient
    }
}

/// The function a band climbs. Many points are asked for at once, so that they can be fanned out
/// over cores; answers come in the order of the points, one for each, and depend on nothing else.
public protocol BandObjective {
    associatedtype Point: Sendable

    /// Activation, objective and gradient of every point.
    mutating func evaluate(_ points: [Point]) throws -> [PivotEvaluation<Point>]

    /// The activations alone, which are cheaper.
    mutating func activations(_ points: [Point]) throws -> [Double]
}
