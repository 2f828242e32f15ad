/// Sums over neighbouring channels of a pixel, which lie in one row with zeros at both ends.
struct ChannelWindows {
    /// Channels before and after a channel that its window has.
    let before: Int
    let after: Int
    /// Channel blocks of the map.
    let blocks: Int

    /// As ONNX's LRN has its windows.
    init(size: Int, blocks: Int) {
        before = (size - 1) / 2
        after = size - 1 - before
        self.blocks = blocks
    }

    /// Lanes of zeros at each end.
    var margin: Int { blockCount(before + after) }
    /// Lanes of a row.
    var rowLanes: Int { blocks + 2 * margin }

    /// Makes both ends zero.
    func clearMargins(_ row: UnsafeMutableRawPointer) {
        row.clearLanes(margin)
        (row + (margin + blocks) * laneBytes).clearLanes(margin)
    }

    /// For a block's channels, the sums over their windows.
    @inline(__always) func sums(_ row: UnsafeRawPointer, block: Int) -> Lane { sums(row, block, from: 0 &- before) }

    /// For a block's channels, the sums over the channels whose windows have them.
    @inline(__always) func adjointSums(_ row: UnsafeRawPointer, block: Int) -> Lane {
        sums(row, block, from: 0 &- after)
    }

    @inline(__always) private func sums(_ row: UnsafeRawPointer, _ block: Int, from first: Int) -> Lane {
        var address = row + (margin &+ block) &* laneBytes + first &* MemoryLayout<Float>.stride
        var sum = Lane.zero
        for _ in 0..<before &+ after &+ 1 {
            sum += address.lane(0)
            address += MemoryLayout<Float>.stride
        }
        return sum
    }
}

/// x / (bias + scale * window's sum of squares)^beta, with scale = alpha / size.
struct LocalResponse {
    let windows: ChannelWindows
    let scale: Float
    let beta: Float
    let bias: Float

    /// Puts squares into `row` and returns the window's share of the divisor, before its power.
    @inline(__always) private func divisor(_ row: UnsafeRawPointer, _ block: Int) -> Lane {
        Lane(repeating: bias).addingProduct(windows.sums(row, block: block), Lane(repeating: scale))
    }

    /// A power of a divisor: by roots for AlexNet's beta and other easy ones, else by the logarithm.
    @inline(__always) private func power(_ divisor: Lane, of exponent: Float) -> Lane {
        switch exponent {
        case -0.5, -0.75, -1, -1.75: raised(divisor, to: exponent)
        default: exponential(Lane(repeating: exponent) * logarithm(divisor))
        }
    }

    private func putSquares(_ source: ChannelColumn, into row: UnsafeMutableRawPointer) {
        for block in 0..<source.blocks {
            let x = source.lane(block)
            row.setLane(windows.margin &+ block, to: x * x)
        }
    }

    /// - Parameter row: scratch of `windows.rowLanes` whose margins are clear.
    func forward(_ source: ChannelColumn, into target: ChannelColumn, row: UnsafeMutableRawPointer) {
        putSquares(source, into: row)
        for block in 0..<source.blocks {
            let factor = power(divisor(row, block), of: 0 - beta)
            target.put(source.only(source.lane(block) * factor, at: block), at: block, adds: false)
        }
    }

    /// g * D^-beta - 2 * scale * beta * x * (sum of g * x * D^(-beta - 1) over the channels whose windows have x)
    /// - Parameters:
    ///   - row: scratch of `windows.rowLanes` whose margins are clear.
    ///   - parts: the same again.
    func backward(
        _ source: ChannelColumn, _ gradient: ChannelColumn, into target: ChannelColumn, row: UnsafeMutableRawPointer,
        parts: UnsafeMutableRawPointer, adds: Bool
    ) {
        putSquares(source, into: row)
        for block in 0..<source.blocks {
            let power = power(divisor(row, block), of: 0 - beta - 1)
            let part = gradient.lane(block) * source.lane(block) * power
            parts.setLane(windows.margin &+ block, to: source.only(part, at: block))
        }
        for block in 0..<source.blocks {
            let divisor = divisor(row, block)
            let factor = divisor * power(divisor, of: 0 - beta - 1)
            let others = windows.adjointSums(parts, block: block) * Lane(repeating: -2 * scale * beta)
            let result = (gradient.lane(block) * factor).addingProduct(source.lane(block), others)
            target.put(source.only(result, at: block), at: block, adds: adds)
        }
    }
}
