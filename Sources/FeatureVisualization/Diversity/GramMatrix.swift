import ConvNet

/// The Gram matrix G = F^T F of a layer's activations F `[pixel, unit]`, divided by its norm: which units are active
/// together, wherever they are (Olah et al., "Feature Visualization", 2017, section on diversity; lucid's `diversity`).
/// It is uncentred unless the rows are centred.
struct GramMatrix: Sendable {
    /// Units, filled up to whole vectors with zeros.
    let size: Int
    /// G / |G|, `[unit, unit]`, symmetric; zero where nothing is active.
    let values: [Float]
    /// |G|, Frobenius.
    let norm: Double

    /// - Parameter units: F in the layout of `UnitRows`.
    init(_ units: UnitRows) {
        size = units.size
        var values = [Float](repeating: 0, count: size * size)
        let size = size
        units.values.withUnsafeBufferPointer { source in
            values.withUnsafeMutableBufferPointer { target in
                guard let rows = source.baseAddress, let target = target.baseAddress else { return }
                // Row i of F^T is column i of F. Computed from the block on the diagonal on; the rest is its mirror
                // image.
                multiplyRows(
                    rows, count: size, rowStride: 1, depthStride: size, depth: units.pixels, by: rows, columns: size,
                    firstColumn: { $0 / vectorWidth * vectorWidth }, into: target)
                for row in 0..<size {
                    for column in 0..<row / vectorWidth * vectorWidth {
                        target[row * size + column] = target[column * size + row]
                    }
                }
            }
        }
        norm = values.withUnsafeBufferPointer { values in
            Statistics.sum(values.count) { Double(values[$0]) * Double(values[$0]) }.squareRoot()
        }
        let scale = norm > 0 ? Float(1 / norm) : 0
        for index in values.indices { values[index] *= scale }
        self.values = values
    }

    /// How alike two images' activations are, 0...1 for activations of one sign.
    func cosine(_ other: GramMatrix) -> Double {
        precondition(size == other.size, "Gram matrices of one layer")
        return values.withUnsafeBufferPointer { a in
            other.values.withUnsafeBufferPointer { b in Statistics.sum(a.count) { Double(a[$0]) * Double(b[$0]) } }
        }
    }

    /// Adds to `cotangent` `[height, width, unit]` `scale` times the derivative, by the activations, of the sum of the
    /// cosines with `others`. Units that `rows` left out get no gradient. Returns the sum.
    func addGradient(
        of others: [GramMatrix], at rows: UnitRows, scale: Double, to cotangent: inout Tensor
    ) -> Double {
        let total = others.reduce(0) { $0 + cosine($1) }
        guard norm > 0 else { return total }
        // d cos(G, H) / dG = (H/|H| - cos G/|G|) / |G|, and dG / dF is F from both sides.
        var slopes = values
        for index in slopes.indices {
            var sum = -Float(total) * values[index]
            for other in others { sum += other.values[index] }
            slopes[index] = sum
        }
        var product = [Float](repeating: 0, count: rows.values.count)
        rows.values.withUnsafeBufferPointer { source in
            slopes.withUnsafeBufferPointer { slopes in
                product.withUnsafeMutableBufferPointer { target in
                    guard let rowsBase = source.baseAddress, let slopes = slopes.baseAddress,
                        let target = target.baseAddress
                    else { return }
                    multiplyRows(
                        rowsBase, count: rows.pixels, rowStride: size, depthStride: 1, depth: size, by: slopes,
                        columns: size, firstColumn: { _ in 0 }, into: target)
                }
            }
        }
        rows.add(product, scale: Float(2 * scale / norm), to: &cotangent)
        return total
    }
}

/// A layer's activations as rows of units, filled up to whole vectors, some units left out (zero).
struct UnitRows: Sendable {
    let pixels: Int
    let units: Int
    /// Whether each unit's mean over the pixels has been subtracted from it.
    let isCentred: Bool
    /// `units` filled up to a multiple of sixteen.
    let size: Int
    private let leftOut: [Int]
    /// `[pixel, size]`
    let values: [Float]

    /// - Parameter activations: `[height, width, unit]`
    init(_ activations: Tensor, leavingOut leftOut: [Int], isCentred: Bool = false) {
        precondition(activations.shape.count == 3, "activations are [height, width, unit]")
        let units = activations.shape[2]
        let pixels = activations.shape[0] * activations.shape[1]
        let size = (units + vectorWidth - 1) / vectorWidth * vectorWidth
        (self.pixels, self.units, self.size, self.leftOut) = (pixels, units, size, leftOut)
        self.isCentred = isCentred
        values = [Float](unsafeUninitializedCapacity: pixels * size) { target, count in
            activations.values.withUnsafeBufferPointer { source in
                for pixel in 0..<pixels {
                    for unit in 0..<units { target[pixel * size + unit] = source[pixel * units + unit] }
                    for unit in units..<size { target[pixel * size + unit] = 0 }
                    for unit in leftOut { target[pixel * size + unit] = 0 }
                }
            }
            if isCentred { Self.subtractMeans(of: target, pixels: pixels, size: size) }
            count = pixels * size
        }
    }

    /// Subtracts each column's mean. It is its own adjoint.
    private static func subtractMeans(of rows: UnsafeMutableBufferPointer<Float>, pixels: Int, size: Int) {
        var means = [Double](repeating: 0, count: size)
        for pixel in 0..<pixels {
            for unit in 0..<size { means[unit] += Double(rows[pixel * size + unit]) }
        }
        let parts = means.map { Float($0 / Double(pixels)) }
        for pixel in 0..<pixels {
            for unit in 0..<size { rows[pixel * size + unit] -= parts[unit] }
        }
    }

    /// Adds `scale` times `rows` to a tensor `[height, width, unit]`, except for the units that are left out.
    func add(_ rows: [Float], scale: Float, to tensor: inout Tensor) {
        var rows = rows
        if isCentred { rows.withUnsafeMutableBufferPointer { Self.subtractMeans(of: $0, pixels: pixels, size: size) } }
        var isIn = [Float](repeating: scale, count: units)
        for unit in leftOut { isIn[unit] = 0 }
        tensor.values.withUnsafeMutableBufferPointer { target in
            rows.withUnsafeBufferPointer { rows in
                isIn.withUnsafeBufferPointer { isIn in
                    for pixel in 0..<pixels {
                        for unit in 0..<units {
                            target[pixel * units + unit] += isIn[unit] * rows[pixel * size + unit]
                        }
                    }
                }
            }
        }
    }
}
