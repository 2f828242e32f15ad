import CPlatform

/// The innermost loop: sums for some pixels and the column blocks of one panel, kept in registers over the whole depth.
///
/// Named by pixels x column blocks. A conforming type carries its size in its type, so that every loop over it unrolls
/// and no sum leaves its register. It is never inlined, and has one flat array for each column block: next to other
/// code, or with nested arrays, the compiler may keep the sums in memory (seen: a quarter of the speed).
protocol RegisterTile {
    /// Pixels.
    static var rows: Int { get }

    /// Writes `epilogue(a * b)` for `rows` rows of `a`, the first at `row`, and one panel of `b`.
    /// - Parameters:
    ///   - panel: the panel's weights, and the part of the next panel to prefetch meanwhile.
    ///   - block: the panel's first column block.
    ///   - pixel: the pixel of the first row.
    static func multiply(
        _ row: UnsafeRawPointer, _ a: some LeftOperand, _ panel: PanelCursor, _ b: PackedMatrix,
        _ epilogue: some TileEpilogue, block: Int, pixel: Int)
}

/// `R` pixels x `N` column blocks, at most three: per depth index `N` loads of weights, `R` broadcasts, `R * N` fused
/// multiply-adds.
enum Tile<let R: Int, let N: Int>: RegisterTile {
    static var rows: Int { R }

    @inline(never)
    static func multiply(
        _ row: UnsafeRawPointer, _ a: some LeftOperand, _ panel: PanelCursor, _ b: PackedMatrix,
        _ epilogue: some TileEpilogue, block: Int, pixel: Int
    ) {
        let bias = epilogue.bias + block &* laneBytes
        var first = TileColumn<R>(repeating: bias.lane(0))
        var second = TileColumn<R>(repeating: N > 1 ? bias.lane(1) : Lane.zero)
        var third = TileColumn<R>(repeating: N > 2 ? bias.lane(2) : Lane.zero)
        var (weights, ahead) = (panel.weights, panel.ahead)
        var segment = row
        var remaining = b.depth
        var index = 0
        while remaining > 0 {
            panel.askAhead(&ahead)
            var value = segment
            for _ in 0..<min(remaining, a.segmentLength) {
                let weights1 = weights.lane(0)
                let weights2 = N > 1 ? weights.lane(1) : Lane.zero
                let weights3 = N > 2 ? weights.lane(2) : Lane.zero
                for r in 0..<R {
                    let scalar = broadcast(value, r &* a.rowStride)
                    first[r] = first[r].addingProduct(scalar, weights1)
                    if N > 1 { second[r] = second[r].addingProduct(scalar, weights2) }
                    if N > 2 { third[r] = third[r].addingProduct(scalar, weights3) }
                }
                weights += N &* laneBytes
                value += 4
            }
            segment += a.step(after: index)
            index &+= 1
            remaining &-= a.segmentLength
        }
        epilogue.write(first, block: block, pixel: pixel)
        if N > 1 { epilogue.write(second, block: block &+ 1, pixel: pixel) }
        if N > 2 { epilogue.write(third, block: block &+ 2, pixel: pixel) }
    }
}

/// `R` pixels x one and a half column blocks: for 24 channels, which in two blocks would need a quarter of padding.
///
/// It takes two depths at a time. A lane holds eight channels, each with two sums side by side, one over even and one
/// over odd depths; they are added at the end. The two inputs are neighbours in memory, so that one load broadcasts
/// both; the weights lie in pairs, too. So 24 channels are three lanes, as busy as those of `Tile<R, 3>`.
enum PairedTile<let R: Int>: RegisterTile {
    static var rows: Int { R }

