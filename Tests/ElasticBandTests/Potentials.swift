import Foundation

@testable import ElasticBand

/// An analytic potential as a band objective: the band climbs -V.
struct PotentialObjective: BandObjective {
    let value: @Sendable (Double, Double) -> Double
    let slope: @Sendable (Double, Double) -> (Double, Double)
    private(set) var evaluated = 0

    init(
        value: @escaping @Sendable (Double, Double) -> Double,
        slope: @escaping @Sendable (Double, Double) -> (Double, Double)
    ) {
        self.value = value
        self.slope = slope
    }

    mutating func evaluate(_ points: [[Double]]) -> [PivotEvaluation<[Double]>] {
        evaluated += points.count
        return points.map { point in
            let (x, y) = slope(point[0], point[1])
            let height = -value(point[0], point[1])
            return PivotEvaluation(activation: height, objective: height, gradient: [-x, -y])
        }
    }

    mutating func activations(of points: [[Double]]) -> [Double] {
        evaluated += points.count
        return points.map { -value($0[0], $0[1]) }
    }

    /// x^4 + 4 x^2 y^2 - 2 x^2 + 2 y^2: minima (+-1, 0), saddle (0, 0).
    static let quartic = PotentialObjective(
        value: { x, y in x * x * x * x + 4 * x * x * y * y - 2 * x * x + 2 * y * y },
        slope: { x, y in (4 * x * x * x + 8 * x * y * y - 4 * x, 8 * x * x * y + 4 * y) })

    /// Muller and Brown, Theor. Chim. Acta 53 (1979): three minima, two saddles.
    static let mullerBrown: PotentialObjective = {
        let (height, a, b, c) = (
            [-200.0, -100, -170, 15], [-1.0, -1, -6.5, 0.7], [0.0, 0, 11, 0.6], [-10.0, -10, -6.5, 0.7]
        )
        let (x0, y0) = ([1.0, 0, -0.5, -1], [0.0, 0.5, 1.5, 1])
        let term: @Sendable (Int, Double, Double) -> Double = { k, x, y in
            let (u, v) = (x - x0[k], y - y0[k])
            return height[k] * exp(a[k] * u * u + b[k] * u * v + c[k] * v * v)
        }
        return PotentialObjective(
            value: { x, y in (0..<4).reduce(0) { $0 + term($1, x, y) } },
            slope: { x, y in
                (0..<4).reduce((0.0, 0.0)) { sum, k in
                    let (u, v, value) = (x - x0[k], y - y0[k], term(k, x, y))
                    return (sum.0 + value * (2 * a[k] * u + b[k] * v), sum.1 + value * (b[k] * u + 2 * c[k] * v))
                }
            })
    }()
}
