import Networks

/// The weights of a convolution over blocks of channels, with any kernel, stride, dilation and groups, packed for one
/// direction. Read-only, shared by workers.
///
/// Groups that are no multiples of 16 channels share blocks: every column block has the rows of all groups that it
/// touches, with zeros where two channels have nothing to do with each other.
final class PackedDense: Sendable {
    /// Some column blocks, the row blocks that they depend on, and one matrix for each phase: `[tap][row block][16]`
    /// deep.
    struct Part: Sendable {
        let columns: Range<Int>
        let rows: Range<Int>
        let phases: [PackedParts]
    }

    let parts: [Part]
    /// One lane a column block; zeros on the way back.
    let bias: AlignedBuffer

    init(_ convolution: Convolution, _ direction: Direction) throws(NetworkError) {
        let weights = try FoldedWeights(convolution)
        let (outputs, inputs) = (convolution.outputChannels, convolution.inputChannels)
        let (outputGroup, inputGroup) = (outputs / convolution.groups, inputs / convolution.groups)
        func weight(_ output: Int, _ input: Int, _ tap: TapPhase.Tap) -> Float {
            guard output < outputs, input < inputs, output / outputGroup == input / inputGroup else { return 0 }
            return weights[output, input % inputGroup, tap.kernelRow, tap.kernelColumn]
        }
        // Which taps a phase has depends on no size.
        let any = MapShape(channels: 1, height: 1, width: 1)
        switch direction {
        case .forward:
            let taps = TapPhase.forward(convolution, output: any).taps
            parts = Self.ranges(columns: outputs, rows: inputs, groups: convolution.groups).map { columns, rows in
                let matrix = Self.matrix(taps, columns, rows, outputs) { column, row, tap in weight(column, row, tap) }
                return Part(columns: columns, rows: rows, phases: [matrix])
            }
            bias = packedLanes(convolution.bias)
        case .backward:
            let phases = TapPhase.backward(convolution, input: any).map { $0.taps }
            parts = Self.ranges(columns: inputs, rows: outputs, groups: convolution.groups).map { columns, rows in
                let matrices = phases.map { taps in
                    Self.matrix(taps, columns, rows, inputs) { column, row, tap in weight(row, column, tap) }
                }
                return Part(columns: columns, rows: rows, phases: matrices)
            }
            bias = packedLanes([Double](repeating: 0, count: inputs))
        }
    }

    private static func matrix(
        _ taps: [TapPhase.Tap], _ columns: Range<Int>, _ rows: Range<Int>, _ channels: Int,
        weight: (Int, Int, TapPhase.Tap) -> Float
    ) -> PackedParts {
        let first = columns.lowerBound * laneWidth
        let rowChannels = rows.count * laneWidth
        return PackedParts(
            depth: taps.count * rowChannels, columns: min(columns.upperBound * laneWidth, channels) - first
        ) { depth, column in
            weight(first + column, rows.lowerBound * laneWidth + depth % rowChannels, taps[depth / rowChannels])
        }
    }

    /// The column blocks that go together, and the row blocks that each needs.
    private static func ranges(columns: Int, rows: Int, groups: Int) -> [(Range<Int>, Range<Int>)] {
        if groups == 1 { return [(0..<blockCount(columns), 0..<blockCount(rows))] }
        let (columnGroup, rowGroup) = (columns / groups, rows / groups)
        func rowBlocks(_ groups: ClosedRange<Int>) -> Range<Int> {
            groups.lowerBound * rowGroup / laneWidth..<blockCount((groups.upperBound + 1) * rowGroup)
        }
        if columnGroup % laneWidth == 0 {
            let blocks = columnGroup / laneWidth
            return (0..<groups).map { ($0 * blocks..<($0 + 1) * blocks, rowBlocks($0...$0)) }
        }
        return (0..<blockCount(columns)).map { block in
            let last = min((block + 1) * laneWidth, columns) - 1
            return (block..<block + 1, rowBlocks(block * laneWidth / columnGroup...last / columnGroup))
        }
    }
}

/// A convolution over blocks of channels: for each row of pixels a matrix product whose left operand are the lanes that
/// the taps read, straight from the map or, where it needs zeros around, from a padded copy. The gradient is the same
/// with other taps.
final class DenseConvolution: ConvolutionOperation {
    override var kind: String { "convolution" }

    private let aheadWeights: PackedDense
    private let backWeights: PackedDense?
    private let ahead: [Pass]
    private let back: [Pass]
    private let aheadPadding: SourcePadding
    private let backPadding: SourcePadding

    /// One phase of one part, ready to run at this size.
    private final class Pass {
        let phase: TapPhase
        let matrix: PackedParts
        let columns: Range<Int>
        /// Bytes from the source's first lane to the first segment of the first pixel, for each part of the matrix.
        let starts: [Int]
        /// Bytes between segments.
        let steps: UnsafeMutablePointer<Int>

