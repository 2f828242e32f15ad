@testable import ElasticBand

/// An objective from a function of one point; remembers what it was asked.
struct FunctionObjective<Point: Sendable>: BandObjective {
    var function: (Point) -> PivotEvaluation<Point>
    var gradientCalls: [Int] = []
    var activationCalls: [Int] = []

    init(_ function: @escaping (Point) -> PivotEvaluation<Point>) { self.function = function }

    mutating func evaluate(_ points: [Point]) throws -> [PivotEvaluation<Point>] {
        gradientCalls.append(points.count)
        return points.map(function)
    }
    mutating func activations(_ points: [Point]) throws -> [Double] {
        activationCalls.append(points.count)
        return points.map { function($0).activation }
    }
    var asked: Int { (gradientCalls + activationCalls).reduce(0, +) }
}

/// Numbers in -1..<1 from a 64-bit linear congruential generator (Knuth's MMIX constants).
struct Numbers {
    var state: UInt64
    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 52) - 1
    }
    mutating func point(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a, b).reduce(0) { worst, pair in
        zip(pair.0, pair.1).reduce(worst) { max($0, abs($1.0 - $1.1)) }
    }
}
