@testable import ElasticBand

/// The numbers an `EuclideanSpace` is made of: `Float` or `Double`, with the loops over them.
///
/// The loops are requirements, not free generic functions, so that each conformance below holds a
/// specialised copy: a generic caller in another module then pays one indirect call per array.
protocol EuclideanScalar: BinaryFloatingPoint & Sendable {
    /// Sum of (`a` - `b`)^2.
    static func squaredDistance(_ a: [Self], _ b: [Self]) -> Double
    /// `a` + `fraction` (`b` - `a`): exactly `a` where the two agree.
    static func mix(_ a: [Self], _ b: [Self], at fraction: Self) -> [Self]
    /// Subtracts from `force` its component along `b` - `a`.
    static func project(_ force: inout [Self], perpendicularTo a: [Self], _ b: [Self])
    /// Adds `scale` * `force` to `point`.
    static func add(_ force: [Self], scale: Self, to point: inout [Self])
    /// Brings every value into `range`.
    static func clamp(_ point: inout [Self], to range: ClosedRange<Self>)
    /// Divides `values` by their population standard deviation + `epsilon`.
    static func divideByStandardDeviation(_ values: inout [Self], epsilon: Double)
    /// The sum; not finite if any value is not.
    static func sum(_ values: [Self]) -> Double
}

extension Float: EuclideanScalar {}
extension Double: EuclideanScalar {}

extension EuclideanScalar {
    @inline(__always)
    static func squaredDistance(_ a: [Self], _ b: [Self]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                laneSum(a.count) { index in
                    let difference = Double(a[index]) - Double(b[index])
                    return difference * difference
                }
            }
        }
    }

    @inline(__always)
    static func mix(_ a: [Self], _ b: [Self], at fraction: Self) -> [Self] {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                [Self](unsafeUninitializedCapacity: a.count) { result, count in
                    for index in 0..<a.count {
                        result[index] = a[index] + fraction * (b[index] - a[index])
                    }
                    count = a.count
                }
            }
        }
    }

    @inline(__always)
    static func project(_ force: inout [Self], perpendicularTo a: [Self], _ b: [Self]) {
        force.withUnsafeMutableBufferPointer { force in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    let along = laneSum(force.count) { index in
                        Double(force[index]) * (Double(b[index]) - Double(a[index]))
                    }
                    let squaredLength = laneSum(force.count) { index in
                        let difference = Double(b[index]) - Double(a[index])
                        return difference * difference
                    }
                    guard squaredLength > 0 else { return }
                    let share = Self(along / squaredLength)
                    for index in 0..<force.count {
                        force[index] -= share * (b[index] - a[index])
                    }
                }
            }
        }
    }

    @inline(__always)
    static func add(_ force: [Self], scale: Self, to point: inout [Self]) {
        point.withUnsafeMutableBufferPointer { point in
            force.withUnsafeBufferPointer { force in
                for index in 0..<point.count { point[index] += scale * force[index] }
            }
        }
    }

    @inline(__always)
    static func clamp(_ point: inout [Self], to range: ClosedRange<Self>) {
        let (lower, upper) = (range.lowerBound, range.upperBound)
        point.withUnsafeMutableBufferPointer { point in
            for index in 0..<point.count {
                let raised = point[index] < lower ? lower : point[index]
                point[index] = raised > upper ? upper : raised
            }
        }
    }

    @inline(__always)
    static func divideByStandardDeviation(_ values: inout [Self], epsilon: Double) {
        guard !values.isEmpty else { return }
        let mean = sum(values) / Double(values.count)
        values.withUnsafeMutableBufferPointer { values in
            let squares = laneSum(values.count) { index in
                let difference = Double(values[index]) - mean
                return difference * difference
            }
            let deviation = (squares / Double(values.count)).squareRoot()
            let factor = Self(1 / (deviation + epsilon))
            for index in 0..<values.count { values[index] *= factor }
        }
    }

    @inline(__always)
    static func sum(_ values: [Self]) -> Double {
        values.withUnsafeBufferPointer { values in
            laneSum(values.count) { index in Double(values[index]) }
        }
    }
}

/// The sum of `term` over 0..<`count`, in Double and always in the same order: eight partial sums,
/// which the compiler may not invent (addition is not associative) but can keep in vectors.
@inline(__always)
private func laneSum(_ count: Int, _ term: (Int) -> Double) -> Double {
    var lanes = SIMD8<Double>()
    let whole = count - count % 8
    for index in stride(from: 0, to: whole, by: 8) {
        lanes += SIMD8(
            term(index), term(index + 1), term(index + 2), term(index + 3),
            term(index + 4), term(index + 5), term(index + 6), term(index + 7))
    }
    var total = 0.0
    for lane in lanes.indices { total += lanes[lane] }
    for index in whole..<count { total += term(index) }
    return total
}
