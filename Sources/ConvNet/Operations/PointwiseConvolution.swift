import Networks

/// The weights of a 1x1 convolution, packed both ways. Read-only, shared by workers.
final class PackedPointwise: Sendable {
    let forward: PackedMatrix
    let backward: PackedMatrix
    /// One lane a column block.
    let bias: AlignedBuffer

    init(_ convolution: Convolution) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        forward = PackedMatrix(depth: convolution.inputChannels, columns: convolution.outputChannels) {
            weights[$1, $0, 0, 0]
        }
        backward = PackedMatrix(depth: convolution.outputChannels, columns: convolution.inputChannels) {
            weights[$0, $1, 0, 0]
        }
        bias = packedLanes(convolution.bias)
    }
}

/// A matrix product at each pixel.
final class PointwiseConvolution: ConvolutionOperation {
    private let weights: PackedPointwise
    /// Zeros, in place of a bias on the way back.
    private let zeros: AlignedBuffer

    init(_ weights: PackedPointwise, _ activation: FusedActivation, input: MapShape, output: MapShape) {
        self.weights = weights
        // One block more: a pair of blocks reads two lanes of bias.
        zeros = AlignedBuffer(count: (blockCount(input.channels) + 1) * laneWidth)
        super.init(activation, inputs: [input], output: output)
    }

    override func forward() {
        let pixels = output.pixels
        let input = LanePlane(base: memory.inputs[0], blockStride: pixels)
        let result = LanePlane(base: memory.output, blockStride: pixels)
        let (bias, panels) = (UnsafeRawPointer(weights.bias.base), weights.forward.panels)
        let rows = RowOperand.blocked(input, from: 0)
        switch activation {
        case .none:
            multiply(
                rows, pixels: 0..<pixels, by: weights.forward, panels: panels,
                epilogue: LinearEpilogue(output: result, bias: bias))
        case .relu:
            multiply(
                rows, pixels: 0..<pixels, by: weights.forward, panels: panels,
                epilogue: RectifyingEpilogue<ReLU>(output: result, bias: bias, mask: mask))
        case .relu6:
            multiply(
                rows, pixels: 0..<pixels, by: weights.forward, panels: panels,
                epilogue: RectifyingEpilogue<ReLU6>(output: result, bias: bias, mask: mask))
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        maskGradient()
        let pixels = output.pixels
        let rows = RowOperand.blocked(LanePlane(base: memory.gradient, blockStride: pixels), from: 0)
        let result = LanePlane(base: base, blockStride: pixels)
        if memory.inputGradients[0].adds {
            multiply(
                rows, pixels: 0..<pixels, by: weights.backward, panels: weights.backward.panels,
                epilogue: ResidualEpilogue(output: result, bias: zeros.base, residual: result))
        } else {
            multiply(
                rows, pixels: 0..<pixels, by: weights.backward, panels: weights.backward.panels,
                epilogue: LinearEpilogue(output: result, bias: zeros.base))
        }
    }
}
