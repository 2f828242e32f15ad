import Networks

/// x * scale + shift, one each a channel.
final class AffineOperation: MapOperation {
    override var kind: String { "scale and shift" }

    private let scale: AlignedBuffer
    private let shift: AlignedBuffer

    init(scale: [Float], shift: [Float], shape: MapShape) {
        self.scale = AlignedBuffer(channels: scale, of: shape)
        self.shift = AlignedBuffer(channels: shift, of: shape)
        super.init(inputs: [shape], output: shape)
    }

    override func forward() {
        for block in 0..<output.channelBlocks {
            scalePlane(
                memory.inputs[0] + block * output.planeBytes, by: scale.base.lane(block), plus: shift.base.lane(block),
                into: memory.output + block * output.planeBytes, pixels: output.pixels)
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        for block in 0..<output.channelBlocks {
            scalePlane(
                memory.gradient + block * output.planeBytes, by: scale.base.lane(block),
                into: base + block * output.planeBytes, pixels: output.pixels, adds: memory.inputGradients[0].adds)
        }
    }
}

/// x where positive, otherwise x times its channel's slope. Saves a bit a value, as `ActivationOperation` does.
final class ParametricRectifierOperation: MapOperation {
    override var kind: String { "scale and shift" }

    private let slopes: AlignedBuffer

    init(slopes: [Float], shape: MapShape) {
        self.slopes = AlignedBuffer(channels: slopes, of: shape)
        super.init(inputs: [shape], output: shape)
        savedCount = shape.channelBlocks * maskWordCount(shape.pixels) * laneWidth
    }

    override func forward() {
        let words = maskWordCount(output.pixels)
        for block in 0..<output.channelBlocks {
            applyFunction(
                LeakyRectification(slope: slopes.base.lane(block)), memory.inputs[0] + block * output.planeBytes,
                into: memory.output + block * output.planeBytes, mask: memory.saved + block * words * laneBytes,
                pixels: output.pixels, own: output.ownChannels(of: block))
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        let words = maskWordCount(output.pixels)
        for block in 0..<output.channelBlocks {
            applyGradient(
                LeakyRectification(slope: slopes.base.lane(block)), mask: memory.saved + block * words * laneBytes,
                memory.gradient + block * output.planeBytes, into: base + block * output.planeBytes,
                pixels: output.pixels, adds: memory.inputGradients[0].adds)
        }
    }
}

/// x plus a constant map.
final class AddConstantOperation: MapOperation {
    override var kind: String { "scale and shift" }

    private let summands: AlignedBuffer

    init(_ constant: Constant, shape: MapShape) throws(NetworkError) {
        summands = AlignedBuffer(rowMajor: try constant.values(), of: shape)
        super.init(inputs: [shape], output: shape)
    }

    override func forward() {
        addLanes(memory.inputs[0], summands.base, into: memory.output, count: output.laneCount)
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        passLanes(memory.gradient, into: base, count: output.laneCount, adds: memory.inputGradients[0].adds)
    }
}

/// x times a constant map.
final class MultiplyConstantOperation: MapOperation {
    override var kind: String { "scale and shift" }

    private let factors: AlignedBuffer

    init(_ constant: Constant, shape: MapShape) throws(NetworkError) {
        factors = AlignedBuffer(rowMajor: try constant.values(), of: shape)
        super.init(inputs: [shape], output: shape)
    }

    override func forward() {
        multiplyLanes(memory.inputs[0], factors.base, into: memory.output, count: output.laneCount, adds: false)
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        multiplyLanes(
            memory.gradient, factors.base, into: base, count: output.laneCount, adds: memory.inputGradients[0].adds)
    }
}

extension AlignedBuffer {
    /// A number a channel, blocked: a map of one pixel.
    convenience init(channels values: [Float], of shape: MapShape) {
        self.init(rowMajor: values, of: MapShape(channels: shape.channels, height: 1, width: 1))
    }

    /// A map `[channels, height, width]`, blocked.
    convenience init(rowMajor values: [Float], of shape: MapShape) {
        precondition(values.count == shape.count, "a value for each element")
        self.init(count: shape.floatCount)
        for channel in 0..<shape.channels {
            for pixel in 0..<shape.pixels {
                let lane = channel / laneWidth * shape.pixels + pixel
                floats[lane * laneWidth + channel % laneWidth] = values[channel * shape.pixels + pixel]
            }
        }
    }
}
