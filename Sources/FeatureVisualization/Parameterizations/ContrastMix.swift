/// The norm-preserving mix of two images as pixels: m = (1 - f) a + f b, and per channel its deviation from its mean is
/// scaled so that the standard deviation is (1 - f) that of a + f that of b (METHODS "The better band").
enum ContrastMix {
    /// `a`, `b` and `target` `[pixel][channel]`, in -1...1.
    static func mix(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, at fraction: Float,
        into target: UnsafeMutablePointer<Float>, pixelCount: Int
    ) {
        var (scale, offset) = (SIMD3<Float>.zero, SIMD3<Float>.zero)
        let f = Double(fraction)
        for channel in 0..<3 {
            let moments = moments(a + channel, b + channel, pixelCount)
            let (varianceA, varianceB) = (moments.aa, moments.bb)
            let wanted = (1 - f) * varianceA.squareRoot() + f * varianceB.squareRoot()
            let cross = 2 * f * (1 - f) * moments.ab
            let found = (1 - f) * (1 - f) * varianceA + cross + f * f * varianceB
            let factor = found > 1e-10 * wanted * wanted ? wanted / found.squareRoot() : 1
            scale[channel] = Float(factor)
            offset[channel] = Float(((1 - f) * moments.a + f * moments.b) * (1 - factor))
        }
        for index in 0..<pixelCount {
            for channel in 0..<3 {
                let place = 3 * index + channel
                let mixed = a[place] + (b[place] - a[place]) * fraction
                target[place] = min(max(mixed * scale[channel] + offset[channel], -1), 1)
            }
        }
    }

    /// Means and central second moments of one channel.
    private static func moments(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
    ) -> (a: Double, b: Double, aa: Double, ab: Double, bb: Double) {
        let scale = 1 / Double(max(count, 1))
        let meanA = Statistics.sum(count) { Double(a[3 * $0]) } * scale
        let meanB = Statistics.sum(count) { Double(b[3 * $0]) } * scale
        var (aa, ab, bb) = (0.0, 0.0, 0.0)
        for index in 0..<count {
            let (p, q) = (Double(a[3 * index]) - meanA, Double(b[3 * index]) - meanB)
            aa += p * p
            ab += p * q
            bb += q * q
        }
        return (meanA, meanB, aa * scale, ab * scale, bb * scale)
    }
}
