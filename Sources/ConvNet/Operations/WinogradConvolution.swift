import Networks

/// The weights of a 3x3 convolution at Winograd's points, packed for one direction: 36 matrices. Read-only, shared by
/// workers.
final class PackedWinograd: Sendable {
    /// `[input channel, output channel]` for each of the 6 x 6 points.
    let matrices: [PackedMatrix]
    /// One lane a column block; zeros on the way back.
    let bias: AlignedBuffer

    init(_ convolution: Convolution, _ direction: Direction) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        let (outputs, inputs) = (convolution.outputChannels, convolution.inputChannels)
        var transformed = [Float](repeating: 0, count: Winograd.products * outputs * inputs)
        for output in 0..<outputs {
            for input in 0..<inputs {
                // The gradient is a convolution with the kernel turned by half a circle.
                func weight(_ row: Int, _ column: Int) -> Double {
                    switch direction {
                    case .forward: Double(weights[output, input, row, column])
                    case .backward: Double(weights[output, input, 2 - row, 2 - column])
                    }
                }
                var columns = InlineArray<3, InlineArray<6, Double>>(repeating: [0, 0, 0, 0, 0, 0])
                for column in 0..<3 {
                    columns[column] = Winograd.transformed([weight(0, column), weight(1, column), weight(2, column)])
                }
                for row in 0..<Winograd.points {
                    let values = Winograd.transformed([columns[0][row], columns[1][row], columns[2][row]])
                    for column in 0..<Winograd.points {
                        let place = (row * Winograd.points + column) * outputs + output
                        transformed[place * inputs + input] = Float(values[column])
                    }
                }
            }
        }
        switch direction {
        case .forward:
            matrices = (0..<Winograd.products).map { product in
                PackedMatrix(depth: inputs, columns: outputs) { transformed[(product * outputs + $1) * inputs + $0] }
            }
            bias = packedLanes(convolution.bias)
        case .backward:
            matrices = (0..<Winograd.products).map { product in
                PackedMatrix(depth: outputs, columns: inputs) { transformed[(product * outputs + $0) * inputs + $1] }
            }
            bias = packedLanes([Double](repeating: 0, count: inputs))
        }
    }
}

/// A 3x3 convolution by `Winograd`'s minimal filtering: a quarter of the multiplications, more rounding. For some tiles
/// at a time their inputs are transformed, 36 matrix products made, and the products transformed into outputs.
final class WinogradConvolution: ConvolutionOperation {
    override var kind: String { "3x3 convolution (Winograd)" }

    private let ahead: PackedWinograd
    private let back: PackedWinograd?
    private let convolution: Convolution
    private let aheadTiles: WinogradTiles
    private let backTiles: WinogradTiles

    /// Whether it is a way for a convolution.
    static func canBe(_ convolution: Convolution) -> Bool {
        (convolution.kernelHeight, convolution.kernelWidth) == (3, 3)
            && (convolution.strideY, convolution.strideX) == (1, 1)
            && (convolution.dilationY, convolution.dilationX) == (1, 1) && convolution.groups == 1
    }

    /// Whether it is the faster way. Measured on a Zen 5 core, with few tiles (maps of 7 x 7 pixels) nothing is gained,
    /// since four times as many weights must be read; with 32 channels on one side (`densenet121`) still a fifth of
    /// the whole network's time.
    static func isFaster(_ convolution: Convolution, input: MapShape, output: MapShape) -> Bool {
        let tiles = WinogradTiles(source: input, target: output, offsetY: 0, offsetX: 0).count
        return canBe(convolution) && min(input.channels, output.channels) >= 24 && tiles >= 12
    }

    /// - Parameter back: nil if gradients are never asked for.
    init(
        _ ahead: PackedWinograd, _ back: PackedWinograd?, _ convolution: Convolution, _ activation: FusedActivation,
        input: MapShape, output: MapShape
    ) {
        self.ahead = ahead
        self.back = back
        self.convolution = convolution
        aheadTiles = WinogradTiles(
            source: input, target: output, offsetY: 0 - convolution.top, offsetX: 0 - convolution.left)
        backTiles = WinogradTiles(
            source: output, target: input, offsetY: convolution.top - 2, offsetX: convolution.left - 2)
        super.init(activation, inputs: [input], output: output)
        scratchCount = max(aheadTiles.scratchLanes, back == nil ? 0 : backTiles.scratchLanes) * laneWidth
    }

    override func forward() {
        aheadTiles.convolve(
            memory.inputs[0], by: ahead, zeros: zeros(for: output), into: memory.output, adds: false,
            scratch: memory.scratch)
        rectifyOutput()
    }

    override func backward() {
        guard let gradient = memory.inputGradients[0].base else { return }
        guard let back else { preconditionFailure("an evaluator that runs forward alone has no way back") }
        maskGradient()
        backTiles.convolve(
            memory.gradient, by: back, zeros: zeros(for: inputs[0]), into: gradient,
            adds: memory.inputGradients[0].adds, scratch: memory.scratch)
    }
}

