/// The left operand of `multiply`: for each pixel a row of `depth` floats, made of segments.
protocol LeftOperand {
    var base: UnsafeRawPointer { get }
    /// Bytes from a pixel's row to the next pixel's.
    var rowStride: Int { get }
    /// Floats of a segment; the last one may be shorter.
    var segmentLength: Int { get }
    /// Bytes from segment `index` to the next one.
    func step(after index: Int) -> Int
}

/// Segments at equal distances: a blocked tensor has segments of 16 channels, a plane apart; a convolution of the image
/// reads segments of a kernel row (columns x RGB), an image row apart, straight from the padded image: no im2col.
struct RowOperand: LeftOperand {
    let base: UnsafeRawPointer
    let rowStride: Int
    let segmentLength: Int
    /// Bytes from a segment to the next.
    let segmentStride: Int

    @inline(__always) func step(after index: Int) -> Int { segmentStride }

    /// The rows of a blocked tensor from `pixel` on.
    static func blocked(_ plane: LanePlane, from pixel: Int) -> RowOperand {
        RowOperand(
            base: plane.pointer(block: 0, pixel: pixel), rowStride: laneBytes, segmentLength: laneWidth,
            segmentStride: plane.blockStride &* laneBytes)
    }
}

/// Segments of 16 channels anywhere: those that the taps of a kernel read, block by block, from a padded map.
struct TapOperand: LeftOperand {
    let base: UnsafeRawPointer
    let rowStride: Int
    /// Bytes from each segment to the next.
    let steps: UnsafePointer<Int>

    @inline(__always) var segmentLength: Int { laneWidth }
    @inline(__always) func step(after index: Int) -> Int { steps[index] }
}

/// `epilogue(a * b)` for some pixels, row 0 of `a` being the first, and some panels of `b`.
///
/// Cost: `2 * pixels * depth * columns` FLOP; panels outermost, so that one panel stays in the first cache levels.
func multiply<A: LeftOperand, E: TileEpilogue>(
    _ a: A, pixels: Range<Int>, by b: PackedMatrix, panels: Range<Int>, epilogue: E
) {
    for panel in panels {
        #if FACETREEL_AVX512
            switch b.panelBlocks {
            case 3:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<8, 3>.self, Tile<4, 3>.self, Tile<2, 3>.self, Tile<1, 3>.self)
            case 2 where b.isPaired:
                precondition(a.segmentLength.isMultiple(of: 2), "pairs of depths lie in one segment")
                multiplyPanel(
                    a, pixels, b, panel, epilogue, PairedTile<8>.self, PairedTile<4>.self, PairedTile<2>.self,
                    PairedTile<1>.self)
            case 2:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<8, 2>.self, Tile<4, 2>.self, Tile<2, 2>.self, Tile<1, 2>.self)
            default:
                multiplyPanel(
                    a, pixels, b, panel, epilogue, Tile<16, 1>.self, Tile<4, 1>.self, Tile<2, 1>.self, Tile<1, 1>.self)
            }
        #else
            multiplyPanel(
                a, pixels, b, panel, epilogue, Tile<4, 1>.self, Tile<2, 1>.self, Tile<1, 1>.self, Tile<1, 1>.self)
        #endif
    }
}

/// One panel for all pixels: tiles as high as the position's alignment allows, so that none straddles a mask word.
@inline(__always)
private func multiplyPanel<High: RegisterTile, Middle: RegisterTile, Low: RegisterTile, One: RegisterTile>(
    _ a: some LeftOperand, _ pixels: Range<Int>, _ b: PackedMatrix, _ panel: Int, _ epilogue: some TileEpilogue,
    _ high: High.Type, _ middle: Middle.Type, _ low: Low.Type, _ one: One.Type
) {
    let end = pixels.upperBound
    var place = PanelPlace(
        row: a.base, pixel: pixels.lowerBound,
        cursor: PanelCursor(b, panel: panel, tiles: pixels.count / High.rows &+ 1, segmentLength: a.segmentLength))
    while place.pixel < end {
        if place.pixel % High.rows == 0, place.pixel &+ High.rows <= end {
            multiplyTile(a, b, panel, epilogue, &place, High.self)
        } else if place.pixel % Middle.rows == 0, place.pixel &+ Middle.rows <= end {
            multiplyTile(a, b, panel, epilogue, &place, Middle.self)
        } else if place.pixel % Low.rows == 0, place.pixel &+ Low.rows <= end {
            multiplyTile(a, b, panel, epilogue, &place, Low.self)
        } else {
            multiplyTile(a, b, panel, epilogue, &place, One.self)
        }
    }
}

/// How far `multiplyPanel` has come.
private struct PanelPlace {
    var row: UnsafeRawPointer
    var pixel: Int
    var cursor: PanelCursor
}

@inline(__always)
private func multiplyTile<T: RegisterTile>(
    _ a: some LeftOperand, _ b: PackedMatrix, _ panel: Int, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
    _ tile: T.Type
) {
    T.multiply(place.row, a, place.cursor, b, epilogue, block: panel &* b.panelBlocks, pixel: place.pixel)
    place.row += T.rows &* a.rowStride
    place.pixel &+= T.rows
    place.cursor.advance()
}
