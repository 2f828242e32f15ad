/// A space in which a path lies: it supplies the distance and the mix of two points, and how a
/// point moves. The band asks nothing else, so it runs on images, spectra and analytic potentials.
///
/// All points of one path have the same dimensions. Every operation is a pure function of its
/// arguments: the same points give the same bits on every run.
public protocol PathSpace: Sendable {
    associatedtype Point: Sendable

    /// The distance of two points, at least 0; not finite if a point is not.
    func distance(_ a: Point, _ b: Point) -> Double

    /// The point between `a` (at fraction 0) and `b` (at fraction 1).
    func mix(_ a: Point, _ b: Point, at fraction: Double) -> Point

    /// Subtracts from `force` its component along the direction `a` -> `b`;
    /// leaves it alone where the two points coincide and there is no direction.
    func project(_ force: inout Point, perpendicularTo a: Point, _ b: Point)

    /// Adds `scale * force` to `point`, then brings it into the valid range, if the space has one.
    func move(_ point: inout Point, by force: Point, scale: Double)

    /// Turns a raw gradient into a force, before projection (e.g. divides by its standard deviation).
    func condition(_ gradient: inout Point)

    /// Whether every number of `point` (a point or a gradient) is finite.
    func isFinite(_ point: Point) -> Bool
}
