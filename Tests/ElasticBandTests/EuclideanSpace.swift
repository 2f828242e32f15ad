@testable import ElasticBand

/// The flat space of number arrays: images as `[Float]` in `[height, width, channel]` order, or the
/// few coordinates of an analytic potential as `[Double]`. Sums are taken in Double.
///
/// - Precondition: all arrays handed to one call have the same count.
struct EuclideanSpace<Scalar: EuclideanScalar>: PathSpace {
    typealias Point = [Scalar]

    /// Divide every gradient by its standard deviation + 1e-8, as the thesis' code does
    /// (its text does not say so): one learning rate then serves every layer and unit.
    let normalizesGradient: Bool

    /// Where coordinates may lie (images: -1...1), or nil for everywhere.
    let range: ClosedRange<Scalar>?

    init(normalizesGradient: Bool = false, range: ClosedRange<Scalar>? = nil) {
        self.normalizesGradient = normalizesGradient
        self.range = range
    }

    func distance(_ a: [Scalar], _ b: [Scalar]) -> Double {
        requireSameCount(a, b)
        return Scalar.squaredDistance(a, b).squareRoot()
    }

    /// The linear interpolation; exactly `a` at fractions up to 0 and exactly `b` from 1 on.
    func mix(_ a: [Scalar], _ b: [Scalar], at fraction: Double, into target: inout [Scalar]) {
        requireSameCount(a, b)
        target = fraction <= 0 ? a : fraction >= 1 ? b : Scalar.mix(a, b, at: Scalar(fraction))
    }

    func project(_ force: inout [Scalar], perpendicularTo a: [Scalar], _ b: [Scalar]) {
        requireSameCount(a, b)
        requireSameCount(force, a)
        Scalar.project(&force, perpendicularTo: a, b)
    }

    func move(_ point: inout [Scalar], by force: [Scalar], scale: Double) {
        requireSameCount(point, force)
        Scalar.add(force, scale: Scalar(scale), to: &point)
        if let range { Scalar.clamp(&point, to: range) }
    }

    @discardableResult func condition(_ gradient: inout [Scalar]) -> Bool {
        let isFinite = isFinite(gradient)
        if normalizesGradient {
            Scalar.divideByStandardDeviation(&gradient, epsilon: 1e-8)
        }
        return isFinite
    }

    /// Adam (beta .9 and .999, epsilon 1e-7, bias corrected); Kingma and Ba 2015.
    func adapt(_ gradient: inout [Scalar], _ memory: inout AdamMemory<[Scalar]>, step: Int) -> Bool {
        guard condition(&gradient) else { return false }
        let (beta1, beta2) = (0.9, 0.999)
        let rate = (1 - pow(beta2, step)).squareRoot() / (1 - pow(beta1, step))
        for index in gradient.indices {
            let slope = gradient[index]
            memory.mean[index] += (slope - memory.mean[index]) * Scalar(1 - beta1)
            memory.square[index] += (slope * slope - memory.square[index]) * Scalar(1 - beta2)
            gradient[index] = Scalar(rate) * memory.mean[index] / (memory.square[index].squareRoot() + 1e-7)
        }
        return true
    }

    /// One operation after the other.
    func move(
        _ point: [Scalar], by forces: [[Scalar]], from first: Int, weights: [Double],
        perpendicularTo tangent: ([Scalar], [Scalar])?, scale: Double, into target: inout [Scalar]
    ) {
        var force = zero(like: point)
        for (offset, weight) in weights.enumerated() {
            Scalar.add(forces[first + offset], scale: Scalar(weight), to: &force)
        }
        if let tangent { project(&force, perpendicularTo: tangent.0, tangent.1) }
        target = point
        move(&target, by: force, scale: scale)
    }

    func zero(like point: [Scalar]) -> [Scalar] {
        [Scalar](repeating: 0, count: point.count)
    }

    func isFinite(_ point: [Scalar]) -> Bool {
        Scalar.sum(point).isFinite
    }

    private func requireSameCount(_ a: [Scalar], _ b: [Scalar]) {
        precondition(a.count == b.count, "points of \(a.count) and \(b.count) numbers in one space")
    }
}

/// `base` to a whole power: the standard library's is Foundation's, which this module does without.
private func pow(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest % 2 == 1 { result *= square }
        square *= square
        rest /= 2
    }
    return result
}
