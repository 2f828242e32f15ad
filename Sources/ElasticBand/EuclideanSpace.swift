/// Vectors with the straight distance and the straight mix: the thesis' pixel space, and the plane of a test potential.
///
/// Sums run in double precision in a fixed order, so that the result is the same on every run.
public struct EuclideanSpace<Scalar: BinaryFloatingPoint & Sendable>: PathSpace {
    public typealias Point = [Scalar]

    /// Divide each gradient by its standard deviation (+ 1e-8) before projecting it, as the thesis' code does.
    public let normalizesGradient: Bool
    /// Coordinates are clipped to this range after a move.
    public let range: ClosedRange<Scalar>?

    public init(normalizesGradient: Bool = false, range: ClosedRange<Scalar>? = nil) {
        self.normalizesGradient = normalizesGradient
        self.range = range
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func distance(_ a: [Scalar], _ b: [Scalar]) -> Double {
        squaredDistance(a, b).squareRoot()
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func mix(_ a: [Scalar], _ b: [Scalar], at fraction: Double) -> [Scalar] {
        // The ends exactly: a facet that is mixed at 0 or 1 keeps its bits.
        if fraction == 0 { return a }
        if fraction == 1 { return b }
        let fraction = Scalar(fraction)
        return [Scalar](unsafeUninitializedCapacity: a.count) { buffer, count in
            for index in 0..<a.count {
                buffer.initializeElement(at: index, to: a[index] + fraction * (b[index] - a[index]))
            }
            count = a.count
        }
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func condition(_ gradient: inout [Scalar]) {
        guard normalizesGradient, !gradient.isEmpty else { return }
        let sum = EuclideanSpace.sum(gradient.count) { Double(gradient[$0]) }
        let mean = sum / Double(gradient.count)
        let squares = EuclideanSpace.sum(gradient.count) {
            (Double(gradient[$0]) - mean) * (Double(gradient[$0]) - mean)
        }
        let scale = Scalar(1 / ((squares / Double(gradient.count)).squareRoot() + 1e-8))
        for index in gradient.indices { gradient[index] *= scale }
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func subtractComponent(_ times: Double, from force: inout [Scalar], along a: [Scalar], _ b: [Scalar]) {
        let length = squaredDistance(a, b)
        guard length > 0 else { return }
        let along = EuclideanSpace.sum(force.count) { Double(force[$0]) * Double(b[$0] - a[$0]) }
        let scale = Scalar(times * along / length)
        for index in force.indices { force[index] -= scale * (b[index] - a[index]) }
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func move(_ point: inout [Scalar], by force: [Scalar], scale: Double) {
        let scale = Scalar(scale)
        for index in point.indices { point[index] += scale * force[index] }
        guard let range else { return }
        for index in point.indices { point[index] = min(max(point[index], range.lowerBound), range.upperBound) }
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func isFinite(_ point: [Scalar]) -> Bool { point.allSatisfy { $0.isFinite } }

    @inline(__always)
    private func squaredDistance(_ a: [Scalar], _ b: [Scalar]) -> Double {
        precondition(a.count == b.count, "points of one space have the same number of coordinates")
        return EuclideanSpace.sum(a.count) { index in
            let difference = Double(b[index] - a[index])
            return difference * difference
        }
    }

    /// A sum in eight interleaved parts: as fast as the memory, and always in the same order.
    @inline(__always)
    private static func sum(_ count: Int, _ term: (Int) -> Double) -> Double {
        var parts = SIMD8<Double>.zero
        var index = 0
        while index + 8 <= count {
            for part in 0..<8 { parts[part] += term(index + part) }
            index += 8
        }
        var total = parts.sum()
        while index < count {
            total += term(index)
            index += 1
        }
        return total
    }
}
