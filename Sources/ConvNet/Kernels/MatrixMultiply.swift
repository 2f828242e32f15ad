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
            switch b.blocks(of: panel).count {
            case 3: multiplyPanel(a, pixels, b, panel, epilogue, Tiles<3>.self)
            case 2 where b.isPaired:
                precondition(a.segmentLength.isMultiple(of: 2), "pairs of depths lie in one segment")
                multiplyPanel(a, pixels, b, panel, epilogue, PairedTiles.self)
            case 2: multiplyPanel(a, pixels, b, panel, epilogue, Tiles<2>.self)
            default: multiplyPanel(a, pixels, b, panel, epilogue, HighTiles.self)
            }
        #else
            multiplyPanel(a, pixels, b, panel, epilogue, LowTiles.self)
        #endif
    }
}

/// One panel for all pixels: in tiles as high as the position's alignment allows, so that none straddles a mask word,
/// or, where there is no mask, in as few tiles of about the same height as there can be.
///
/// A map of 7 or 14 columns is two thirds faster in tiles of 7 rows than in those of 4, 2 and 1.
@inline(__always)
private func multiplyPanel<T: TileHeights>(
    _ a: some LeftOperand, _ pixels: Range<Int>, _ b: PackedMatrix, _ panel: Int, _ epilogue: some TileEpilogue,
    _ tiles: T.Type
) {
    let count = (pixels.count &+ T.greatest &- 1) / T.greatest
    var place = PanelPlace(
        row: a.base, pixel: pixels.lowerBound, block: b.blocks(of: panel).lowerBound,
        cursor: PanelCursor(b, panel: panel, tiles: count &+ 1, segmentLength: a.segmentLength))
    if !epilogue.hasMask {
        for index in 0..<count {
            // The rest of pixels by the rest of tiles, rounded up.
            let remaining = count &- index
            T.multiply(
                a, b, epilogue, &place,
                atMost: (pixels.upperBound &- place.pixel &+ remaining &- 1) / remaining)
        }
    }
    while place.pixel < pixels.upperBound {
        let rest = pixels.upperBound &- place.pixel
        // The greatest power of two that divides the position.
        let aligned = place.pixel == 0 ? T.greatest : 1 &<< place.pixel.trailingZeroBitCount
        T.multiply(a, b, epilogue, &place, atMost: alignedHeight(min(rest, aligned, T.greatest)))
    }
}

/// The greatest power of two that is not above `height`.
@inline(__always) private func alignedHeight(_ height: Int) -> Int {
    1 &<< (Int.bitWidth &- 1 &- height.leadingZeroBitCount)
}

/// How far `multiplyPanel` has come.
private struct PanelPlace {
    var row: UnsafeRawPointer
    var pixel: Int
    let block: Int
    var cursor: PanelCursor
}

/// The heights of tiles that there are for a width of panels.
private protocol TileHeights {
    static var greatest: Int { get }

    /// Multiplies by one tile, of the greatest height there is that is not above `height`.
    static func multiply(
        _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
        atMost height: Int)
}

#if FACETREEL_AVX512
    /// All heights up to eight, for panels of two or three blocks.
    private enum Tiles<let N: Int>: TileHeights {
        static var greatest: Int { 8 }

        @inline(__always) static func multiply(
            _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
            atMost height: Int
        ) {
            switch height {
            case 8: multiplyTile(a, b, epilogue, &place, Tile<8, N>.self)
            case 7: multiplyTile(a, b, epilogue, &place, Tile<7, N>.self)
            case 6: multiplyTile(a, b, epilogue, &place, Tile<6, N>.self)
            case 5: multiplyTile(a, b, epilogue, &place, Tile<5, N>.self)
            case 4: multiplyTile(a, b, epilogue, &place, Tile<4, N>.self)
            case 3: multiplyTile(a, b, epilogue, &place, Tile<3, N>.self)
            case 2: multiplyTile(a, b, epilogue, &place, Tile<2, N>.self)
            default: multiplyTile(a, b, epilogue, &place, Tile<1, N>.self)
            }
        }
    }

    /// For one and a half blocks.
    private enum PairedTiles: TileHeights {
        static var greatest: Int { 8 }

        @inline(__always) static func multiply(
            _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
            atMost height: Int
        ) {
            switch height {
            case 8: multiplyTile(a, b, epilogue, &place, PairedTile<8>.self)
            case 7: multiplyTile(a, b, epilogue, &place, PairedTile<7>.self)
            case 5, 6: multiplyTile(a, b, epilogue, &place, PairedTile<5>.self)
            case 4: multiplyTile(a, b, epilogue, &place, PairedTile<4>.self)
            case 2, 3: multiplyTile(a, b, epilogue, &place, PairedTile<2>.self)
            default: multiplyTile(a, b, epilogue, &place, PairedTile<1>.self)
            }
        }
    }

    /// For one block.
    private enum HighTiles: TileHeights {
        static var greatest: Int { 16 }

        @inline(__always) static func multiply(
            _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
            atMost height: Int
        ) {
            switch height {
            case 16...: multiplyTile(a, b, epilogue, &place, Tile<16, 1>.self)
            case 14...: multiplyTile(a, b, epilogue, &place, Tile<14, 1>.self)
            case 8...: multiplyTile(a, b, epilogue, &place, Tile<8, 1>.self)
            case 7: multiplyTile(a, b, epilogue, &place, Tile<7, 1>.self)
            case 4...: multiplyTile(a, b, epilogue, &place, Tile<4, 1>.self)
            case 2...: multiplyTile(a, b, epilogue, &place, Tile<2, 1>.self)
            default: multiplyTile(a, b, epilogue, &place, Tile<1, 1>.self)
            }
        }
    }
#else
    /// For one block, in sixteen registers of half its width.
    private enum LowTiles: TileHeights {
        static var greatest: Int { 4 }

        @inline(__always) static func multiply(
            _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
            atMost height: Int
        ) {
            switch height {
            case 4: multiplyTile(a, b, epilogue, &place, Tile<4, 1>.self)
            case 3: multiplyTile(a, b, epilogue, &place, Tile<3, 1>.self)
            case 2: multiplyTile(a, b, epilogue, &place, Tile<2, 1>.self)
            default: multiplyTile(a, b, epilogue, &place, Tile<1, 1>.self)
            }
        }
    }
#endif

@inline(__always)
private func multiplyTile<T: RegisterTile>(
    _ a: some LeftOperand, _ b: PackedMatrix, _ epilogue: some TileEpilogue, _ place: inout PanelPlace,
    _ tile: T.Type
) {
    T.multiply(place.row, a, place.cursor, b, epilogue, block: place.block, pixel: place.pixel)
    place.row += T.rows &* a.rowStride
    place.pixel &+= T.rows
    place.cursor.advance()
}
