/// A matrix `[depth, column]` packed for `multiply`: panels of one to three column blocks, each `[depth][block][16]`.
///
/// Columns are padded with zeros to whole blocks. One and a half blocks (see `PairedTile`) lie as
/// `[pair of depths][half block][8][2]` instead. Read-only after `init`, so workers share it.
struct PackedMatrix: Sendable {
    let depth: Int
    let columnBlocks: Int
    /// Column blocks in a panel; divides `columnBlocks`.
    let panelBlocks: Int
    /// Whether its columns are one and a half blocks, packed in pairs of depths.
    let isPaired: Bool
    let panelBytes: Int
    private let storage: AlignedBuffer

    /// Packs `value(depthIndex, column)`; `columns` counts the real ones.
    /// - Parameter allowsPairs: whether all segments of the left operand have even lengths.
    init(depth: Int, columns: Int, allowsPairs: Bool = true, value: (Int, Int) -> Float) {
        self.depth = depth
        columnBlocks = blockCount(columns)
        panelBlocks = Tiling.panelBlocks(for: columnBlocks)
        isPaired = allowsPairs && panelBlocks == 2 && columnBlocks == 2 && columns <= laneWidth + halfLaneWidth
        panelBytes = (isPaired ? (depth + 1) / 2 * 3 : depth * panelBlocks) * laneBytes
        let panelFloats = panelBytes / MemoryLayout<Float>.stride
        storage = AlignedBuffer(count: columnBlocks / panelBlocks * panelFloats)
        let panelColumns = panelBlocks * laneWidth
        for column in 0..<columns {
            for index in 0..<depth {
                let place =
                    isPaired
                    ? (index / 2 * 3 * halfLaneWidth + column) * 2 + index % 2
                    : column / panelColumns * panelFloats + index * panelColumns + column % panelColumns
                storage.floats[place] = value(index, column)
            }
        }
    }

    /// Panel `index`.
    @inline(__always) func panel(_ index: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(storage.base) + index &* panelBytes
    }

    /// All panels.
    var panels: Range<Int> { 0..<columnBlocks / panelBlocks }

    /// The column blocks of a panel.
    func blocks(of panel: Int) -> Range<Int> { panel * panelBlocks..<(panel + 1) * panelBlocks }
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
        #endif
        return 1
    }
}
