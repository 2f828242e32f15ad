import Networks

/// Two operands; each of an operand's extents is the output's or 1, and one of 1 is repeated. The gradient of what is
/// repeated is the sum over where it is.
///
/// Both operands are kept, except for sums and differences.
final class BinaryOperation: MapOperation {
    override var kind: String { "arithmetic of two maps" }

    let function: BinaryFunction
    /// How the operands lie in the output's rows. Where no operand is repeated along one of the two axes of a pixel
    /// alone, all pixels are one row.
    private let rows: Int
    private let columns: Int
    private let first: Operand
    private let second: Operand

    init(_ function: BinaryFunction, inputs: [MapShape], output: MapShape) {
        precondition(inputs.count == 2)
        self.function = function
        let isPlain = inputs.allSatisfy { input in
            (input.height, input.width) == (output.height, output.width) || input.pixels == 1
        }
        rows = isPlain ? 1 : output.height
        columns = isPlain ? output.pixels : output.width
        func operand(_ input: MapShape) -> Operand {
            precondition(input.channels == output.channels || input.channels == 1, "operands are broadcast")
            precondition(input.height == output.height || input.height == 1, "operands are broadcast")
            precondition(input.width == output.width || input.width == 1, "operands are broadcast")
            let isSpread = input.channels == 1 && output.channels > 1
            return Operand(
                blockBytes: isSpread ? 0 : input.planeBytes,
                rowBytes: isPlain || input.height == 1 ? 0 : input.width * laneBytes,
                isSpread: isSpread, isRepeated: input.width == 1 && (output.width > 1 || isPlain && input.pixels == 1),
                isWritten: !isSpread && input.pixels == output.pixels)
        }
        (first, second) = (operand(inputs[0]), operand(inputs[1]))
        super.init(inputs: inputs, output: output)
        switch function {
        case .add, .subtract: break
        case .multiply, .divide, .maximum, .minimum: keepsInputs = [0, 1]
        }
    }

    override func forward() {
        switch function {
        case .add: combine(Sum())
        case .subtract: combine(Difference())
        case .multiply: combine(Product())
        case .divide: combine(Quotient())
        case .maximum: combine(Larger())
        case .minimum: combine(Smaller())
        }
    }

    override func backward() {
        switch function {
        case .add: leadBack(Sum())
        case .subtract: leadBack(Difference())
        case .multiply: leadBack(Product())
        case .divide: leadBack(Quotient())
        case .maximum: leadBack(Larger())
        case .minimum: leadBack(Smaller())
        }
    }

    @inline(__always) private func combine(_ function: some LanePairFunction) {
        runRows(of: memory.inputs[0], memory.inputs[1]) { work, block, row in
            let target = memory.output + work.offset
            work.visit(ForwardRow(function: function, target: target, count: columns, own: work.own))
        }
    }

    @inline(__always) private func leadBack(_ function: some LanePairFunction) {
        leadBack(FirstGradient(function: function), to: memory.inputGradients[0], first, inputs[0])
        leadBack(SecondGradient(function: function), to: memory.inputGradients[1], second, inputs[1])
    }

    @inline(__always) private func leadBack(
        _ function: some PairGradient, to gradient: StepMemory.Gradient, _ operand: Operand, _ shape: MapShape
    ) {
        guard let base = gradient.base else { return }
        if !operand.isWritten, !gradient.adds { base.clearLanes(shape.laneCount) }
        // Where no operand was kept, none is needed; any memory will do, and the gradient has enough of it.
        let isKept = !keepsInputs.isEmpty
        runRows(
            of: isKept ? memory.inputs[0] : memory.gradient, isKept ? memory.inputs[1] : memory.gradient
        ) { work, block, row in
            work.visit(
                BackwardRow(
                    function: function, gradient: memory.gradient + work.offset,
                    target: operand.target(in: base, block, row, adds: gradient.adds), count: columns, own: work.own))
        }
    }

