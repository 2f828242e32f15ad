/// A matrix `[depth, column]` packed for `multiply`: panels of one to three column blocks, each `[depth][block][16]`;
/// where their number is odd and no multiple of three, panels of three and behind them one or two of two.
///
/// Columns are padded with zeros to whole blocks. One and a half blocks (see `PairedTile`) lie as
/// `[pair of depths][half block][8][2]` instead. Read-only after `init`, so workers share it.
struct PackedMatrix: Sendable {
    let depth: Int
    let columnBlocks: Int
    /// Column blocks in each of the first panels.
    let panelBlocks: Int
    /// How many of those there are. All others are pairs.
    private let widePanels: Int
    /// All panels.
    let panels: Range<Int>
    /// Whether its columns are one and a half blocks, packed in pairs of depths.
    let isPaired: Bool
    /// Bytes of each of the first panels.
    let panelBytes: Int
    private let storage: AlignedBuffer

    /// Packs `value(depthIndex, column)`; `columns` counts the real ones.
    /// - Parameter allowsPairs: whether all segments of the left operand have even lengths.
    init(depth: Int, columns: Int, allowsPairs: Bool = true, value: (Int, Int) -> Float) {
        self.depth = depth
        columnBlocks = blockCount(columns)
        panelBlocks = Tiling.panelBlocks(for: columnBlocks)
        let pairs = Tiling.pairs(for: columnBlocks)
        widePanels = (columnBlocks - 2 * pairs) / panelBlocks
        panels = 0..<widePanels + pairs
        isPaired = allowsPairs && panelBlocks == 2 && columnBlocks == 2 && columns <= laneWidth + halfLaneWidth
        panelBytes = (isPaired ? (depth + 1) / 2 * 3 : depth * panelBlocks) * laneBytes
        let floats = isPaired ? panelBytes / MemoryLayout<Float>.stride : depth * columnBlocks * laneWidth
        storage = AlignedBuffer(count: floats)
        for panel in panels {
            let blocks = blocks(of: panel)
            let width = blocks.count * laneWidth
            let values = UnsafeMutableRawPointer(mutating: self.panel(panel)).assumingMemoryBound(to: Float.self)
            for column in blocks.lowerBound * laneWidth..<min(blocks.upperBound * laneWidth, columns) {
                let place = column - blocks.lowerBound * laneWidth
                for index in 0..<depth {
                    values[
                        isPaired ? (index / 2 * 3 * halfLaneWidth + place) * 2 + index % 2 : index * width + place] =
                        value(index, column)
                }
            }
        }
    }

    /// Panel `index`.
    @inline(__always) func panel(_ index: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(storage.base) + min(index, widePanels) &* panelBytes
            + max(index &- widePanels, 0) &* (2 &* depth &* laneBytes)
    }

    /// The column blocks of a panel.
    @inline(__always) func blocks(of panel: Int) -> Range<Int> {
        let first = min(panel, widePanels) &* panelBlocks &+ max(panel &- widePanels, 0) &* 2
        return first..<first &+ (panel < widePanels ? panelBlocks : 2)
    }
}

/// A deep matrix in parts, each a matrix for `multiply`, whose products are added up: a single sum over thousands of
/// terms of one sign would lose three digits to rounding.
struct PackedParts: Sendable {
    let parts: [PackedMatrix]

    /// Deep enough that adding the parts costs nothing beside their products; a multiple of 16.
    static let greatestDepth = 1024

    /// Packs `value(depthIndex, column)`.
    init(depth: Int, columns: Int, value: (Int, Int) -> Float) {
        parts = stride(from: 0, to: max(depth, 1), by: Self.greatestDepth).map { first in
            PackedMatrix(depth: min(Self.greatestDepth, depth - first), columns: columns) { value(first + $0, $1) }
        }
    }

    /// Of which segment of 16 channels of the left operand each part is the first to know.
    static func firstSegment(of part: Int) -> Int { part * greatestDepth / laneWidth }
}

/// How many column blocks a register tile spans.
///
/// Measured on a Zen 5 core (512-bit peak 254 GFLOP/s), plain stores included, depth 32 to 960: 8 pixels x 3 or 2 blocks
/// 226-251, 16 x 1 212-225. On a Zen 4 core (peak 118) 8 x 3 reach 110-115 from depth 64 on, and 8 x 1 1/2 the same.
/// With AVX2 (peak 128): 4 x 1 119, while 8 x 2 falls to 87 because it does not fit sixteen registers.
enum Tiling {
    static func panelBlocks(for columnBlocks: Int) -> Int {
        #if FACETREEL_AVX512
            if columnBlocks % 3 == 0 { return 3 }
            if columnBlocks % 2 == 0 { return 2 }
            if columnBlocks > 1 { return 3 }
        #endif
        return 1
    }

    /// Panels of two blocks behind those of three: what three leave of an odd number.
    static func pairs(for columnBlocks: Int) -> Int {
        #if FACETREEL_AVX512
            if columnBlocks % 2 == 1, columnBlocks > 1 { return [0, 2, 1][columnBlocks % 3] }
        #endif
        return 0
    }
}
