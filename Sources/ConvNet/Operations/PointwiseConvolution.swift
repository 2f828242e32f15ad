import Networks

/// The weights of a 1x1 convolution, packed for one direction. Read-only, shared by workers.
final class PackedPointwise: Sendable {
    let matrix: PackedParts
    /// One lane a column block; zeros on the way back.
    let bias: AlignedBuffer

    init(_ convolution: Convolution, _ direction: Direction) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
        switch direction {
        case .forward:
            matrix = PackedParts(depth: inputs, columns: outputs) { weights[$1, $0, 0, 0] }
            bias = packedLanes(convolution.bias)
        case .backward:
            matrix = PackedParts(depth: outputs, columns: inputs) { weights[$0, $1, 0, 0] }
            bias = packedLanes([Double](repeating: 0, count: inputs))
        }
    }
}

/// A matrix product at each pixel.
final class PointwiseConvolution: ConvolutionOperation {
    override var kind: String { "1x1 convolution" }

    private let ahead: PackedPointwise
    private let back: PackedPointwise?

    /// - Parameter back: nil if gradients are never asked for.
    init(
        _ ahead: PackedPointwise, _ back: PackedPointwise?, _ activation: FusedActivation, input: MapShape,
        output: MapShape
    ) {
        self.ahead = ahead
        self.back = back
        super.init(activation, inputs: [input], output: output)
    }

    override func forward() {
        let result = LanePlane(base: memory.output, blockStride: output.pixels)
        let (matrix, bias) = (ahead.matrix.parts[0], UnsafeRawPointer(ahead.bias.base))
        let rows = RowOperand.blocked(LanePlane(base: memory.inputs[0], blockStride: output.pixels), from: 0)
        let pixels = 0..<output.pixels
        // The ReLU can be applied by the product only if the sum is whole there.
        switch ahead.matrix.parts.count == 1 ? activation : .none {
        case .none:
            multiply(
                rows, pixels: pixels, by: matrix, panels: matrix.panels,
                epilogue: LinearEpilogue(output: result, bias: bias))
        case .relu:
            multiply(
                rows, pixels: pixels, by: matrix, panels: matrix.panels,
                epilogue: RectifyingEpilogue<ReLU>(output: result, bias: bias, mask: mask))
        case .relu6:
            multiply(
                rows, pixels: pixels, by: matrix, panels: matrix.panels,
                epilogue: RectifyingEpilogue<ReLU6>(output: result, bias: bias, mask: mask))
        }
        if ahead.matrix.parts.count > 1 {
            addFurtherParts(of: ahead.matrix, from: memory.inputs[0], to: result, columns: output)
            rectifyOutput()
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        guard let back else { preconditionFailure("an evaluator that runs forward alone has no way back") }
        maskGradient()
        let pixels = output.pixels
        let rows = RowOperand.blocked(LanePlane(base: memory.gradient, blockStride: pixels), from: 0)
        let result = LanePlane(base: base, blockStride: pixels)
        let (matrix, bias) = (back.matrix.parts[0], UnsafeRawPointer(back.bias.base))
        if memory.inputGradients[0].adds {
            multiply(
                rows, pixels: 0..<pixels, by: matrix, panels: matrix.panels,
                epilogue: ResidualEpilogue(output: result, bias: bias, residual: result))
        } else {
            multiply(
                rows, pixels: 0..<pixels, by: matrix, panels: matrix.panels,
                epilogue: LinearEpilogue(output: result, bias: bias))
        }
        addFurtherParts(of: back.matrix, from: memory.gradient, to: result, columns: inputs[0])
    }

    /// Adds the products of all parts but the first.
    private func addFurtherParts(
        of matrix: PackedParts, from source: UnsafeMutableRawPointer, to result: LanePlane, columns: MapShape
    ) {
        guard matrix.parts.count > 1 else { return }
        let plane = LanePlane(base: source, blockStride: output.pixels)
        for index in 1..<matrix.parts.count {
            let first = plane.pointer(block: PackedParts.firstSegment(of: index), pixel: 0)
            let rows = RowOperand.blocked(LanePlane(base: first, blockStride: output.pixels), from: 0)
            let part = matrix.parts[index]
            multiply(
                rows, pixels: 0..<output.pixels, by: part, panels: part.panels,
                epilogue: ResidualEpilogue(output: result, bias: zeros(for: columns), residual: result))
        }
    }
}
