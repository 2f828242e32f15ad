/// The left operand of `multiply`: for each pixel a row of `depth` floats, made of segments.
///
/// A blocked tensor has segments of 16 channels, a plane apart; the first convolution reads three segments of
/// 9 floats (3 columns x RGB), an image row apart, straight from the padded image: no im2col.
struct RowOperand {
    let base: UnsafeRawPointer
    /// Bytes from a pixel's row to the next pixel's.
    let rowStride: Int
    let segmentLength: Int
    /// Bytes from a segment to the next.
    let segmentStride: Int

    /// The rows of a blocked tensor from `pixel` on.
    static func blocked(_ plane: LanePlane, from pixel: Int) -> RowOperand {
        RowOperand(
            base: plane.pointer(block: 0, pixel: pixel), rowStride: laneBytes, segmentLength: laneWidth,
            segmentStride: plane.blockStride &* laneBytes)
    }
}

/// A register tile of `R` pixels by `N` column blocks; carries its size as a type.
struct Tile<let R: Int, let N: Int> {}

/// `epilogue(a * b)` for some pixels, row 0 of `a` being the first, and some panels of `b`.
///
/// Cost: `2 * pixels * depth * columns` FLOP; panels outermost, so that one panel stays in the first cache levels.
func multiply<E: TileEpilogue>(_ a: RowOperand, pixels: Range<Int>, by b: PackedMatrix, panels: Range<Int>, epilogue: E)
{
    let (first, count) = (pixels.lowerBound, pixels.count)
    for panel in panels {
        let block = panel &* b.panelBlocks
        #if FACETREEL_AVX512
            switch b.panelBlocks {
            case 3:
                multiplyPanel(
                    a, first, count, b, panel, block, epilogue, Tile<8, 3>(), Tile<4, 3>(), Tile<2, 3>(), Tile<1, 3>())
            case 2:
                multiplyPanel(
                    a, first, count, b, panel, block, epilogue, Tile<8, 2>(), Tile<4, 2>(), Tile<2, 2>(), Tile<1, 2>())
            default:
                multiplyPanel(
                    a, first, count, b, panel, block, epilogue, Tile<8, 1>(), Tile<4, 1>(), Tile<2, 1>(), Tile<1, 1>())
            }
        #else
            multiplyPanel(
                a, first, count, b, panel, block, epilogue, Tile<4, 1>(), Tile<4, 1>(), Tile<2, 1>(), Tile<1, 1>())
        #endif
    }
}

/// One panel for all pixels: tiles as high as the position's alignment allows, so that none straddles a mask word.
@inline(__always)
private func multiplyPanel<let R: Int, let S: Int, let N: Int, E: TileEpilogue>(
    _ a: RowOperand, _ first: Int, _ count: Int, _ b: PackedMatrix, _ panel: Int, _ block: Int, _ epilogue: E,
    _ high: Tile<R, N>, _ middle: Tile<S, N>, _ two: Tile<2, N>, _ one: Tile<1, N>
) {
    let weights = b.panel(panel)
    let end = first &+ count
    var pixel = first
    while pixel < end {
        let row = a.base + (pixel &- first) &* a.rowStride
        if pixel % R == 0, pixel &+ R <= end {
            multiplyTile(a, row, weights, b.depth, block, pixel, epilogue, high)
            pixel &+= R
        } else if pixel % S == 0, pixel &+ S <= end {
            multiplyTile(a, row, weights, b.depth, block, pixel, epilogue, middle)
            pixel &+= S
        } else if pixel % 2 == 0, pixel &+ 2 <= end {
            multiplyTile(a, row, weights, b.depth, block, pixel, epilogue, two)
            pixel &+= 2
        } else {
            multiplyTile(a, row, weights, b.depth, block, pixel, epilogue, one)
            pixel &+= 1
        }
    }
}

/// One tile: the product, then the epilogue on each column block.
@inline(__always)
private func multiplyTile<let R: Int, let N: Int, E: TileEpilogue>(
    _ a: RowOperand, _ row: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ depth: Int, _ block: Int, _ pixel: Int,
    _ epilogue: E, _ tile: Tile<R, N>
) {
    let sums = tileProduct(row, a, weights, depth, tile)
    for n in 0..<N { epilogue.store(sums[n], block: block &+ n, pixel: pixel) }
}

/// The innermost loop: per depth index `N` loads of weights, `R` broadcasts, `R * N` fused multiply-adds, all in registers.
///
/// Never inlined: next to an epilogue the optimiser may leave the sums in memory throughout (half the speed, seen),
/// while returning them costs one store and one load each.
@inline(never)
private func tileProduct<let R: Int, let N: Int>(
    _ row: UnsafeRawPointer, _ a: RowOperand, _ weights: UnsafeRawPointer, _ depth: Int, _ tile: Tile<R, N>
) -> InlineArray<N, InlineArray<R, Lane>> {
    var sums = InlineArray<N, InlineArray<R, Lane>>(repeating: InlineArray<R, Lane>(repeating: Lane.zero))
    var weights = weights
    var segment = row
    var remaining = depth
    while remaining > 0 {
        var value = segment
        for _ in 0..<min(remaining, a.segmentLength) {
            var column = InlineArray<N, Lane>(repeating: Lane.zero)
            for n in 0..<N { column[n] = weights.lane(n) }
            for r in 0..<R {
                let scalar = Lane(repeating: value.loadUnaligned(fromByteOffset: r &* a.rowStride, as: Float.self))
                for n in 0..<N { sums[n][r] = sums[n][r].addingProduct(scalar, column[n]) }
            }
            weights += N &* laneBytes
            value += 4
        }
        segment += a.segmentStride
        remaining &-= a.segmentLength
    }
    return sums
}
