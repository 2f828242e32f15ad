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

/// `epilogue(a * b)` for some pixels, row 0 of `a` being the first, and some panels of `b`.
///
/// Cost: `2 * pixels * depth * columns` FLOP; panels outermost, so that one panel stays in the first cache levels.
func multiply<E: TileEpilogue>(_ a: RowOperand, pixels: Range<Int>, by b: PackedMatrix, panels: Range<Int>, epilogue: E)
{
    for panel in panels {
        #if FACETREEL_AVX512
            switch b.panelBlocks {
            case 3:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<8, 3>.self, Tile<4, 3>.self, Tile<2, 3>.self, Tile<1, 3>.self)
            case 2 where b.hasHalfBlock:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, HalfTile<8, 4>.self, HalfTile<4, 2>.self, HalfTile<2, 1>.self,
                    SingleHalfTile.self)
            case 2:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<8, 2>.self, Tile<4, 2>.self, Tile<2, 2>.self, Tile<1, 2>.self)
            default:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<16, 1>.self, Tile<8, 1>.self, Tile<4, 1>.self, Tile<1, 1>.self)
            }
        #else
            multiplyPanel(
                a, pixels, b, panel, epilogue, Tile<4, 1>.self, Tile<2, 1>.self, Tile<1, 1>.self, Tile<1, 1>.self)
        #endif
    }
}

/// One panel for all pixels: the highest tiles as long as they fit, then lower ones.
@inline(__always)
private func multiplyPanel<High: RegisterTile, Middle: RegisterTile, Low: RegisterTile, One: RegisterTile>(
    _ a: RowOperand, _ pixels: Range<Int>, _ b: PackedMatrix, _ panel: Int, _ epilogue: some TileEpilogue,
    _ high: High.Type, _ middle: Middle.Type, _ low: Low.Type, _ one: One.Type
) {
    let block = panel &* b.panelBlocks
    let bias = epilogue.bias + block &* laneBytes
    let end = pixels.upperBound
    var cursor = PanelCursor(b, panel: panel, tiles: pixels.count / High.rows &+ 1, segmentLength: a.segmentLength)
    var row = a.base
    var pixel = pixels.lowerBound
    var finished = pixel
    while pixel < end {
        let output = TileOutput(epilogue.output, block: block, pixel: pixel)
        var rows = 1
        if pixel &+ High.rows <= end {
            High.multiply(row, a, cursor, b, bias, output)
            rows = High.rows
        } else if pixel &+ Middle.rows <= end {
            Middle.multiply(row, a, cursor, b, bias, output)
            rows = Middle.rows
        } else if pixel &+ Low.rows <= end {
            Low.multiply(row, a, cursor, b, bias, output)
            rows = Low.rows
        } else {
            One.multiply(row, a, cursor, b, bias, output)
        }
        cursor.advance()
        row += rows &* a.rowStride
        pixel &+= rows
        let ready = pixel == end ? end : pixel & ~(maskPixels &- 1)
        if ready > finished {
            for n in 0..<b.panelBlocks { epilogue.finish(block: block &+ n, pixels: finished..<ready) }
            finished = ready
        }
    }
}
