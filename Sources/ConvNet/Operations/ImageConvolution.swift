import Networks

/// Where the image is while an evaluator works on it. Shared by all operations that read it.
final class ImageMemory {
    let input: ImageInput
    /// `[height][width][rgb]` in -1...1; valid during a forward pass.
    var pixels = UnsafeRawPointer(StepMemory.nowhere)
    /// The gradient, `[height][width][rgb]`; valid during a backward pass.
    var gradient = StepMemory.nowhere

    init(_ input: ImageInput) {
        self.input = input
    }
}

/// The image as a map, for operations that read maps.
final class ImageMap: MapOperation {
    override var kind: String { "convolution of the image" }

    private let image: ImageMemory

    init(_ image: ImageMemory, _ shape: MapShape) {
        self.image = image
        super.init(inputs: [], output: shape)
    }

    override func forward() {
        let pixels = image.pixels.assumingMemoryBound(to: Float.self)
        let lanes = memory.output
        for pixel in 0..<output.pixels {
            var lane = Lane.zero
            for channel in 0..<output.channels {
                lane[channel] = image.input.value(pixels + pixel * 3, channel: channel)
            }
            lanes.setLane(pixel, to: lane)
        }
    }

    override func backward() {
        let pixels = image.gradient.assumingMemoryBound(to: Float.self)
        for pixel in 0..<output.pixels {
            image.input.write(
                (memory.gradient + pixel * laneBytes).assumingMemoryBound(to: Float.self), to: pixels + pixel * 3)
        }
    }
}

/// The weights of a convolution of the image, packed both ways. Read-only, shared by workers.
final class PackedImageConvolution: Sendable {
    /// `[kernel row][kernel column][channel]` deep.
    let forward: PackedMatrix
    /// `[tap][output channel]` deep; columns `[phase row][phase column][rgb]`, by pixels in -1...1. See
    /// `ImageConvolution`.
    let backward: PackedMatrix
    let bias: AlignedBuffer

    init(_ convolution: Convolution) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        let (channels, outputs) = (convolution.inputChannels, convolution.outputChannels)
        let (height, width) = (convolution.kernelHeight, convolution.kernelWidth)
        forward = PackedMatrix(depth: height * width * channels, columns: outputs, allowsPairs: false) {
            weights[$1, $0 % channels, $0 / channels / width, $0 / channels % width]
        }
        let (strideY, strideX) = (convolution.strideY, convolution.strideX)
        let tapColumns = (width + strideX - 1) / strideX
        let tapRows = (height + strideY - 1) / strideY
        let depthOfTap = blockCount(outputs) * laneWidth
        backward = PackedMatrix(
            depth: tapRows * tapColumns * depthOfTap, columns: strideY * strideX * channels
        ) { depth, column in
            let (tap, output) = (depth / depthOfTap, depth % depthOfTap)
            let row = tap / tapColumns * strideY + column / channels / strideX
            let place = tap % tapColumns * strideX + column / channels % strideX
            guard output < outputs, row < height, place < width else { return 0 }
            return weights[output, column % channels, row, place]
        }
        bias = packedLanes(convolution.bias)
    }
}

/// A dense convolution of the image: its channels are so few that lanes of 16 would be mostly empty.
///
/// Forward a matrix product whose left operand are kernel rows of the padded image. Backward: with stride s, the pixels
/// s * j + r (r = 0...s-1, counted from the padding's corner) are reached by the outputs j, j - 1, ... and the taps r,
/// r + s, ...; so the s * s pixels of a square and their colors are the columns of one matrix product, whose left operand
/// are the lanes of the outputs around.
final class ImageConvolution: ConvolutionOperation {
    override var kind: String { "convolution of the image" }

    private let weights: PackedImageConvolution
    private let convolution: Convolution
    private let image: ImageMemory
    private let geometry: PaddedImageGeometry
    private let padded: AlignedBuffer
    private let zeros = AlignedBuffer(count: 4 * laneWidth)
    /// Squares of s x s pixels, and the outputs around that they read.
    private let squareRows: Int
    private let squareColumns: Int
    private let padding: SourcePadding
    private let steps: UnsafeMutablePointer<Int>

    /// Whether the kind of convolution is one for this operation.
    static func fits(_ convolution: Convolution) -> Bool {
        convolution.groups == 1 && convolution.dilationY == 1 && convolution.dilationX == 1
            && convolution.strideY * convolution.strideX * convolution.inputChannels <= 3 * laneWidth
    }

