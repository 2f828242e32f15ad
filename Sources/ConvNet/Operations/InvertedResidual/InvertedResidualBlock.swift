import Networks

/// What an inverted residual block is (Sandler et al. 2018, section 3.4), found by the planner in any graph: a 1x1
/// convolution to many channels, a 3x3 depthwise one, both rectified, a 1x1 convolution back to few, and an addition
/// where there is one. The first block's expansion may be a 3x3 convolution of the image with stride 2.
struct InvertedResidualBlock {
    /// The places at which a block can end, as it does where its layer is the target.
    enum Stage: Int, Comparable {
        /// After the expansion and its ReLU.
        case expand
        /// After the depthwise convolution and its ReLU.
        case depthwise
        /// After the linear projection.
        case project
        /// After the residual addition.
        case add

        static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
    }

    var stage: Stage
    /// Whether its expansion is a convolution of the image.
    var isStem: Bool
    var expand: Convolution
    var expandActivation: FusedActivation
    /// Nil if it ends before.
    var depthwise: Convolution?
    var depthwiseActivation: FusedActivation
    var project: Convolution?
    /// Of the map that the depthwise convolution reads.
    var expandedHeight: Int
    var expandedWidth: Int

    var expandedChannels: Int { expand.outputChannels }
    var expandedBlocks: Int { blockCount(expandedChannels) }
    var hasResidual: Bool { stage == .add }

    var geometry: DepthwiseGeometry {
        DepthwiseGeometry(
            inputHeight: expandedHeight, inputWidth: expandedWidth, stride: depthwise?.strideX ?? 1,
            paddingTop: depthwise?.top ?? 1, paddingLeft: depthwise?.left ?? 1)
    }

    /// Whether the strip kernels can run this expansion.
    static func canExpand(_ convolution: Convolution, isImage: Bool) -> Bool {
        guard isImage else { return convolution.isPointwise }
        return convolution.kernelHeight == 3 && convolution.kernelWidth == 3 && convolution.strideY == 2
            && convolution.strideX == 2 && convolution.inputChannels == 3 && convolution.groups == 1
            && convolution.dilationY == 1 && convolution.dilationX == 1
            // The padded image has one row and column more than the image on both sides together.
            && convolution.top + convolution.bottom <= 2 && convolution.left + convolution.right <= 2
            && convolution.top <= 1 && convolution.left <= 1
    }

    /// Whether they can run this depthwise convolution of a map of this shape.
    static func canFilter(_ convolution: Convolution, _ input: MapShape, _ output: MapShape) -> Bool {
        let stride = convolution.strideX
        return convolution.isDepthwise && convolution.kernelHeight == 3 && convolution.kernelWidth == 3
            && convolution.strideY == stride && (stride == 1 || stride == 2) && convolution.dilationY == 1
            && convolution.dilationX == 1 && (0...1).contains(convolution.top) && (0...1).contains(convolution.left)
            && (stride == 2 || convolution.top == 1 && convolution.left == 1)
            && output.height == (input.height + stride - 1) / stride
            && output.width == (input.width + stride - 1) / stride
    }
}

/// A block's weights, packed for the kernels both ways. Read-only, shared by workers.
final class PackedInvertedResidual: Sendable {
    let expand: PackedMatrix
    let expandBias: AlignedBuffer
    /// From expanded to input channels; for the stem, to the 27 values that its kernel reads, by pixels in -1...1.
    let expandTransposed: PackedMatrix
    /// Nine taps and the bias, `[channel block][10][16]`; empty for a block that ends before, as are all after it.
    let depthwise: AlignedBuffer
    /// The same turned by 180 degrees: the gradient of a stride-1 convolution.
    let depthwiseFlipped: AlignedBuffer
    let project: PackedMatrix
    let projectBias: AlignedBuffer
    let projectTransposed: PackedMatrix
    /// `[output unit][expanded channel, padded to whole lanes]`: a single unit's row, for the collapsed objective.
    let projectRows: AlignedBuffer

    /// Lanes of a channel block in `depthwise`.
    static let depthwiseLanes = 10

    init(_ block: InvertedResidualBlock, _ image: ImageInput) throws(NetworkError) {
        let weights = try FoldedWeights(block.expand)
        let (channels, inputs) = (block.expandedChannels, block.expand.inputChannels)
        if block.isStem {
            // Kernel rows, columns, channels; the image's gradient by its own colors and range.
            expand = PackedMatrix(depth: 9 * inputs, columns: channels, allowsPairs: false) {
                weights[$1, $0 % inputs, $0 / inputs / 3, $0 / inputs % 3]
            }
            expandTransposed = PackedMatrix(depth: channels, columns: 9 * inputs) {
                let (color, tap) = ($1 % inputs, $1 / inputs)
                let channel = image.colors[color]
                return weights[$0, channel, tap / 3, tap % 3] * image.scale[channel]
            }
        } else {
            expand = PackedMatrix(depth: inputs, columns: channels) { weights[$1, $0, 0, 0] }
            expandTransposed = PackedMatrix(depth: channels, columns: inputs) { weights[$0, $1, 0, 0] }
        }
        expandBias = packedLanes(block.expand.bias)
        let taps = try block.depthwise.map { (convolution) throws(NetworkError) in try FoldedWeights(convolution) }
        let lanes = Self.depthwiseLanes
        depthwise = AlignedBuffer(count: taps == nil ? 0 : block.expandedBlocks * lanes * laneWidth)
        depthwiseFlipped = AlignedBuffer(count: depthwise.count)
        if let taps, let convolution = block.depthwise {
            for channel in 0..<channels {
                let base = channel / laneWidth * lanes * laneWidth + channel % laneWidth
                for tap in 0..<9 {
                    let weight = taps[channel, 0, tap / 3, tap % 3]
                    depthwise.floats[base + tap * laneWidth] = weight
                    depthwiseFlipped.floats[base + (8 - tap) * laneWidth] = weight
                }
                depthwise.floats[base + 9 * laneWidth] = Float(convolution.bias[channel])
            }
        }
        let last = try block.project.map { (convolution) throws(NetworkError) in try FoldedWeights(convolution) }
        let outputs = block.project?.outputChannels ?? 0
        func weight(_ output: Int, _ input: Int) -> Float { last.map { $0[output, input, 0, 0] } ?? 0 }
        project = PackedMatrix(depth: channels, columns: outputs) { weight($1, $0) }
        projectTransposed = PackedMatrix(depth: outputs, columns: outputs == 0 ? 0 : channels) { weight($0, $1) }
        projectBias = packedLanes(block.project?.bias ?? [])
        let rowLength = block.expandedBlocks * laneWidth
        projectRows = AlignedBuffer(count: outputs * rowLength)
        for unit in 0..<outputs {
            for channel in 0..<channels { projectRows.floats[unit * rowLength + channel] = weight(unit, channel) }
        }
    }
}
