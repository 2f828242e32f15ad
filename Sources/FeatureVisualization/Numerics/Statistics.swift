/// Sums over images and gradients: double precision, in eight interleaved parts, always in the same order.
enum Statistics {
    /// Standard deviation about the mean.
    static func standardDeviation(_ values: UnsafeBufferPointer<Float>) -> Double {
        guard !values.isEmpty else { return 0 }
        let mean = sum(values.count) { Double(values[$0]) } / Double(values.count)
        let squares = sum(values.count) { (Double(values[$0]) - mean) * (Double(values[$0]) - mean) }
        return (squares / Double(values.count)).squareRoot()
    }

    @inline(__always)
    static func sum(_ count: Int, _ term: (Int) -> Double) -> Double {
        var parts = SIMD8<Double>.zero
        var index = 0
        while index + 8 <= count {
            for part in 0..<8 { parts[part] += term(index + part) }
            index += 8
        }
        var total = parts.sum()
        while index < count {
            total += term(index)
            index += 1
        }
        return total
    }

    /// Divides by the standard deviation (+ 1e-8), as the thesis' code does before every step.
    /// - Returns: the standard deviation; zero means that the gradient is constant, NaN that it is not a number.
    @discardableResult
    static func normalize(_ gradient: inout [Float]) -> Double {
        let deviation = gradient.withUnsafeBufferPointer(standardDeviation)
        let scale = Float(1 / (deviation + 1e-8))
        for index in gradient.indices { gradient[index] *= scale }
        return deviation
    }
}
