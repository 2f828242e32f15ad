/// The norm-preserving mix of two images as pixels, of any kind of colours. m = (1 - f) a + f b; then in each channel
/// the deviation from the mean is scaled so that the standard deviation is (1 - f) times that of a plus f times that of
/// b (METHODS "The better band").
struct ContrastMix: ImageMix {
    let pixelCount: Int
    /// The steps in the array from a pixel to the next, and from a channel to the next.
    let pixelStride: Int
    let channelStride: Int
    /// What the mix is clipped to.
    let range: ClosedRange<Float>

    func mix(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, at fraction: Float,
        into target: UnsafeMutablePointer<Float>
    ) {
        var (scale, offset) = (SIMD3<Float>.zero, SIMD3<Float>.zero)
        let f = Double(fraction)
        for channel in 0..<3 {
            let moments = moments(a + channel * channelStride, b + channel * channelStride)
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
                let place = index * pixelStride + channel * channelStride
                let mixed = a[place] + (b[place] - a[place]) * fraction
                target[place] = min(
                    max(mixed * scale[channel] + offset[channel], range.lowerBound), range.upperBound)
            }
        }
    }

    /// Means and central second moments of one channel.
    private func moments(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>
    ) -> (a: Double, b: Double, aa: Double, ab: Double, bb: Double) {
        let (count, stride) = (pixelCount, pixelStride)
        let scale = 1 / Double(max(count, 1))
        let meanA = Statistics.sum(count) { Double(a[stride * $0]) } * scale
        let meanB = Statistics.sum(count) { Double(b[stride * $0]) } * scale
        var (aa, ab, bb) = (0.0, 0.0, 0.0)
        for index in 0..<count {
            let (p, q) = (Double(a[stride * index]) - meanA, Double(b[stride * index]) - meanB)
            aa += p * p
            ab += p * q
            bb += q * q
        }
        return (meanA, meanB, aa * scale, ab * scale, bb * scale)
    }
}
