/// A block's weights with BatchNorm folded in, packed for the kernels both ways. Read-only, shared by workers.
final class FoldedBlock: Sendable {
    let block: Block
    let expand: PackedMatrix
    let expandBias: AlignedBuffer
    /// From expanded to input channels; for the stem, to the 27 values that its kernel reads.
    let expandTransposed: PackedMatrix
    /// Nine taps and the bias, `[channel block][10][16]`; empty for the head, as are all matrices after it.
    let depthwise: AlignedBuffer
    /// The same turned by 180 degrees: the gradient of a stride-1 convolution.
    let depthwiseFlipped: AlignedBuffer
    let project: PackedMatrix
    let projectBias: AlignedBuffer
    let projectTransposed: PackedMatrix
    /// `[output unit][expanded channel, padded to whole lanes]`: a single unit's row, for the collapsed objective.
    let projectRows: AlignedBuffer

    var expandedBlocks: Int { blockCount(block.expandedChannels) }

    /// Lanes of a channel block in `depthwise`.
    static let depthwiseLanes = 10

    /// Packs a block's folded convolutions; `depthwise` and `project` are nil for the head.
    init(_ block: Block, expand: FoldedConvolution, depthwise: FoldedConvolution?, project: FoldedConvolution?) {
        self.block = block
        let inputs = expand.weights.count / block.expandedChannels
        self.expand = PackedMatrix(depth: inputs, columns: block.expandedChannels) { expand.weights[$1 * inputs + $0] }
        expandBias = FoldedBlock.lanes(expand.bias)
        expandTransposed = PackedMatrix(depth: block.expandedChannels, columns: inputs) {
            expand.weights[$0 * inputs + $1]
        }
        let channels = block.expandedChannels
        self.depthwise = AlignedBuffer(
            count: depthwise == nil ? 0 : blockCount(channels) * FoldedBlock.depthwiseLanes * laneWidth)
        depthwiseFlipped = AlignedBuffer(count: self.depthwise.count)
        if let depthwise {
            for channel in 0..<channels {
                let base = channel / laneWidth * FoldedBlock.depthwiseLanes * laneWidth + channel % laneWidth
                for tap in 0..<9 {
                    self.depthwise.floats[base + tap * laneWidth] = depthwise.weights[channel * 9 + tap]
                    depthwiseFlipped.floats[base + tap * laneWidth] = depthwise.weights[channel * 9 + 8 - tap]
                }
                self.depthwise.floats[base + 9 * laneWidth] = depthwise.bias[channel]
            }
        }
        let outputs = block.outputChannels
        let weights = project?.weights ?? []
        self.project = PackedMatrix(depth: channels, columns: outputs) { weights[$1 * channels + $0] }
        projectTransposed = PackedMatrix(depth: outputs, columns: outputs == 0 ? 0 : channels) {
            weights[$0 * channels + $1]
        }
        projectBias = FoldedBlock.lanes(project?.bias ?? [])
        let rowLength = blockCount(channels) * laneWidth
        projectRows = AlignedBuffer(count: outputs * rowLength)
        for unit in 0..<outputs {
            for channel in 0..<channels {
                projectRows.floats[unit * rowLength + channel] = weights[unit * channels + channel]
            }
        }
    }

    private static func lanes(_ values: [Float]) -> AlignedBuffer {
        let buffer = AlignedBuffer(count: blockCount(values.count) * laneWidth)
        for (index, value) in values.enumerated() { buffer.floats[index] = value }
        return buffer
    }
}

/// A convolution whose BatchNorm has been folded into its weights and bias; computed in double precision.
struct FoldedConvolution: Sendable {
    /// `[output][...]`, the stem's as `[output][row][column][rgb]`.
    var weights: [Float]
    /// `[output]`
    var bias: [Float]
}
