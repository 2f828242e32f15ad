/// Sums over long vectors of Floats: sixteen partial sums in single precision for a few hundred terms each, then in
/// double; always in the same order.
enum VectorSums {
    /// How many vectors are added up in single precision: few enough for an error below 1e-5, many enough to hide the
    /// rest.
    private static let blockLength = 64

    /// The sum over `count` places: `vector` gives the values of sixteen places at once, `scalar` that of one place.
    @inline(__always)
    static func sum(_ count: Int, _ vector: (Int) -> Vector, _ scalar: (Int) -> Float) -> Double {
        var total = SIMD16<Double>.zero
        var index = 0
        while index + vectorWidth <= count {
            let end = min(index + blockLength * vectorWidth, count)
            // Two chains of additions, so that one does not wait for the other.
            var (even, odd) = (Vector.zero, Vector.zero)
            while index + 2 * vectorWidth <= end {
                even += vector(index)
                odd += vector(index + vectorWidth)
                index += 2 * vectorWidth
            }
            if index + vectorWidth <= end {
                even += vector(index)
                index += vectorWidth
            }
            total += SIMD16<Double>(even + odd)
        }
        var result = total.sum()
        while index < count {
            result += Double(scalar(index))
            index += 1
        }
        return result
    }

    /// The sums of the values and of their squares.
    static func sums(_ a: UnsafePointer<Float>, count: Int) -> (values: Double, squares: Double) {
        var (values, squares) = (SIMD16<Double>.zero, SIMD16<Double>.zero)
        var index = 0
        while index + vectorWidth <= count {
            let end = min(index + blockLength * vectorWidth, count)
            var (value, square) = (Vector.zero, Vector.zero)
            while index + vectorWidth <= end {
                let vector = a.vector(at: index)
                value += vector
                square.addProduct(vector, vector)
                index += vectorWidth
            }
            values += SIMD16<Double>(value)
            squares += SIMD16<Double>(square)
        }
        var result = (values: values.sum(), squares: squares.sum())
        while index < count {
            result.values += Double(a[index])
            result.squares += Double(a[index]) * Double(a[index])
            index += 1
        }
        return result
    }
}
