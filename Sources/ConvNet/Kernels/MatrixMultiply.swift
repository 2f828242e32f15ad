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
        let place = PanelPlace(pixels: pixels, panel: panel)
        #if FACETREEL_AVX512
            switch b.panelBlocks {
            case 3:
                multiplyPanel(a, b, place, epilogue, Tile<8, 3>.self, Tile<4, 3>.self, Tile<2, 3>.self, Tile<1, 3>.self)
            case 2 where b.hasHalfBlock:
                multiplyPanel(
                    a, b, place, epilogue, HalfTile<8, 4>.self, HalfTile<4, 2>.self, HalfTile<2, 1>.self,
                    SingleHalfTile.self)
            case 2:
                multiplyPanel(a, b, place, epilogue, Tile<8, 2>.self, Tile<4, 2>.self, Tile<2, 2>.self, Tile<1, 2>.self)
            default:
                multiplyPanel(
                    a, b, place, epilogue, Tile<16, 1>.self, Tile<8, 1>.self, Tile<2, 1>.self, Tile<1, 1>.self)
            }
        #else
            multiplyPanel(a, b, place, epilogue, Tile<4, 1>.self, Tile<4, 1>.self, Tile<2, 1>.self, Tile<1, 1>.self)
        #endif
    }
}

/// The pixels and the panel that `multiplyPanel` is about.
private struct PanelPlace {
    let pixels: Range<Int>
    let panel: Int
}

/// One panel for all pixels: tiles as high as the position's alignment allows, so that none straddles a mask word.
@inline(__always)
private func multiplyPanel<High: RegisterTile, Middle: RegisterTile, Two: RegisterTile, One: RegisterTile>(
    _ a: RowOperand, _ b: PackedMatrix, _ place: PanelPlace, _ epilogue: some TileEpilogue,
    _ high: High.Type, _ middle: Middle.Type, _ two: Two.Type, _ one: One.Type
) {
    let weights = b.panel(place.panel)
    let block = place.panel &* b.panelBlocks
    let (first, end) = (place.pixels.lowerBound, place.pixels.upperBound)
    var pixel = first
    while pixel < end {
        let row = a.base + (pixel &- first) &* a.rowStride
        if pixel % High.rows == 0, pixel &+ High.rows <= end {
            High.multiply(a, row, b, weights, block: block, pixel: pixel, epilogue)
            pixel &+= High.rows
        } else if pixel % Middle.rows == 0, pixel &+ Middle.rows <= end {
            Middle.multiply(a, row, b, weights, block: block, pixel: pixel, epilogue)
            pixel &+= Middle.rows
        } else if pixel % 2 == 0, pixel &+ 2 <= end {
            Two.multiply(a, row, b, weights, block: block, pixel: pixel, epilogue)
            pixel &+= 2
        } else {
            One.multiply(a, row, b, weights, block: block, pixel: pixel, epilogue)
            pixel &+= 1
        }
    }
}
