/// The flat space of number arrays: images as `[Float]` in `[height, width, channel]` order, or the
/// few coordinates of an analytic potential as `[Double]`. Sums are taken in Double.
///
/// - Precondition: all arrays handed to one call have the same count.
public struct EuclideanSpace<Scalar: EuclideanScalar>: PathSpace {
    public typealias Point = [Scalar]

    /// Divide every gradient by its standard deviation + 1e-8, as the thesis' code does
    /// (its text does not say so): one learning rate then serves every layer and unit.
    public let normalizesGradient: Bool

    /// Where coordinates may lie (images: -1...1), or nil for everywhere.
    public let range: ClosedRange<Scalar>?

    public init(normalizesGradient: Bool = false, range: ClosedRange<Scalar>? = nil) {
        self.normalizesGradient = normalizesGradient
        self.range = range
    }

    public func distance(_ a: [Scalar], _ b: [Scalar]) -> Double {
        requireSameCount(a, b)
        return Scalar.squaredDistance(a, b).squareRoot()
    }

    /// The linear interpolation; exactly `a` at fractions up to 0 and exactly `b` from 1 on.
    public func mix(_ a: [Scalar], _ b: [Scalar], at fraction: Double) -> [Scalar] {
        requireSameCount(a, b)
        if fraction <= 0 { return a }
        if fraction >= 1 { return b }
        return Scalar.mix(a, b, at: Scalar(fraction))
    }

    public func project(_ force: inout [Scalar], perpendicularTo a: [Scalar], _ b: [Scalar]) {
        requireSameCount(a, b)
        requireSameCount(force, a)
        Scalar.project(&force, perpendicularTo: a, b)
    }

    public func move(_ point: inout [Scalar], by force: [Scalar], scale: Double) {
        requireSameCount(point, force)
        Scalar.add(force, scale: Scalar(scale), to: &point)
        if let range { Scalar.clamp(&point, to: range) }
    }

    public func condition(_ gradient: inout [Scalar]) {
        if normalizesGradient {
            Scalar.divideByStandardDeviation(&gradient, epsilon: 1e-8)
        }
    }

    public func isFinite(_ point: [Scalar]) -> Bool {
        Scalar.sum(point).isFinite
    }

    private func requireSameCount(_ a: [Scalar], _ b: [Scalar]) {
        precondition(a.count == b.count, "points of \(a.count) and \(b.count) numbers in one space")
    }
}