    @inline(never)
    static func multiply(
        _ row: UnsafeRawPointer, _ a: some LeftOperand, _ panel: PanelCursor, _ b: PackedMatrix,
        _ epilogue: some TileEpilogue, block: Int, pixel: Int
    ) {
        let bias = epilogue.bias + block &* laneBytes
        var first = TileColumn<R>(repeating: evenDepths(bias.lane(0).lowHalf))
        var second = TileColumn<R>(repeating: evenDepths(bias.lane(0).highHalf))
        var third = TileColumn<R>(repeating: evenDepths(bias.lane(1).lowHalf))
        var (weights, ahead) = (panel.weights, panel.ahead)
        var segment = row
        var remaining = b.depth
        var index = 0
        while remaining > 0 {
            panel.askAhead(&ahead)
            var value = segment
            for _ in 0..<(min(remaining, a.segmentLength) &+ 1) / 2 {
                let (weights1, weights2, weights3) = (weights.lane(0), weights.lane(1), weights.lane(2))
                for r in 0..<R {
                    let pair = broadcastPair(value, r &* a.rowStride)
                    first[r] = first[r].addingProduct(pair, weights1)
                    second[r] = second[r].addingProduct(pair, weights2)
                    third[r] = third[r].addingProduct(pair, weights3)
                }
                weights += 3 &* laneBytes
                value += 8
            }
            segment += a.step(after: index)
            index &+= 1
            remaining &-= a.segmentLength
        }
        for r in 0..<R {
            first[r] = Lane(
                lowHalf: first[r].evenHalf + first[r].oddHalf, highHalf: second[r].evenHalf + second[r].oddHalf)
            third[r] = Lane(lowHalf: third[r].evenHalf + third[r].oddHalf, highHalf: SIMD8.zero)
        }
        epilogue.write(first, block: block, pixel: pixel)
        epilogue.write(third, block: block &+ 1, pixel: pixel)
    }
}

/// The weights of a panel, and the part of the next panel that a tile prefetches while it computes.
///
/// If a map is small, a panel serves few tiles before the next one is needed, and 18 MB of weights never stay in the
/// second cache level. Prefetching in small portions along the depth makes an evaluation to block_16 5 % faster;
/// prefetching everything before the tile gains nothing.
struct PanelCursor {
    let weights: UnsafeRawPointer
    /// The part of the next panel that has not been prefetched yet.
    private(set) var ahead: UnsafeRawPointer
    /// Cache lines to prefetch per segment of the depth.
    private let linesPerSegment: Int
    private let bytesPerTile: Int

    @inline(__always) init(_ b: PackedMatrix, panel: Int, tiles: Int, segmentLength: Int) {
        weights = b.panel(panel)
        ahead = weights + b.panelBytes
        let segments = (b.depth &+ segmentLength &- 1) / segmentLength
        let lines = b.panelBytes / laneBytes
        linesPerSegment = (lines &+ tiles &* segments) / (tiles &* segments &+ 1)
        bytesPerTile = linesPerSegment &* segments &* laneBytes
    }

    /// To be called at each segment.
    @inline(__always) func askAhead(_ ahead: inout UnsafeRawPointer) {
        for _ in 0..<linesPerSegment {
            facetreel_prefetch(ahead)
            ahead += laneBytes
        }
    }

    /// To be called after each tile.
    @inline(__always) mutating func advance() { ahead += bytesPerTile }
}

/// The float at `address + offset` in every channel.
@inline(__always)
private func broadcast(_ address: UnsafeRawPointer, _ offset: Int) -> Lane {
    Lane(repeating: address.loadUnaligned(fromByteOffset: offset, as: Float.self))
}

/// Two neighbouring floats at `address + offset` in every pair of channels.
@inline(__always)
private func broadcastPair(_ address: UnsafeRawPointer, _ offset: Int) -> Lane {
    unsafeBitCast(
        SIMD8<Double>(repeating: address.loadUnaligned(fromByteOffset: offset, as: Double.self)), to: Lane.self)
}

/// Eight channels' sums over even depths, beside zeros over odd ones.
@inline(__always)
private func evenDepths(_ values: SIMD8<Float>) -> Lane {
    var lane = Lane.zero
    lane.evenHalf = values
    return lane
}