        init(
            _ phase: TapPhase, _ matrix: PackedParts, _ part: PackedDense.Part, rowLanes: Int, planeLanes: Int,
            _ padding: SourcePadding
        ) {
            self.phase = phase
            self.matrix = matrix
            columns = part.columns
            var places: [Int] = []
            for tap in phase.taps {
                for block in part.rows {
                    let lane = (tap.row + padding.top) * rowLanes + tap.column + padding.left + block * planeLanes
                    places.append(lane * laneBytes)
                }
            }
            starts = matrix.parts.indices.map { index in
                let first = PackedParts.firstSegment(of: index)
                return first < places.count ? places[first] : 0
            }
            steps = UnsafeMutablePointer<Int>.allocate(capacity: max(places.count, 1))
            for index in 0..<max(places.count, 1) {
                steps[index] = index + 1 < places.count ? places[index + 1] - places[index] : 0
            }
        }

        deinit { steps.deallocate() }
    }

    /// - Parameter back: nil if gradients are never asked for.
    init(
        _ aheadWeights: PackedDense, _ back: PackedDense?, _ convolution: Convolution, _ activation: FusedActivation,
        input: MapShape,
        output: MapShape
    ) {
        self.aheadWeights = aheadWeights
        backWeights = back
        let aheadPhases = [TapPhase.forward(convolution, output: output)]
        let backPhases = TapPhase.backward(convolution, input: input)
        aheadPadding = SourcePadding(aheadPhases, height: input.height, width: input.width)
        backPadding = SourcePadding(backPhases, height: output.height, width: output.width)
        ahead = Self.passes(aheadWeights.parts, aheadPhases, input, aheadPadding)
        self.back = Self.passes(back?.parts ?? [], backPhases, output, backPadding)
        super.init(activation, inputs: [input], output: output)
        scratchCount = max(Self.paddedCount(input, aheadPadding), Self.paddedCount(output, backPadding))
    }

    private static func passes(
        _ parts: [PackedDense.Part], _ phases: [TapPhase], _ source: MapShape, _ padding: SourcePadding
    ) -> [Pass] {
        let rowLanes = padding.left + source.width + padding.right
        let planeLanes = rowLanes * (padding.top + source.height + padding.bottom)
        return parts.flatMap { part in
            zip(phases, part.phases).map {
                Pass($0, $1, part, rowLanes: rowLanes, planeLanes: planeLanes, padding)
            }
        }
    }

    private static func paddedCount(_ source: MapShape, _ padding: SourcePadding) -> Int {
        padding.isEmpty
            ? 0
            : blockCount(source.channels) * laneWidth * (padding.top + source.height + padding.bottom)
                * (padding.left + source.width + padding.right)
    }

    override func forward() {
        let source = padded(memory.inputs[0], inputs[0], aheadPadding)
        let rowLanes = aheadPadding.left + inputs[0].width + aheadPadding.right
        for pass in ahead {
            run(
                pass, source, rowLanes: rowLanes, into: memory.output, output,
                bias: aheadWeights.bias.base + pass.columns.lowerBound * laneBytes, adds: false)
        }
        rectifyOutput()
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        guard let backWeights else { preconditionFailure("an evaluator that runs forward alone has no way back") }
        let adds = memory.inputGradients[0].adds
        maskGradient()
        let source = padded(memory.gradient, output, backPadding)
        let rowLanes = backPadding.left + output.width + backPadding.right
        for pass in back where !(adds && pass.phase.taps.isEmpty) {
            run(pass, source, rowLanes: rowLanes, into: base, inputs[0], bias: backWeights.bias.base, adds: adds)
        }
    }

    private func padded(
        _ source: UnsafeMutableRawPointer, _ shape: MapShape, _ padding: SourcePadding
    ) -> UnsafeRawPointer {
        if padding.isEmpty { return UnsafeRawPointer(source) }
        copyPadded(
            source, blocks: blockCount(shape.channels), height: shape.height, width: shape.width, padding,
            into: memory.scratch)
        return UnsafeRawPointer(memory.scratch)
    }

    private func run(
        _ pass: Pass, _ source: UnsafeRawPointer, rowLanes: Int, into target: UnsafeMutableRawPointer,
        _ shape: MapShape, bias: UnsafeRawPointer, adds: Bool
    ) {
        let phase = pass.phase
        if phase.columnCount == 0 { return }
        for (index, matrix) in pass.matrix.parts.enumerated() {
            let steps = pass.steps + PackedParts.firstSegment(of: index)
            let adds = adds || index > 0
            let bias = index > 0 ? zeros(for: shape) : bias
            for row in 0..<phase.rowCount {
                let lane = (phase.firstRow + row * phase.rowStep) * shape.width + phase.firstColumn
                let output = LanePlane(
                    base: target + (pass.columns.lowerBound * shape.pixels + lane) * laneBytes,
                    blockStride: shape.pixels, pixelStride: phase.columnStep)
                let operand = TapOperand(
                    base: source + pass.starts[index] + row * phase.sourceRowStep * rowLanes * laneBytes,
                    rowStride: phase.sourceColumnStep * laneBytes, steps: steps)
                if adds {
                    multiply(
                        operand, pixels: 0..<phase.columnCount, by: matrix, panels: matrix.panels,
                        epilogue: ResidualEpilogue(output: output, bias: bias, residual: output))
                } else {
                    multiply(
                        operand, pixels: 0..<phase.columnCount, by: matrix, panels: matrix.panels,
                        epilogue: LinearEpilogue(output: output, bias: bias))
                }
            }
        }
    }
}
