import Networks

/// (x - mean) / deviation, over the pixels of a channel or the channels of a pixel. Keeps its values, and saves the
/// deviations' inverses.
final class StandardizationOperation: MapOperation {
    override var kind: String { "normalisation" }

    let standardization: Standardization

    init(_ standardization: Standardization, shape: MapShape) {
        self.standardization = standardization
        super.init(inputs: [shape], output: shape)
        keepsOutput = true
        savedCount = standardization.axis == .pixels ? shape.channelBlocks * laneWidth : shape.pixels
    }

    override func forward() {
        let epsilon = standardization.epsilon
        switch standardization.axis {
        case .pixels:
            for block in 0..<output.channelBlocks {
                let inverse = standardizePlane(
                    memory.inputs[0] + block * output.planeBytes, into: memory.output + block * output.planeBytes,
                    pixels: output.pixels, epsilon: epsilon, own: output.ownChannels(of: block))
                memory.saved.setLane(block, to: inverse)
            }
        case .channels:
            let inverses = memory.saved.assumingMemoryBound(to: Float.self)
            let (input, result) = (output.columns(of: memory.inputs[0]), output.columns(of: memory.output))
            for pixel in 0..<output.pixels {
                inverses[pixel] = standardizeColumn(
                    input.at(pixel), into: result.at(pixel), channels: output.channels, epsilon: epsilon)
            }
        }
    }

    override func backward() {
        let gradient = memory.inputGradients[0]
        guard let base = gradient.base else { return }
        switch standardization.axis {
        case .pixels:
            for block in 0..<output.channelBlocks {
                let place = block * output.planeBytes
                standardizePlaneGradient(
                    memory.output + place, memory.gradient + place, inverse: memory.saved.lane(block),
                    into: base + place, pixels: output.pixels, adds: gradient.adds)
            }
        case .channels:
            let inverses = memory.saved.assumingMemoryBound(to: Float.self)
            let (values, slopes) = (output.columns(of: memory.output), output.columns(of: memory.gradient))
            let target = output.columns(of: base)
            for pixel in 0..<output.pixels {
                standardizeColumnGradient(
                    values.at(pixel), slopes.at(pixel), inverse: inverses[pixel], into: target.at(pixel),
                    channels: output.channels, adds: gradient.adds)
            }
        }
    }
}
