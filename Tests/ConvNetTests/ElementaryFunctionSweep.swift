import Foundation

@testable import ConvNet

/// The elementary functions of lanes against double precision, over all of their arguments.
enum ElementaryFunctionSweep {
    /// A lane's function, the exact one, and the relative error that it may have.
    struct Case: Sendable {
        let name: String
        let bound: Double
        let lane: @Sendable (Lane) -> Lane
        let exact: @Sendable (Double) -> Double
    }

    static let cases = [
        Case(name: "exponential", bound: 2e-7, lane: { exponential($0) }, exact: { exp($0) }),
        Case(name: "exponentialMinusOne", bound: 4e-7, lane: { exponentialMinusOne($0) }, exact: { expm1($0) }),
        Case(name: "logarithm", bound: 3e-7, lane: { logarithm($0) }, exact: { log($0) }),
        Case(name: "logistic", bound: 4e-7, lane: { logistic($0) }, exact: { 1 / (1 + exp(-$0)) }),
        Case(name: "hyperbolicTangent", bound: 4e-7, lane: { hyperbolicTangent($0) }, exact: { tanh($0) }),
        Case(name: "errorFunction", bound: 4e-7, lane: { errorFunction($0) }, exact: { erf($0) }),
        Case(
            name: "normalDistribution", bound: 1e-6, lane: { normalDistribution($0).probability },
            exact: { erfc(-$0 / 2.0.squareRoot()) / 2 }),
        Case(
            name: "its density", bound: 1e-6, lane: { normalDistribution($0).density },
            exact: { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }),
        Case(
            name: "softplus", bound: 1e-6, lane: { softplus($0) },
            exact: { $0 > 700 ? $0 : log1p(exp($0)) }),
        Case(name: "squareRoot", bound: 1e-7, lane: { squareRoot($0) }, exact: { $0.squareRoot() }),
    ]

    static let exponents: [Float] = [-2.5, -1.75, -1.3, -1, -0.75, -0.5, 0, 0.3, 0.5, 1, 2, 2.2, 3, 4, 7]

    static func power(_ exponent: Float) -> (Findings, Double) {
        // By square roots: unlike in C, -0 keeps its sign (but for two roots multiplied), and minus infinity is like any negative number.
        let isOfRoots = [0.5, -0.5, -0.75, -1.75].contains(exponent)
        return compare(
            Case(
                name: "x^\(exponent)", bound: 4e-7, lane: { raised($0, to: exponent) },
                exact: { x in
                    if isOfRoots, x == -.infinity { return .nan }
                    let power = pow(x, Double(exponent))
                    return isOfRoots && exponent != -0.75 && x == 0 && x.sign == .minus ? -power : power
                }), stride: 40_009)
    }

    /// - Parameter stride: from one bit pattern to the next that is tried.
    /// - Returns: what was found, and the largest relative error of all.
    static func compare(_ function: Case, stride: UInt64 = 4001) -> (Findings, Double) {
        var found = Findings()
        var largest = 0.0
        func compare(_ x: Lane) {
            let y = function.lane(x)
            for index in 0..<laneWidth {
                let exact = function.exact(Double(x[index]))
                if exact.isNaN {
                    found.expect(y[index].isNaN, "\(function.name)(\(x[index])) is \(y[index])")
                } else if abs(exact) > Double(Float.greatestFiniteMagnitude) {
                    // Infinite, or the largest numbers where the result is hardly larger.
                    found.expect(
                        (y[index].sign == .minus) == (exact < 0) && abs(y[index]) > 3.4028e38,
                        "\(function.name)(\(x[index])) is \(y[index]), not \(exact)")
                } else if abs(exact) < Double(Float.leastNormalMagnitude) {
                    found.expect(
                        abs(y[index]) <= 1.0001 * Float.leastNormalMagnitude,
                        "\(function.name)(\(x[index])) is \(y[index]), not \(exact)")
                } else {
                    let error = abs(Double(y[index]) / exact - 1)
                    if error > largest { largest = error }
                    found.expect(
                        error <= function.bound,
                        "\(function.name)(\(x[index])) is \(y[index]), not \(exact): error \(error)")
                }
            }
        }
        // All exponents, both signs; infinite numbers and NaN.
        var pattern: UInt64 = 0
        while pattern < 1 << 32 {
            var x = Lane.zero
            for index in 0..<laneWidth {
                x[index] = Float(bitPattern: UInt32(truncatingIfNeeded: pattern + UInt64(index) * stride))
            }
            compare(x)
            pattern += 16 * stride
        }
        let specials: [Float] = [
            0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
            .leastNormalMagnitude, -.leastNormalMagnitude, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 88.8, -87.4,
            -104, 1, -1,
        ]
        var lane = Lane.zero
        for (index, special) in specials.enumerated() { lane[index] = special }
        compare(lane)
        // Where the functions bend.
        for step in -70_000..<70_000 {
            var x = Lane.zero
            for index in 0..<laneWidth { x[index] = Float(step * 16 + index) * 1e-4 }
            compare(x)
        }
        return (found, largest)
    }
}