/// The tiles of a map that Winograd's convolution makes of another.
private struct WinogradTiles {
    private let source: MapShape
    private let target: MapShape
    /// From a tile's first output to its first input, in rows and columns.
    private let offsetY: Int
    private let offsetX: Int
    private let columns: Int
    let count: Int
    /// How many are transformed before their products are made.
    private let together: Int
    /// Lanes from a channel block to the next, and from a point to the next, of inputs and of products. Odd, so that no
    /// two of them lie a multiple of 4 KB apart: they would push each other out of the first cache level.
    private let blockLanes: Int
    private let inputLanes: Int
    private let productLanes: Int

    init(source: MapShape, target: MapShape, offsetY: Int, offsetX: Int) {
        self.source = source
        self.target = target
        self.offsetY = offsetY
        self.offsetX = offsetX
        columns = (target.width + Winograd.outputs - 1) / Winograd.outputs
        count = columns * ((target.height + Winograd.outputs - 1) / Winograd.outputs)
        // Inputs and products of so many tiles stay in the second cache level, if not too few for what it costs to
        // read the weights.
        let blocks = source.channelBlocks + target.channelBlocks
        let most = max(Self.fewest, Self.cacheLanes / (Winograd.products * blocks))
        let rounds = (count + most - 1) / most
        together = (count + rounds - 1) / rounds
        blockLanes = together | 1
        inputLanes = source.channelBlocks * blockLanes | 1
        productLanes = target.channelBlocks * blockLanes | 1
    }

    /// Tiles for which it pays to read the weights.
    private static let fewest = 48
    /// Lanes of inputs and products: three quarters of a cache of 1 MB.
    private static let cacheLanes = 12_288
    /// Lanes of work of one tile: its inputs where they reach over the border, and a transform's rows.
    private static let workLanes = 72

    var scratchLanes: Int { Self.workLanes + Winograd.products * (inputLanes + productLanes) }

    func convolve(
        _ map: UnsafeRawPointer, by weights: PackedWinograd, zeros: UnsafeRawPointer,
        into result: UnsafeMutableRawPointer, adds: Bool, scratch: UnsafeMutableRawPointer
    ) {
        let inputs = scratch + Self.workLanes * laneBytes
        let products = inputs + Winograd.products * inputLanes * laneBytes
        var first = 0
        while first < count {
            let tiles = first..<min(first + together, count)
            transformInputs(of: map, tiles, into: inputs, work: scratch)
            for (place, matrix) in weights.matrices.enumerated() {
                let rows = LanePlane(base: inputs + place * inputLanes * laneBytes, blockStride: blockLanes)
                let sums = LanePlane(base: products + place * productLanes * laneBytes, blockStride: blockLanes)
                multiply(
                    RowOperand.blocked(rows, from: 0), pixels: 0..<tiles.count, by: matrix, panels: matrix.panels,
                    epilogue: LinearEpilogue(output: sums, bias: zeros))
            }
            for block in 0..<target.channelBlocks {
                let bias = UnsafeRawPointer(weights.bias.base).lane(block)
                var product = products + block * blockLanes * laneBytes
                for tile in tiles {
                    let (y, x) = (tile / columns * Winograd.outputs, tile % columns * Winograd.outputs)
                    transformProducts(
                        product, planeBytes: productLanes * laneBytes, bias: bias,
                        into: result + ((block * target.height + y) * target.width + x) * laneBytes,
                        rowBytes: target.width * laneBytes, rows: min(Winograd.outputs, target.height - y),
                        columns: min(Winograd.outputs, target.width - x), adds: adds, work: scratch)
                    product += laneBytes
                }
            }
            first = tiles.upperBound
        }
    }

    private func transformInputs(
        of map: UnsafeRawPointer, _ tiles: Range<Int>, into inputs: UnsafeMutableRawPointer,
        work: UnsafeMutableRawPointer
    ) {
        let bordered = work + Winograd.products * laneBytes
        for block in 0..<source.channelBlocks {
            let plane = map + block * source.planeBytes
            var target = inputs + block * blockLanes * laneBytes
            for tile in tiles {
                let y = tile / columns * Winograd.outputs + offsetY
                let x = tile % columns * Winograd.outputs + offsetX
                if y >= 0, x >= 0, y + Winograd.points <= source.height, x + Winograd.points <= source.width {
                    ConvNet.transformInputs(
                        plane + (y * source.width + x) * laneBytes, rowBytes: source.width * laneBytes, into: target,
                        planeBytes: inputLanes * laneBytes, work: work)
                } else {
                    copyBordered(plane, y, x, into: bordered)
                    ConvNet.transformInputs(
                        bordered, rowBytes: Winograd.points * laneBytes, into: target,
                        planeBytes: inputLanes * laneBytes, work: work)
                }
                target += laneBytes
            }
        }
    }

    /// The inputs of a tile that reaches over the map's border, with zeros there.
    private func copyBordered(_ plane: UnsafeRawPointer, _ y: Int, _ x: Int, into target: UnsafeMutableRawPointer) {
        for row in 0..<Winograd.points {
            for column in 0..<Winograd.points {
                let (sourceY, sourceX) = (y + row, x + column)
                let isInside =
                    sourceY >= 0 && sourceX >= 0 && sourceY < source.height && sourceX < source.width
                target.setLane(
                    row * Winograd.points + column,
                    to: isInside ? plane.lane(sourceY * source.width + sourceX) : Lane.zero)
            }
        }
    }
}
