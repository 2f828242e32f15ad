import Networks

/// A Gelu that keeps its slopes in sixteen bits instead of what it read: half of the memory, and its way back is two
/// instructions. In a ConvNeXt, whose Gelus are four times as wide as all else, it is a third of a worker's memory.
final class RoundedSlopeOperation: MapOperation {
    override var kind: String { "activation" }

    init(shape: MapShape) {
        super.init(inputs: [shape], output: shape)
        savedCount = shape.channelBlocks * RoundedSlopes.wordCount(shape.pixels) * laneWidth
    }

    private var slopeBytes: Int { RoundedSlopes.wordCount(output.pixels) * laneBytes }

    override func forward() {
        for block in 0..<output.channelBlocks {
            applyGaussianErrorLinearUnit(
                memory.inputs[0] + block * output.planeBytes, into: memory.output + block * output.planeBytes,
                slopes: memory.saved + block * slopeBytes, pixels: output.pixels, own: output.ownChannels(of: block))
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        for block in 0..<output.channelBlocks {
            applySlopes(
                memory.saved + block * slopeBytes, memory.gradient + block * output.planeBytes,
                into: base + block * output.planeBytes, pixels: output.pixels, adds: memory.inputGradients[0].adds)
        }
    }
}
