/// A space in which a path lies: what it takes to lay a chain of pivots through it.
public protocol PathSpace<Point>: Sendable {
    associatedtype Point: Sendable

    /// How far apart two points are.
    func distance(_ a: Point, _ b: Point) -> Double

    /// The point a fraction of the way from `a` (0) to `b` (1).
    func mix(_ a: Point, _ b: Point, at fraction: Double) -> Point

    /// Turns a raw gradient into the force that is then projected, in place.
    func condition(_ gradient: inout Point)

    /// Takes `times` the component along the direction from `a` to `b` out of `force`: once leaves the perpendicular
    /// part, twice turns the component around. A direction of length zero takes nothing.
    func subtractComponent(_ times: Double, from force: inout Point, along a: Point, _ b: Point)

    /// `point += scale * force`, brought back into the space's range.
    func move(_ point: inout Point, by force: Point, scale: Double)

    /// Whether every coordinate is a number.
    func isFinite(_ point: Point) -> Bool
}
