/// The long loops of an elastic band, over all parameters of an image. Each makes a single pass over memory, since they
/// spend their time waiting for memory.
enum PathArithmetic {
    typealias Source = UnsafePointer<Float>
    typealias Target = UnsafeMutablePointer<Float>

    /// Sum of (a - b)^2.
    static func squaredDistance(_ a: Source, _ b: Source, count: Int) -> Double {
        VectorSums.sum(count) {
            let difference = a.vector(at: $0) - b.vector(at: $0)
            return difference * difference
        } _: {
            (a[$0] - b[$0]) * (a[$0] - b[$0])
        }
    }

    /// Sum of a (d - c).
    static func product(_ a: Source, _ c: Source, _ d: Source, count: Int) -> Double {
        VectorSums.sum(count) {
            a.vector(at: $0) * (d.vector(at: $0) - c.vector(at: $0))
        } _: {
            a[$0] * (d[$0] - c[$0])
        }
    }

    static func mean(_ a: Source, count: Int) -> Double {
        VectorSums.sum(count) {
            a.vector(at: $0)
        } _: {
            a[$0]
        } / Double(max(count, 1))
    }

    /// The standard deviation; NaN if one of the values is not a number.
    static func deviation(_ a: Source, count: Int) -> Double {
        let (sum, squares) = VectorSums.sums(a, count: count)
        // Both in one pass: a gradient's mean is far below its deviation, so that little cancels out.
        let mean = sum / Double(max(count, 1))
        let variance = squares / Double(max(count, 1)) - mean * mean
        // Not `max`, which would turn NaN into a number.
        return variance < 0 ? 0 : variance.squareRoot()
    }

    /// The factor by which a gradient with this standard deviation is multiplied.
    static func conditioning(_ deviation: Double) -> Float { Float(1 / (deviation + 1e-8)) }

    static func scale(_ a: Target, by factor: Float, count: Int) {
        forEachVector(count) {
            a.setVector(at: $0, to: a.vector(at: $0) * factor)
        } _: {
            a[$0] *= factor
        }
    }

    /// a + (b - a) fraction, written over `target`.
    static func mix(_ a: Source, _ b: Source, at fraction: Float, into target: Target, count: Int) {
        forEachVector(count) {
            let from = a.vector(at: $0)
            target.setVector(at: $0, to: from + (b.vector(at: $0) - from) * fraction)
        } _: {
            target[$0] = a[$0] + (b[$0] - a[$0]) * fraction
        }
    }

    /// a + scale (force - share (d - c)), clipped to `range` and written over `target`.
    static func move(
        _ a: Source, by force: Source, less share: Float, of c: Source, _ d: Source, scale: Float,
        range: ClosedRange<Float>, into target: Target, count: Int
    ) {
        // Without limits, infinite ones that change nothing: a branch would need a second loop.
        let (lowest, highest) = (range.lowerBound, range.upperBound)
        let (low, high) = (Vector(repeating: lowest), Vector(repeating: highest))
        forEachVector(count) {
            let direction = force.vector(at: $0) - (d.vector(at: $0) - c.vector(at: $0)) * share
            var moved = a.vector(at: $0) + direction * scale
            moved.replace(with: low, where: moved .< low)
            moved.replace(with: high, where: moved .> high)
            target.setVector(at: $0, to: moved)
        } _: {
            let moved = a[$0] + (force[$0] - (d[$0] - c[$0]) * share) * scale
            target[$0] = moved < lowest ? lowest : moved > highest ? highest : moved
        }
    }

    /// Adam's direction in place of the gradient, which is multiplied by `factor` first, and its averages: see
    /// `OptimizerState`.
    static func adapt(
        _ gradient: Target, times factor: Float, mean: Target, square: Target, rate: Float, count: Int
    ) {
        let (weight1, weight2) = (OptimizerState.weight1, OptimizerState.weight2)
        let epsilon = OptimizerState.epsilon
        forEachVector(count) {
            let slope = gradient.vector(at: $0) * factor
            let (oldMean, oldSquare) = (mean.vector(at: $0), square.vector(at: $0))
            let newMean = oldMean + (slope - oldMean) * weight1
            let newSquare = oldSquare + (slope * slope - oldSquare) * weight2
            mean.setVector(at: $0, to: newMean)
            square.setVector(at: $0, to: newSquare)
            gradient.setVector(at: $0, to: newMean * rate / (FeatureVisualization.squareRoot(newSquare) + epsilon))
        } _: {
            let slope = gradient[$0] * factor
            mean[$0] += (slope - mean[$0]) * weight1
            square[$0] += (slope * slope - square[$0]) * weight2
            gradient[$0] = mean[$0] * rate / (square[$0].squareRoot() + epsilon)
        }
    }
}
