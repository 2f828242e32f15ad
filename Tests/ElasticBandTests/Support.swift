@testable import ElasticBand

/// What an analytic objective says of a point.
struct PivotEvaluation<Point: Sendable> {
    var activation: Double
    var objective: Double
    var gradient: Point
}

/// An objective from a function of one point; remembers what it was asked.
struct FunctionObjective<Point: Sendable>: BandObjective {
    var function: (Point) -> PivotEvaluation<Point>
    /// Added to activation and objective at each step, which then are no longer those of the point alone.
    var drift: ((Int) -> Double)?
    var gradientCalls: [Int] = []
    /// Points without gradient that were asked for beside those with one.
    var valueCalls: [Int] = []
    var activationCalls: [Int] = []
    var steps: [Int] = []

    init(_ function: @escaping (Point) -> PivotEvaluation<Point>) { self.function = function }

    var isSteady: Bool { drift == nil }

    mutating func evaluate(
        _ points: [Point], step: Int, gradients: inout [Point], finish: @escaping @Sendable (Int, inout Point) -> Void
    ) throws -> [PivotValue] {
        gradientCalls.append(gradients.count)
        valueCalls.append(points.count - gradients.count)
        steps.append(step)
        let offset = drift?(step) ?? 0
        return points.enumerated().map { index, point in
            let evaluation = function(point)
            if index < gradients.count {
                gradients[index] = evaluation.gradient
                finish(index, &gradients[index])
            }
            return PivotValue(activation: evaluation.activation + offset, objective: evaluation.objective + offset)
        }
    }
    mutating func activations(_ points: [Point]) throws -> [Double] {
        activationCalls.append(points.count)
        return points.map { function($0).activation }
    }
    var asked: Int { (gradientCalls + valueCalls + activationCalls).reduce(0, +) }
}

extension PathSpace {
    /// The distances of neighbours along `path`, one fewer than its points.
    func segmentLengths(of path: [Point]) -> [Double] {
        path.indices.dropFirst().map { distance(path[$0 - 1], path[$0]) }
    }

    /// Removes from `force` its component along the path at the interior pivot `index`.
    func project(
        _ force: inout Point, perpendicularTo path: [Point], at index: Int, objectives: [Double],
        _ kind: StepRules.Tangent = .lower
    ) {
        guard let (from, to) = tangent(at: index, objectives: objectives, kind) else { return }
        project(&force, perpendicularTo: path[from], path[to])
    }

    /// `path` with its interior points spread evenly along the polyline it was, as a step of the band spreads them (the
    /// string method, thesis section 4.2.2).
    func redistributed(_ path: [Point]) -> [Point] {
        path.count < 3 ? path : Arclength.evenPlaces(lengths: segmentLengths(of: path)).map { point(at: $0, of: path) }
    }
}

extension BandObjective {
    var isSteady: Bool { true }

    func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        for index in 0..<count { body(index) }
    }
}

extension ElasticBand {
    /// Steps until the band stops.
    mutating func run<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        while stop == nil { try step(&objective) }
    }
}

extension BandWrapper {
    /// Steps until all is done.
    mutating func run<Objective: BandObjective>(_ objective: inout Objective) throws -> BandResult<Point>
    where Objective.Point == Point {
        while true {
            if let result { return result }
            try step(&objective)
        }
    }
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