    /// Calls `body` for each channel block and row.
    @inline(__always) private func runRows(
        of a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        _ body: (_ work: RowWork, _ block: Int, _ row: Int) -> Void
    ) {
        for block in 0..<output.channelBlocks {
            let own = output.ownChannels(of: block)
            for row in 0..<rows {
                let work = RowWork(
                    first: first.row(of: a, block, row),
                    second: second.row(of: b, block, row),
                    offset: block * output.planeBytes + row * columns * laneBytes, own: own)
                body(work, block, row)
            }
        }
    }
}

/// Where an operand's rows lie.
private struct Operand {
    let blockBytes: Int
    let rowBytes: Int
    /// Whether its one channel is in all of the output's.
    let isSpread: Bool
    /// Whether a row has one lane.
    let isRepeated: Bool
    /// Whether each lane of it meets one of the output: its gradient is written, not summed.
    let isWritten: Bool

    enum Row {
        case full(FullRow)
        case repeated(RepeatedLane)
        case spread(SpreadRow)
    }

    func row(of base: UnsafeMutableRawPointer, _ block: Int, _ row: Int) -> Row {
        let lanes = UnsafeRawPointer(base + block * blockBytes + row * rowBytes)
        switch (isRepeated, isSpread) {
        case (true, true): return .repeated(RepeatedLane(value: Lane(repeating: lanes.load(as: Float.self))))
        case (true, false): return .repeated(RepeatedLane(value: lanes.lane(0)))
        case (false, true): return .spread(SpreadRow(base: lanes))
        case (false, false): return .full(FullRow(base: lanes))
        }
    }

    func target(in base: UnsafeMutableRawPointer, _ block: Int, _ row: Int, adds: Bool) -> GradientTarget {
        let lanes = base + block * blockBytes + row * rowBytes
        switch (isRepeated, isSpread) {
        case (true, true): return .total(lanes)
        case (true, false): return isWritten ? .row(lanes, adds: adds) : .sum(lanes)
        case (false, true): return .channelSums(lanes)
        // Not written once, but in several rows: added to zeros.
        case (false, false): return .row(lanes, adds: adds || !isWritten)
        }
    }
}

/// One row of both operands.
private struct RowWork {
    let first: Operand.Row
    let second: Operand.Row
    /// Of the row in the output, in bytes.
    let offset: Int
    let own: OwnChannels

    /// Calls a pass with rows of their own types: it is compiled for each pair.
    @inline(__always) func visit(_ pass: some RowPass) {
        switch (first, second) {
        case (.full(let a), .full(let b)): pass.run(a, b)
        case (.full(let a), .repeated(let b)): pass.run(a, b)
        case (.full(let a), .spread(let b)): pass.run(a, b)
        case (.repeated(let a), .full(let b)): pass.run(a, b)
        case (.repeated(let a), .repeated(let b)): pass.run(a, b)
        case (.repeated(let a), .spread(let b)): pass.run(a, b)
        case (.spread(let a), .full(let b)): pass.run(a, b)
        case (.spread(let a), .repeated(let b)): pass.run(a, b)
        case (.spread(let a), .spread(let b)): pass.run(a, b)
        }
    }
}

private protocol RowPass {
    func run(_ a: some LaneRow, _ b: some LaneRow)
}

private struct ForwardRow<F: LanePairFunction>: RowPass {
    let function: F
    let target: UnsafeMutableRawPointer
    let count: Int
    let own: OwnChannels

    @inline(__always) func run(_ a: some LaneRow, _ b: some LaneRow) {
        combineRows(function, a, b, into: target, count: count, own: own)
    }
}

private struct BackwardRow<F: PairGradient>: RowPass {
    let function: F
    let gradient: UnsafeMutableRawPointer
    let target: GradientTarget
    let count: Int
    let own: OwnChannels

    @inline(__always) func run(_ a: some LaneRow, _ b: some LaneRow) {
        leadBack(function, gradient, a, b, to: target, count: count, own: own)
    }
}
