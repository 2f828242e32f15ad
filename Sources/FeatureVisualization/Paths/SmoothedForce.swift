/// A weighted sum of the forces of neighbouring pivots, and its product with the tangent, in one pass.
enum SmoothedForce {
    /// Writes `sum of weights[k] * forces[first + k]` over `target`. Returns the share of the tangent (c, d) in it: its
    /// product with (d - c), divided by the product of (d - c) with itself; 0 without a tangent, or if c and d
    /// coincide.
    static func sum(
        of forces: [[Float]], from first: Int, weights: [Double], tangent: ([Float], [Float])?,
        into target: inout [Float]
    ) -> Float {
        let count = target.count
        let taken = forces[first..<first + weights.count]
        precondition(!weights.isEmpty && taken.allSatisfy { $0.count == count }, "forces of one space")
        // Without a tangent, one of length zero.
        let (from, to) = tangent ?? (taken[first], taken[first])
        return target.withUnsafeMutableBufferPointer { target in
            withPointers(taken + [from, to]) { pointers in
                guard let target = target.baseAddress else { return 0 }
                return sum(of: pointers, weights: weights.map { Float($0) }, into: target, count: count)
            }
        }
    }

    /// How many vectors are summed at a time: their sums fit into registers.
    private static let width = 4
    /// Places whose products are added in single precision: see `VectorSums`.
    private static let blockLength = 16 * width * vectorWidth

    /// `pointers` holds the forces, then the tangent's two ends.
    private static func sum(
        of pointers: UnsafeBufferPointer<UnsafePointer<Float>>, weights: [Float],
        into target: UnsafeMutablePointer<Float>,
        count: Int
    ) -> Float {
        let (from, to) = (pointers[weights.count], pointers[weights.count + 1])
        var (products, squares) = (SIMD16<Double>.zero, SIMD16<Double>.zero)
        var index = 0
        while index + width * vectorWidth <= count {
            let end = min(index + blockLength, count)
            var (product, square) = (Vector.zero, Vector.zero)
            while index + width * vectorWidth <= end {
                let (s0, s1, s2, s3) = weighted(pointers, weights, at: index)
                add(s0, index, from, to, target, &product, &square)
                add(s1, index + vectorWidth, from, to, target, &product, &square)
                add(s2, index + 2 * vectorWidth, from, to, target, &product, &square)
                add(s3, index + 3 * vectorWidth, from, to, target, &product, &square)
                index += width * vectorWidth
            }
            products += SIMD16<Double>(product)
            squares += SIMD16<Double>(square)
        }
        var (product, squaredLength) = (products.sum(), squares.sum())
        for place in index..<count {
            var force: Float = 0
            for (offset, weight) in weights.enumerated() { force += pointers[offset][place] * weight }
            target[place] = force
            let step = to[place] - from[place]
            product += Double(force * step)
            squaredLength += Double(step * step)
        }
        return squaredLength > 0 ? Float(product / squaredLength) : 0
    }

    /// Four vectors of the weighted sum.
    @inline(__always) private static func weighted(
        _ pointers: UnsafeBufferPointer<UnsafePointer<Float>>, _ weights: [Float], at index: Int
    ) -> (Vector, Vector, Vector, Vector) {
        var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        for offset in weights.indices {
            let (force, weight) = (pointers[offset] + index, Vector(repeating: weights[offset]))
            s0.addProduct(force.vector(at: 0), weight)
            s1.addProduct(force.vector(at: vectorWidth), weight)
            s2.addProduct(force.vector(at: 2 * vectorWidth), weight)
            s3.addProduct(force.vector(at: 3 * vectorWidth), weight)
        }
        return (s0, s1, s2, s3)
    }

    /// Stores a vector of forces and adds its product with the tangent, and the tangent's with itself.
    @inline(__always) private static func add(
        _ force: Vector, _ index: Int, _ from: UnsafePointer<Float>, _ to: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>, _ product: inout Vector, _ square: inout Vector
    ) {
        let step = to.vector(at: index) - from.vector(at: index)
        target.setVector(at: index, to: force)
        product.addProduct(force, step)
        square.addProduct(step, step)
    }

    /// Gives `body` pointers to the first elements of all arrays.
    private static func withPointers<Result>(
        _ arrays: ArraySlice<[Float]>, _ found: [UnsafePointer<Float>] = [],
        _ body: (UnsafeBufferPointer<UnsafePointer<Float>>) -> Result
    ) -> Result {
        guard let array = arrays.first else { return found.withUnsafeBufferPointer(body) }
        return array.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { preconditionFailure("a force without numbers") }
            return withPointers(arrays.dropFirst(), found + [base], body)
        }
    }
}
