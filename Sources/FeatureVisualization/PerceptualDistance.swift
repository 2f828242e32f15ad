import ConvNet

/// How far apart two images look (after Zhang et al. 2018; thesis section 6.1): the distance of the network's own
/// outputs at five depths, unit-normalised over channels.
public enum PerceptualDistance {
    /// features[1, 3, 6, 10, 13]
    public static let layers = [
        "expanded_conv_project_BN", "block_2_add", "block_5_add", "block_9_add", "block_12_add",
    ]

    /// sqrt(sum over layers of the spatial mean of |difference|^2); outputs `[height, width, channel]`, in `layers`' order.
    public static func distance(_ a: [Tensor], _ b: [Tensor]) -> Float {
        var total = 0.0
        for (first, second) in zip(a, b) {
            precondition(first.shape == second.shape && first.shape.count == 3, "outputs of one layer have one shape")
            let channels = first.shape[2]
            let pixels = first.shape[0] * first.shape[1]
            var sum = 0.0
            for pixel in 0..<pixels {
                let range = pixel * channels..<(pixel + 1) * channels
                let (p, q) = (inverseNorm(first.values, range), inverseNorm(second.values, range))
                for index in range {
                    let difference = Double(first.values[index]) * p - Double(second.values[index]) * q
                    sum += difference * difference
                }
            }
            total += sum / Double(pixels)
        }
        return Float(total.squareRoot())
    }

    private static func inverseNorm(_ values: [Float], _ range: Range<Int>) -> Double {
        var sum = 0.0
        for index in range { sum += Double(values[index]) * Double(values[index]) }
        return 1 / (sum.squareRoot() + 1e-10)
    }
}
