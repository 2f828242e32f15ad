import ConvNet

/// Outputs of several layers for one image, normalised and scaled so that the distance between two of them says how
/// different their images look (after Zhang et al. 2018; thesis section 6.1).
public struct PerceptualFeatures: Sendable {
    private let values: [Float]

    /// - Parameter outputs: each `[height, width, channel]`; from the same layers for all images that are compared.
    public init(_ outputs: [Tensor]) {
        values = [Float](unsafeUninitializedCapacity: outputs.reduce(0) { $0 + $1.values.count }) { target, count in
            for output in outputs {
                precondition(output.shape.count == 3, "an output is [height, width, channel]")
                let channels = output.shape[2]
                // Divided by this, the values have a sum of squares that is the spatial mean of the squares.
                let mean = Double(output.shape[0] * output.shape[1]).squareRoot()
                output.values.withUnsafeBufferPointer { source in
                    for start in stride(from: 0, to: source.count, by: channels) {
                        var sum = Float(0)
                        for index in start..<start + channels { sum += source[index] * source[index] }
                        let factor = Float(1 / ((Double(sum).squareRoot() + 1e-10) * mean))
                        for index in start..<start + channels { target[count + index] = source[index] * factor }
                    }
                }
                count += output.values.count
            }
        }
    }

    /// sqrt(sum over layers of the spatial mean of |difference|^2), each pixel's output being of length 1 over its channels.
    public func distance(to other: PerceptualFeatures) -> Double {
        withPointers(values, other.values) { PathArithmetic.squaredDistance($0, $1, count: values.count) }.squareRoot()
    }
}
