import Foundation

@testable import ElasticBand

/// An analytic energy V with its gradient; the band climbs -V.
struct Potential: Sendable {
    let energy: @Sendable ([Double]) -> (value: Double, gradient: [Double])

    var objective: FunctionObjective<[Double]> {
        FunctionObjective { point in
            let (value, gradient) = energy(point)
            return PivotEvaluation(activation: -value, objective: -value, gradient: gradient.map { -$0 })
        }
    }

    /// The largest norm over the pivots of the gradient's part perpendicular to the path.
    func largestForce(on path: [[Double]]) -> Double {
        let space = EuclideanSpace<Double>()
        let objectives = path.map { -energy($0).value }
        return (1..<(path.count - 1)).reduce(0) { worst, index in
            var force = energy(path[index]).gradient
            space.project(&force, perpendicularTo: path, at: index, objectives: objectives)
            return max(worst, norm(force))
        }
    }

    /// Müller and Brown 1979: four Gaussians in the plane.
    static let mullerBrown = Potential { p in
        let height = [-200.0, -100, -170, 15]
        let a = [-1.0, -1, -6.5, 0.7]
        let b = [0.0, 0, 11, 0.6]
        let c = [-10.0, -10, -6.5, 0.7]
        let x = [1.0, 0, -0.5, -1]
        let y = [0.0, 0.5, 1.5, 1]
        var value = 0.0
        var gradient = [0.0, 0.0]
        for k in 0..<4 {
            let (u, v) = (p[0] - x[k], p[1] - y[k])
            let term = height[k] * exp(a[k] * u * u + b[k] * u * v + c[k] * v * v)
            value += term
            gradient[0] += term * (2 * a[k] * u + b[k] * v)
            gradient[1] += term * (b[k] * u + 2 * c[k] * v)
        }
        return (value, gradient)
    }

    /// x^4 + 4 x^2 y^2 - 2 x^2 + 2 y^2.
    static let quartic = Potential { p in
        let (x, y) = (p[0], p[1])
        return (
            x * x * x * x + 4 * x * x * y * y - 2 * x * x + 2 * y * y,
            [4 * x * x * x + 8 * x * y * y - 4 * x, 8 * x * x * y + 4 * y]
        )
    }
}
