import Networks

/// Local response normalization over neighbouring channels. Keeps what it reads.
final class LocalResponseOperation: MapOperation {
    private let response: LocalResponse

    init(size: Int, alpha: Float, beta: Float, bias: Float, shape: MapShape) {
        precondition(size > 0)
        response = LocalResponse(
            windows: ChannelWindows(size: size, blocks: shape.channelBlocks), scale: alpha / Float(size), beta: beta,
            bias: bias)
        super.init(inputs: [shape], output: shape)
        keepsInputs = [0]
        scratchCount = 2 * response.windows.rowLanes * laneWidth
    }

    override func forward() {
        let (input, result) = (output.columns(of: memory.inputs[0]), output.columns(of: memory.output))
        response.windows.clearMargins(memory.scratch)
        for pixel in 0..<output.pixels {
            response.forward(input.at(pixel), into: result.at(pixel), row: memory.scratch)
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        let (input, gradient) = (output.columns(of: memory.inputs[0]), output.columns(of: memory.gradient))
        let target = output.columns(of: base)
        let parts = memory.scratch + response.windows.rowLanes * laneBytes
        response.windows.clearMargins(memory.scratch)
        response.windows.clearMargins(parts)
        for pixel in 0..<output.pixels {
            response.backward(
                input.at(pixel), gradient.at(pixel), into: target.at(pixel), row: memory.scratch, parts: parts,
                adds: memory.inputGradients[0].adds)
        }
    }
}
