/// Reads one block's convolutions from a weights file and folds their BatchNorm into them.
///
/// Names are torchvision's predecessor's: `features.0.0` the stem, `features.(k+1).conv.{0,3,6}` block k's
/// convolutions, each followed by its BatchNorm, `features.18.0` the last convolution.
struct BlockReader {
    let file: SafetensorsFile
    let block: Block

    /// Added to BatchNorm's variance, PyTorch's default.
    private static let epsilon = 1e-5

    /// The stem: 3x3 over RGB, with the input's normalisation folded in too, weights `[output][row][column][rgb]`.
    ///
    /// Normalised input is ((x + 1) / 2 - mean) / std. Zero padding happens after normalisation, so the image's
    /// border must hold 2 mean - 1 (`Network.borderColor`).
    func stem(_ normalization: WeightsMetadata.Normalization) throws(WeightsError) -> FoldedConvolution {
        let outputs = block.expandedChannels
        let (weights, shift) = try folded("features.0.0", "features.0.1", shape: [outputs, Image.channelCount, 3, 3])
        var result = FoldedConvolution(weights: [], bias: [])
        for output in 0..<outputs {
            var bias = shift[output]
            var kernel = [Float](repeating: 0, count: 27)
            for color in 0..<Image.channelCount {
                let scale = 0.5 / normalization.standardDeviation[color]
                let offset = (0.5 - normalization.mean[color]) / normalization.standardDeviation[color]
                for tap in 0..<9 {
                    let weight = weights[(output * Image.channelCount + color) * 9 + tap]
                    kernel[tap * Image.channelCount + color] = Float(weight * scale)
                    bias += weight * offset
                }
            }
            result.weights += kernel
            result.bias.append(Float(bias))
        }
        return result
    }

    func expand() throws(WeightsError) -> FoldedConvolution {
        let shape = [block.expandedChannels, block.inputChannels, 1, 1]
        return block.isHead
            ? try convolution("features.18.0", "features.18.1", shape: shape) : try convolution(0, shape: shape)
    }

    func depthwise() throws(WeightsError) -> FoldedConvolution {
        try convolution(block.isStem ? 0 : 3, shape: [block.expandedChannels, 1, 3, 3])
    }

    func project() throws(WeightsError) -> FoldedConvolution {
        try convolution(block.isStem ? 3 : 6, shape: [block.outputChannels, block.expandedChannels, 1, 1])
    }

    private func convolution(_ position: Int, shape: [Int]) throws(WeightsError) -> FoldedConvolution {
        let prefix = "features.\(block.index + 1).conv"
        return try convolution("\(prefix).\(position)", "\(prefix).\(position + 1)", shape: shape)
    }

    private func convolution(_ name: String, _ normalization: String, shape: [Int]) throws(WeightsError)
        -> FoldedConvolution
    {
        let (weights, shift) = try folded(name, normalization, shape: shape)
        return FoldedConvolution(weights: weights.map { Float($0) }, bias: shift.map { Float($0) })
    }

    /// weight * gamma / sqrt(variance + epsilon), and beta - mean * gamma / sqrt(variance + epsilon).
    private func folded(_ name: String, _ normalization: String, shape: [Int]) throws(WeightsError) -> (
        weights: [Double], shift: [Double]
    ) {
        let outputs = shape[0]
        func values(_ name: String, _ shape: [Int]) throws(WeightsError) -> [Float] {
            do throws(SafetensorsError) {
                return try file.finiteTensor(named: name, shape: shape).values
            } catch {
                throw .unreadable(error)
            }
        }
        let weights = try values("\(name).weight", shape)
        let gamma = try values("\(normalization).weight", [outputs])
        let beta = try values("\(normalization).bias", [outputs])
        let mean = try values("\(normalization).running_mean", [outputs])
        let variance = try values("\(normalization).running_var", [outputs])
        guard variance.allSatisfy({ $0 >= 0 }) else {
            throw .unfit(
                file: file.path, place: "tensor \(normalization).running_var", reason: "holds a negative variance")
        }
        let scale = (0..<outputs).map { Double(gamma[$0]) / (Double(variance[$0]) + BlockReader.epsilon).squareRoot() }
        let size = weights.count / outputs
        return (
            weights.indices.map { Double(weights[$0]) * scale[$0 / size] },
            (0..<outputs).map { Double(beta[$0]) - Double(mean[$0]) * scale[$0] }
        )
    }
}
