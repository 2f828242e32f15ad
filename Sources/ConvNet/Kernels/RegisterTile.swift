import CPlatform

/// Sums of some pixels and the column blocks of one panel, kept in registers while the depth runs: the innermost loop.
///
/// Named by pixels x column blocks. A conforming type carries its size in its type, so that every loop over it unrolls
/// and no sum leaves its register.
protocol RegisterTile {
    /// Pixels.
    static var rows: Int { get }

    /// Writes the product of `rows` rows of `a`, the first at `row`, with one panel of `b`.
    /// - Parameters:
    ///   - panel: the panel's weights, and what to ask for of the next one meanwhile.
    ///   - bias: the panel's lanes of it.
    static func multiply(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ panel: PanelCursor, _ b: PackedMatrix, _ bias: UnsafeRawPointer,
        _ output: TileOutput)

    /// Lets the epilogue finish what `multiply` has written, from a column block and a pixel on.
    static func finish(_ epilogue: some TileEpilogue, block: Int, pixel: Int)
}

/// `R` pixels x `N` column blocks: per depth index `N` loads of weights, `R` broadcasts, `R * N` fused multiply-adds.
enum Tile<let R: Int, let N: Int>: RegisterTile {
    static var rows: Int { R }

    /// Never inlined: next to other code the optimiser may leave the sums in memory throughout (half the speed, seen).
    @inline(never)
    static func multiply(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ panel: PanelCursor, _ b: PackedMatrix, _ bias: UnsafeRawPointer,
        _ output: TileOutput
    ) {
        var sums = InlineArray<N, InlineArray<R, Lane>>(repeating: InlineArray<R, Lane>(repeating: Lane.zero))
        for n in 0..<N { for r in 0..<R { sums[n][r] = bias.lane(n) } }
        var weights = panel.weights
        var ahead = panel.ahead
        var segment = row
        var remaining = b.depth
        while remaining > 0 {
            var value = segment
            for _ in 0..<panel.linesPerSegment {
                facetreel_prefetch(ahead)
                ahead += laneBytes
            }
            for _ in 0..<min(remaining, a.segmentLength) {
                var column = InlineArray<N, Lane>(repeating: Lane.zero)
                for n in 0..<N { column[n] = weights.lane(n) }
                for r in 0..<R {
                    let scalar = broadcast(value, r &* a.rowStride)
                    for n in 0..<N { sums[n][r] = sums[n][r].addingProduct(scalar, column[n]) }
                }
                weights += N &* laneBytes
                value += 4
            }
            segment += a.segmentStride
            remaining &-= a.segmentLength
        }
        for n in 0..<N { for r in 0..<R { output.set(block: n, row: r, to: sums[n][r]) } }
    }

    @inline(__always) static func finish(_ epilogue: some TileEpilogue, block: Int, pixel: Int) {
        for n in 0..<N { epilogue.finish(TileColumn<R>(block: block &+ n, pixel: pixel)) }
    }
}

/// `R = 2 P` pixels x one and a half column blocks, for 24 channels without a quarter of them padding.
///
/// A lane of the half block serves two pixels: its lower half the even one, its upper half the odd one. Their scalars
/// are blended, and the weights lie there twice.
enum HalfTile<let R: Int, let P: Int>: RegisterTile {
    static var rows: Int { R }

    @inline(never)
    static func multiply(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ panel: PanelCursor, _ b: PackedMatrix, _ bias: UnsafeRawPointer,
        _ output: TileOutput
    ) {
        let upperHalf = b.upperHalf
        var whole = InlineArray<R, Lane>(repeating: bias.lane(0))
        let halfBias = bias.lane(1).lowHalf
        var half = InlineArray<P, Lane>(repeating: Lane(lowHalf: halfBias, highHalf: halfBias))
        var weights = panel.weights
        var ahead = panel.ahead
        var segment = row
        var remaining = b.depth
        while remaining > 0 {
            var value = segment
            for _ in 0..<panel.linesPerSegment {
                facetreel_prefetch(ahead)
                ahead += laneBytes
            }
            for _ in 0..<min(remaining, a.segmentLength) {
                let (column, twice) = (weights.lane(0), weights.lane(1))
                for p in 0..<P {
                    let even = broadcast(value, 2 &* p &* a.rowStride)
                    let odd = broadcast(value, (2 &* p &+ 1) &* a.rowStride)
                    whole[2 &* p] = whole[2 &* p].addingProduct(even, column)
                    whole[2 &* p &+ 1] = whole[2 &* p &+ 1].addingProduct(odd, column)
                    half[p] = half[p].addingProduct(even.replacing(with: odd, where: upperHalf), twice)
                }
                weights += 2 &* laneBytes
                value += 4
            }
            segment += a.segmentStride
            remaining &-= a.segmentLength
        }
        for r in 0..<R { output.set(block: 0, row: r, to: whole[r]) }
        for p in 0..<P {
            output.set(block: 1, row: 2 &* p, to: Lane(lowHalf: half[p].lowHalf, highHalf: SIMD8.zero))
            output.set(block: 1, row: 2 &* p &+ 1, to: Lane(lowHalf: half[p].highHalf, highHalf: SIMD8.zero))
        }
    }

