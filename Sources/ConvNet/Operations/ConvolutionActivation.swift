import Networks

/// The activation that a convolution applies itself.
enum FusedActivation: Equatable {
    case none
    case relu
    case relu6

    /// Nil for an activation that is an operation of its own.
    init?(_ activation: Activation) {
        switch activation {
        case .clip(lower: 0, upper: .infinity): self = .relu
        case .clip(lower: 0, upper: 6): self = .relu6
        default: return nil
        }
    }
}

/// The two ways through a convolution. Each has its own packed weights: who never asks for gradients needs only half.
enum Direction: Sendable {
    case forward
    case backward
}

/// A convolution with, maybe, a ReLU behind it: what the kinds of convolutions share. A mask of one bit a value is all
/// that the way back needs.
class ConvolutionOperation: MapOperation {
    let activation: FusedActivation

    init(_ activation: FusedActivation, inputs: [MapShape], output: MapShape) {
        self.activation = activation
        super.init(inputs: inputs, output: output)
        if activation != .none {
            savedCount = maskWordCount(output.pixels) * blockCount(output.channels) * laneWidth
        }
    }

    /// Zeros, as long as the bias of a map: made when a sum in parts first needs them.
    private var zeroLanes: AlignedBuffer?

    final func zeros(for shape: MapShape) -> UnsafeRawPointer {
        let count = (blockCount(shape.channels) + 1) * laneWidth
        if let zeroLanes, zeroLanes.count >= count { return UnsafeRawPointer(zeroLanes.base) }
        let lanes = AlignedBuffer(count: count)
        zeroLanes = lanes
        return UnsafeRawPointer(lanes.base)
    }

    final var mask: MaskPlane { MaskPlane(base: memory.saved, blockStride: maskWordCount(output.pixels)) }

    /// Rectifies the whole output and records its mask: for kernels that write sums alone.
    final func rectifyOutput() {
        switch activation {
        case .none: return
        case .relu: rectifyOutput(ReLU.self)
        case .relu6: rectifyOutput(ReLU6.self)
        }
    }

    private func rectifyOutput<R: Rectifier>(_ rectifier: R.Type) {
        for block in 0..<blockCount(output.channels) {
            rectify(
                memory.output + block * output.pixels * laneBytes, mask: mask.block(block), pixels: 0..<output.pixels,
                rectifier)
        }
    }

    /// Applies the mask to the output's gradient.
    final func maskGradient() {
        guard activation != .none else { return }
        for block in 0..<blockCount(output.channels) {
            applyMask(
                memory.gradient + block * output.pixels * laneBytes, mask: mask.block(block), pixels: 0..<output.pixels)
        }
    }
}
