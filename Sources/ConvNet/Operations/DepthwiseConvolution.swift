import Networks

/// A depthwise convolution's weights: one lane for each tap of each channel block. Read-only, shared by workers.
final class PackedDepthwise: Sendable {
    /// `[channel block][phase and tap, as the phases have them][16]`
    let forward: AlignedBuffer
    let backward: AlignedBuffer
    let bias: AlignedBuffer
    /// Lanes of a channel block.
    let tapCount: Int

    init(_ convolution: Convolution) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        let channels = convolution.outputChannels
        let taps = convolution.kernelHeight * convolution.kernelWidth
        tapCount = taps
        let any = MapShape(channels: 1, height: 1, width: 1)
        func packed(_ phases: [TapPhase]) -> AlignedBuffer {
            let buffer = AlignedBuffer(count: blockCount(channels) * taps * laneWidth)
            for channel in 0..<channels {
                var place = channel / laneWidth * taps * laneWidth + channel % laneWidth
                for tap in phases.flatMap({ $0.taps }) {
                    buffer.floats[place] = weights[channel, 0, tap.kernelRow, tap.kernelColumn]
                    place += laneWidth
                }
            }
            return buffer
        }
        forward = packed([TapPhase.forward(convolution, output: any)])
        backward = packed(TapPhase.backward(convolution, input: any))
        bias = packedLanes(convolution.bias)
    }
}

/// One kernel a channel, of any size, stride and dilation: block by block from a padded copy.
final class DepthwiseConvolution: ConvolutionOperation {
    override var kind: String { "depthwise convolution" }

    private let weights: PackedDepthwise
    private let ahead: [Pass]
    private let back: [Pass]
    private let aheadPadding: SourcePadding
    private let backPadding: SourcePadding

    private final class Pass {
        let phase: TapPhase
        /// Lanes before the phase's first weight.
        let firstWeight: Int
        let offsets: UnsafeMutablePointer<Int>

        init(_ phase: TapPhase, firstWeight: Int, rowLanes: Int, _ padding: SourcePadding) {
            self.phase = phase
            self.firstWeight = firstWeight
            offsets = UnsafeMutablePointer<Int>.allocate(capacity: max(phase.taps.count, 1))
            offsets[0] = 0
            for (index, tap) in phase.taps.enumerated() {
                offsets[index] = ((tap.row + padding.top) * rowLanes + tap.column + padding.left) * laneBytes
            }
        }

        deinit { offsets.deallocate() }
    }

    init(
        _ weights: PackedDepthwise, _ convolution: Convolution, _ activation: FusedActivation, input: MapShape,
        output: MapShape
    ) {
        self.weights = weights
        let aheadPhases = [TapPhase.forward(convolution, output: output)]
        let backPhases = TapPhase.backward(convolution, input: input)
        aheadPadding = SourcePadding(aheadPhases, height: input.height, width: input.width)
        backPadding = SourcePadding(backPhases, height: output.height, width: output.width)
        ahead = Self.passes(aheadPhases, input, aheadPadding)
        back = Self.passes(backPhases, output, backPadding)
        super.init(activation, inputs: [input], output: output)
        scratchCount =
            max(Self.paddedLanes(input, aheadPadding), Self.paddedLanes(output, backPadding)) * laneWidth
    }

    private static func passes(_ phases: [TapPhase], _ source: MapShape, _ padding: SourcePadding) -> [Pass] {
        var taps = 0
        return phases.map { phase in
            defer { taps += phase.taps.count }
            return Pass(
                phase, firstWeight: taps, rowLanes: padding.left + source.width + padding.right, padding)
        }
    }

    /// Lanes of one block with its padding.
    private static func paddedLanes(_ source: MapShape, _ padding: SourcePadding) -> Int {
        (padding.top + source.height + padding.bottom) * (padding.left + source.width + padding.right)
    }

    override func forward() {
        for block in 0..<blockCount(output.channels) {
            run(
                ahead, weights.forward, block: block, from: memory.inputs[0], inputs[0], aheadPadding,
                bias: weights.bias.base.lane(block), into: memory.output, output, adds: false)
        }
        rectifyOutput()
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        maskGradient()
        for block in 0..<blockCount(output.channels) {
            run(
                back, weights.backward, block: block, from: memory.gradient, output, backPadding, bias: Lane.zero,
                into: base, inputs[0], adds: memory.inputGradients[0].adds)
        }
    }

    private func run(
        _ passes: [Pass], _ weights: AlignedBuffer, block: Int, from source: UnsafeMutableRawPointer,
        _ shape: MapShape, _ padding: SourcePadding, bias: Lane, into target: UnsafeMutableRawPointer,
        _ targetShape: MapShape, adds: Bool
    ) {
        let rowLanes = padding.left + shape.width + padding.right
        var lanes = UnsafeRawPointer(source) + block * shape.pixels * laneBytes
        if !padding.isEmpty {
            copyPadded(lanes, blocks: 1, height: shape.height, width: shape.width, padding, into: memory.scratch)
            lanes = UnsafeRawPointer(memory.scratch)
        }
        let plane = target + block * targetShape.pixels * laneBytes
        for pass in passes {
            let phase = pass.phase
            let taps = UnsafeRawPointer(weights.base) + (block * self.weights.tapCount + pass.firstWeight) * laneBytes
            for row in 0..<phase.rowCount {
                let lane = (phase.firstRow + row * phase.rowStep) * targetShape.width + phase.firstColumn
                depthwiseTaps(
                    lanes + row * phase.sourceRowStep * rowLanes * laneBytes, offsets: pass.offsets, weights: taps,
                    count: phase.taps.count, bias: bias, outputs: phase.columnCount,
                    sourceStep: phase.sourceColumnStep * laneBytes, into: plane + lane * laneBytes,
                    targetStep: phase.columnStep, adds: adds)
            }
        }
    }
}
