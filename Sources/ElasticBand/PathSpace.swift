/// A space in which a path lies: it supplies the distance and the mix of two points, and how a
/// point moves. The band asks nothing else, so it runs on images, spectra and analytic potentials.
///
/// All points of one path have the same dimensions. Every operation is a pure function of its
/// arguments: the same points give the same bits on every run.
public protocol PathSpace: Sendable {
    associatedtype Point: Sendable

    /// The distance of two points, at least 0; not finite if a point is not.
    func distance(_ a: Point, _ b: Point) -> Double

    /// The point between `a` (at fraction 0) and `b` (at fraction 1), written over `target`.
    func mix(_ a: Point, _ b: Point, at fraction: Double, into target: inout Point)

    /// Subtracts from `force` its component along the direction `a` -> `b`;
    /// leaves it alone where the two points coincide and there is no direction.
    func project(_ force: inout Point, perpendicularTo a: Point, _ b: Point)

    /// Adds `scale * force` to `point`, then brings it into the valid range, if the space has one.
    func move(_ point: inout Point, by force: Point, scale: Double)

    /// Turns a raw gradient into a force, before projection (e.g. divides by its standard deviation).
    /// Returns whether every number of it was finite.
    @discardableResult func condition(_ gradient: inout Point) -> Bool

    /// Conditions a raw gradient and turns it into the direction of Adam's step `step` (counted from 1). Returns
    /// whether every number of it was finite; if not, the memory is unchanged.
    func adapt(_ gradient: inout Point, _ memory: inout AdamMemory<Point>, step: Int) -> Bool

    /// The origin of the space in which `point` lies.
    func zero(like point: Point) -> Point

    /// A pivot's whole move: `target` becomes `point` plus `scale` times the sum of `weights[k] * forces[first + k]`
    /// less its component along the tangent, in the valid range.
    func move(
        _ point: Point, by forces: [Point], from first: Int, weights: [Double],
        perpendicularTo tangent: (Point, Point)?, scale: Double, into target: inout Point)

    /// Whether every number of `point` (a point or a gradient) is finite.
    func isFinite(_ point: Point) -> Bool
}

/// Adam's averages of a gradient and of its square.
public struct AdamMemory<Point: Sendable>: Sendable {
    public var mean: Point
    public var square: Point

    public init(mean: Point, square: Point) {
        self.mean = mean
        self.square = square
    }
}

extension AdamMemory: Equatable where Point: Equatable {}

extension PathSpace {
    /// The point between `a` (at fraction 0) and `b` (at fraction 1).
    public func mix(_ a: Point, _ b: Point, at fraction: Double) -> Point {
        var target = a
        mix(a, b, at: fraction, into: &target)
        return target
    }
}
