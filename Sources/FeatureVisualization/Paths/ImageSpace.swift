/// The space in which the images of a path lie, as the numbers of a parameterisation. It has all that an elastic band
/// asks of a space, for points that are arrays of Floats.
public struct ImageSpace: Sendable {
    public let parameterization: Parameterization
    public let height: Int
    public let width: Int
    /// Whether mixes keep the strength of their ends (`RingMix`, `ContrastMix`) or are linear.
    public let preservesNorms: Bool
    private let images: any ImageParameterization
    private let strongMix: (any ImageMix)?
    /// See `ImageParameterization.meanPlaces`.
    private let meanPlaces: [Int]

    /// - Parameters:
    ///   - height: at least 32.
    ///   - width: at least 32.
    public init(_ parameterization: Parameterization, height: Int, width: Int, preservesNorms: Bool) {
        self.parameterization = parameterization
        self.height = height
        self.width = width
        self.preservesNorms = preservesNorms
        images = parameterization.images(height: height, width: width)
        strongMix = preservesNorms ? images.makeMix() : nil
        meanPlaces = preservesNorms ? images.meanPlaces : []
    }

    /// How many numbers a point has.
    public var count: Int { images.count }

    /// A random point such as a facet begins with.
    public func start(_ random: inout CounterRandom) -> [Float] { images.start(&random) }

    public func distance(_ a: [Float], _ b: [Float]) -> Double {
        withPointers(a, b) { PathArithmetic.squaredDistance($0, $1, count: a.count) }.squareRoot()
    }

    /// Exactly `a` at fractions up to 0 and exactly `b` from 1 on.
    public func mix(_ a: [Float], _ b: [Float], at fraction: Double, into target: inout [Float]) {
        precondition(target.count == a.count, "points of one space")
        let count = a.count
        withPointers(a, b) { a, b in
            target.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                if fraction <= 0 || fraction >= 1 {
                    base.update(from: fraction <= 0 ? a : b, count: count)
                } else if let strongMix {
                    strongMix.mix(a, b, at: Float(fraction), into: base)
                } else {
                    PathArithmetic.mix(a, b, at: Float(fraction), into: base, count: count)
                }
            }
        }
    }

    /// Removes from `force` its component along `a` -> `b`.
    public func project(_ force: inout [Float], perpendicularTo a: [Float], _ b: [Float]) {
        let count = force.count
        let squaredLength = withPointers(a, b) { PathArithmetic.squaredDistance($0, $1, count: count) }
        guard squaredLength > 0 else { return }
        let share = Float(withPointers(a, b) { PathArithmetic.product(force, $0, $1, count: count) } / squaredLength)
        for index in force.indices { force[index] -= share * (b[index] - a[index]) }
    }

    public func move(_ point: inout [Float], by force: [Float], scale: Double) {
        let (scale, range) = (Float(scale), images.range)
        for index in point.indices {
            point[index] = min(max(point[index] + scale * force[index], range.lowerBound), range.upperBound)
        }
    }

    /// `target` becomes `point` + `scale` * (sum of `weights[k] * forces[first + k]`, less its component along the
    /// tangent), clipped to the numbers' range.
    public func move(
        _ point: [Float], by forces: [[Float]], from first: Int, weights: [Double],
        perpendicularTo tangent: ([Float], [Float])?, scale: Double, into target: inout [Float]
    ) {
        precondition(target.count == point.count, "points of one space")
        let share = SmoothedForce.sum(of: forces, from: first, weights: weights, tangent: tangent, into: &target)
        let (from, to) = tangent ?? (point, point)
        let count = point.count
        withPointers(from, to) { from, to in
            target.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                PathArithmetic.move(
                    point, by: base, less: share, of: from, to, scale: Float(scale), range: images.range,
                    into: base, count: count)
            }
        }
    }

    /// Divides a gradient by its standard deviation (+ 1e-8); returns whether every number of it was finite. It has no
    /// part along the mean colour, if mixes keep their strength: nothing else moves that off the line between the ends.
    @discardableResult public func condition(_ gradient: inout [Float]) -> Bool {
        guard fixMean(&gradient) else { return false }
        let count = gradient.count
        return gradient.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return true }
            let deviation = PathArithmetic.deviation(base, count: count)
            PathArithmetic.scale(base, by: PathArithmetic.conditioning(deviation), count: count)
            return deviation.isFinite
        }
    }

    /// Conditions a gradient and puts Adam's direction in its place; `mean` and `square` are its memory, `step` counts
    /// from 1. Returns whether every number of the gradient was finite; if not, nothing has changed.
    public func adapt(_ gradient: inout [Float], mean: inout [Float], square: inout [Float], step: Int) -> Bool {
        guard fixMean(&gradient) else { return false }
        let (count, rate) = (gradient.count, Float(OptimizerState.rate(step: step, learningRate: 1)))
        return gradient.withUnsafeMutableBufferPointer { gradient in
            mean.withUnsafeMutableBufferPointer { mean in
                square.withUnsafeMutableBufferPointer { square in
                    guard let gradient = gradient.baseAddress, let mean = mean.baseAddress,
                        let square = square.baseAddress
                    else { return true }
                    let deviation = PathArithmetic.deviation(gradient, count: count)
                    guard deviation.isFinite else { return false }
                    PathArithmetic.adapt(
                        gradient, times: PathArithmetic.conditioning(deviation), mean: mean, square: square,
                        rate: rate, count: count)
                    return true
                }
            }
        }
    }

    /// Takes the mean colour out of a gradient; returns whether that was finite.
    private func fixMean(_ gradient: inout [Float]) -> Bool {
        for place in meanPlaces {
            guard gradient[place].isFinite else { return false }
            gradient[place] = 0
        }
        return true
    }

    public func zero(like point: [Float]) -> [Float] { [Float](repeating: 0, count: point.count) }

    public func isFinite(_ point: [Float]) -> Bool {
        point.withUnsafeBufferPointer { values in
            values.baseAddress.map { PathArithmetic.mean($0, count: values.count) }?.isFinite ?? true
        }
    }
}

/// Gives `body` the numbers of two points of one space, of which there are some.
func withPointers<Result>(
    _ a: [Float], _ b: [Float], _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result
) -> Result {
    precondition(a.count == b.count, "points of one space")
    return a.withUnsafeBufferPointer { first in
        b.withUnsafeBufferPointer { second in
            guard let first = first.baseAddress, let second = second.baseAddress else {
                preconditionFailure("a point without numbers")
            }
            return body(first, second)
        }
    }
}