    @inline(__always) static func finish(_ epilogue: some TileEpilogue, block: Int, pixel: Int) {
        for n in 0..<2 { epilogue.finish(TileColumn<R>(block: block &+ n, pixel: pixel)) }
    }
}

/// One pixel x one and a half column blocks.
enum SingleHalfTile: RegisterTile {
    static var rows: Int { 1 }

    @inline(never)
    static func multiply(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ panel: PanelCursor, _ b: PackedMatrix, _ bias: UnsafeRawPointer,
        _ output: TileOutput
    ) {
        let weights = panel.weights
        var (whole, half) = (bias.lane(0), bias.lane(1))
        for index in 0..<b.depth {
            let scalar = broadcast(row + index / a.segmentLength &* a.segmentStride, index % a.segmentLength &* 4)
            whole = whole.addingProduct(scalar, weights.lane(2 &* index))
            half = half.addingProduct(scalar, weights.lane(2 &* index &+ 1))
        }
        output.set(block: 0, row: 0, to: whole)
        output.set(block: 1, row: 0, to: Lane(lowHalf: half.lowHalf, highHalf: SIMD8.zero))
    }

    @inline(__always) static func finish(_ epilogue: some TileEpilogue, block: Int, pixel: Int) {
        for n in 0..<2 { epilogue.finish(TileColumn<1>(block: block &+ n, pixel: pixel)) }
    }
}

/// A panel's weights, and the part of the next panel that a tile asks for while it computes.
///
/// Where a map is small, a panel serves few tiles before the next one is needed, and 18 MB of weights never stay in the
/// second cache level. Asking in small portions along the depth makes an evaluation to block_16 5 % faster; all at once
/// before the tile gains nothing.
struct PanelCursor {
    let weights: UnsafeRawPointer
    /// The next panel's part that has not been asked for.
    private(set) var ahead: UnsafeRawPointer
    /// Cache lines to ask for per segment of the depth.
    let linesPerSegment: Int
    private let bytesPerTile: Int

    @inline(__always) init(_ b: PackedMatrix, panel: Int, tiles: Int, segmentLength: Int) {
        weights = b.panel(panel)
        ahead = weights + b.panelBytes
        let segments = (b.depth &+ segmentLength &- 1) / segmentLength
        let lines = b.panelBytes / laneBytes
        linesPerSegment = (lines &+ tiles &* segments) / (tiles &* segments &+ 1)
        bytesPerTile = linesPerSegment &* segments &* laneBytes
    }

    /// To be called after each tile.
    @inline(__always) mutating func advance() { ahead += bytesPerTile }
}

/// Where a tile's sums go.
struct TileOutput {
    /// The first pixel's lane in the first block.
    private let base: UnsafeMutableRawPointer
    private let rowBytes: Int
    private let blockBytes: Int

    /// From a column block and a pixel on.
    @inline(__always) init(_ plane: LanePlane, block: Int, pixel: Int) {
        base = plane.pointer(block: block, pixel: pixel)
        rowBytes = plane.pixelStride &* laneBytes
        blockBytes = plane.blockStride &* laneBytes
    }

    @inline(__always) func set(block: Int, row: Int, to value: Lane) {
        (base + block &* blockBytes + row &* rowBytes).setLane(0, to: value)
    }
}

/// The float at `address + offset` in every channel.
@inline(__always)
private func broadcast(_ address: UnsafeRawPointer, _ offset: Int) -> Lane {
    Lane(repeating: address.loadUnaligned(fromByteOffset: offset, as: Float.self))
}
