/// One coordinate of the places along a target row, reflected at the source's ends: `start + slope * column`, folded into
/// 0...limit (... 2 1 | 0 1 2 ...), however far out.
struct SamplingAxis {
    /// Source pixels from one target column to the next.
    let slope: Float
    /// The last source pixel, at least 1.
    let limit: Float
    private let period: Float
    private let inversePeriod: Float

    /// Rounding moves a place by less than this.
    private static let margin: Float = 0.01
    /// A smaller slope moves no place by more than the margin.
    private static let leastSlope: Float = 1e-6

    init(slope: Float, limit: Float) {
        self.slope = slope
        self.limit = limit
        period = 2 * limit
        inversePeriod = 1 / period
    }

    /// The range of columns whose places lie inside the source, clear of its ends. If there are none, the lower bound
    /// is above the upper one.
    func columnsInside(from start: Float) -> (lowerBound: Float, upperBound: Float) {
        let (low, high) = (Self.margin - start, limit - Self.margin - start)
        if abs(slope) < Self.leastSlope {
            return low <= 0 && high >= 0 ? (-.infinity, .infinity) : (.infinity, -.infinity)
        }
        return slope > 0 ? (low / slope, high / slope) : (high / slope, low / slope)
    }

    /// The range that a range of places covers after reflection, widened by rounding errors.
    func reflected(_ range: ClosedRange<Float>) -> ClosedRange<Float> {
        let (low, high) = (range.lowerBound - Self.margin, range.upperBound + Self.margin)
        let (a, b) = (reflected(low), reflected(high))
        // A range turns around at each end that it passes: 0 is at the multiples of the period, the limit halfway
        // between them.
        let holdsZero = (low * inversePeriod).rounded(.down) != (high * inversePeriod).rounded(.down)
        let holdsLimit = (low * inversePeriod + 0.5).rounded(.down) != (high * inversePeriod + 0.5).rounded(.down)
        return (holdsZero ? 0 : min(a, b))...(holdsLimit ? limit : max(a, b))
    }

    private func reflected(_ value: Float) -> Float {
        min(abs(value - period * (value * inversePeriod).rounded(.toNearestOrEven)), limit)
    }

    /// The distance to the nearest multiple of the period. Rounding could make it larger than the limit; then it is the
    /// limit.
    @inline(__always) func reflected(_ value: Vector) -> Vector {
        // Adding 1.5 * 2^23 rounds to the nearest integer.
        let turns = (value * Vector(repeating: inversePeriod) + Self.magic) - Self.magic
        let distance = value - turns * Vector(repeating: period)
        let bits = unsafeBitCast(distance, to: SIMD16<UInt32>.self) & SIMD16(repeating: 0x7fff_ffff)
        return least(unsafeBitCast(bits, to: Vector.self), limit)
    }

    /// The pixel before each place, at most 1 away. For a place on a pixel it is that pixel or the one before.
    @inline(__always) func pixel(before place: Vector) -> Vector {
        (place - Vector(repeating: 0.5) + Self.magic) - Self.magic
    }

    /// The same for places that may lie at the limit, behind which there is no pixel.
    @inline(__always) func innerPixel(before place: Vector) -> Vector { least(pixel(before: place), limit - 1) }

    @inline(__always) private func least(_ value: Vector, _ limit: Float) -> Vector {
        value.replacing(with: Vector(repeating: limit), where: value .> Vector(repeating: limit))
    }

    @inline(__always) private static var magic: Vector { Vector(repeating: 12_582_912) }
}