    init(
        _ weights: PackedImageConvolution, _ convolution: Convolution, _ activation: FusedActivation,
        _ image: ImageMemory, input: MapShape, output: MapShape
    ) {
        self.weights = weights
        self.convolution = convolution
        self.image = image
        geometry = PaddedImageGeometry(convolution, image: input, output: output)
        padded = AlignedBuffer(count: geometry.count)
        squareRows = (input.height + convolution.top + convolution.strideY - 1) / convolution.strideY
        squareColumns = (input.width + convolution.left + convolution.strideX - 1) / convolution.strideX
        let tapRows = (convolution.kernelHeight + convolution.strideY - 1) / convolution.strideY
        let tapColumns = (convolution.kernelWidth + convolution.strideX - 1) / convolution.strideX
        var taps: [TapPhase.Tap] = []
        for row in 0..<tapRows {
            for column in 0..<tapColumns {
                taps.append(TapPhase.Tap(kernelRow: row, kernelColumn: column, row: -row, column: -column))
            }
        }
        let phase = TapPhase(
            firstRow: 0, rowStep: 1, rowCount: squareRows, firstColumn: 0, columnStep: 1, columnCount: squareColumns,
            sourceRowStep: 1, sourceColumnStep: 1, taps: taps)
        padding = SourcePadding([phase], height: output.height, width: output.width)
        let rowLanes = padding.left + output.width + padding.right
        let planeLanes = rowLanes * (padding.top + output.height + padding.bottom)
        var places: [Int] = []
        for tap in taps {
            for block in 0..<blockCount(output.channels) {
                places.append(
                    ((tap.row + padding.top) * rowLanes + tap.column + padding.left + block * planeLanes) * laneBytes)
            }
        }
        // The first entry is where the first segment begins, the others lead to the next.
        steps = UnsafeMutablePointer<Int>.allocate(capacity: places.count + 1)
        steps[0] = places[0]
        for index in 1...places.count { steps[index] = index < places.count ? places[index] - places[index - 1] : 0 }
        super.init(activation, inputs: [input], output: output)
        let productLanes = weights.backward.columnBlocks * squareColumns
        scratchCount = (blockCount(output.channels) * planeLanes + productLanes) * laneWidth
    }

    deinit { steps.deallocate() }

    override func forward() {
        copyImage(image.pixels, image.input, into: padded.base, geometry)
        let result = LanePlane(base: memory.output, blockStride: output.pixels)
        let bias = UnsafeRawPointer(weights.bias.base)
        let rows = 0..<output.height
        let panels = weights.forward.panels
        switch activation {
        case .none:
            multiplyStem(
                padded.base, geometry, kernelWidth: convolution.kernelWidth, rows: rows, by: weights.forward,
                panels: panels, epilogue: LinearEpilogue(output: result, bias: bias))
        case .relu:
            multiplyStem(
                padded.base, geometry, kernelWidth: convolution.kernelWidth, rows: rows, by: weights.forward,
                panels: panels, epilogue: RectifyingEpilogue<ReLU>(output: result, bias: bias, mask: mask))
        case .relu6:
            multiplyStem(
                padded.base, geometry, kernelWidth: convolution.kernelWidth, rows: rows, by: weights.forward,
                panels: panels, epilogue: RectifyingEpilogue<ReLU6>(output: result, bias: bias, mask: mask))
        }
    }

    override func backward() {
        maskGradient()
        copyPadded(
            memory.gradient, blocks: blockCount(output.channels), height: output.height, width: output.width, padding,
            into: memory.scratch)
        let rowLanes = padding.left + output.width + padding.right
        let planeLanes = rowLanes * (padding.top + output.height + padding.bottom)
        let products = memory.scratch + blockCount(output.channels) * planeLanes * laneBytes
        let pixelLanes = weights.backward.columnBlocks
        for row in 0..<squareRows {
            let operand = TapOperand(
                base: UnsafeRawPointer(memory.scratch) + steps[0] + row * rowLanes * laneBytes, rowStride: laneBytes,
                steps: steps + 1)
            // A square's products side by side: `[square][phase row][phase column][rgb]`.
            multiply(
                operand, pixels: 0..<squareColumns, by: weights.backward, panels: weights.backward.panels,
                epilogue: LinearEpilogue(
                    output: LanePlane(base: products, blockStride: 1, pixelStride: pixelLanes), bias: zeros.base))
            write(products, squareRow: row, pixelLanes: pixelLanes)
        }
    }

    /// Writes the gradient of a row of squares.
    private func write(_ products: UnsafeMutableRawPointer, squareRow: Int, pixelLanes: Int) {
        let (strideY, strideX, channels) = (convolution.strideY, convolution.strideX, inputs[0].channels)
        let gradient = image.gradient.assumingMemoryBound(to: Float.self)
        for phaseRow in 0..<strideY {
            let y = squareRow * strideY + phaseRow - convolution.top
            guard y >= 0, y < inputs[0].height else { continue }
            for column in 0..<squareColumns {
                let square = (products + column * pixelLanes * laneBytes).assumingMemoryBound(to: Float.self)
                for phaseColumn in 0..<strideX {
                    let x = column * strideX + phaseColumn - convolution.left
                    guard x >= 0, x < inputs[0].width else { continue }
                    image.input.write(
                        square + (phaseRow * strideX + phaseColumn) * channels,
                        to: gradient + (y * inputs[0].width + x) * 3)
                }
            }
        }
    }
}
