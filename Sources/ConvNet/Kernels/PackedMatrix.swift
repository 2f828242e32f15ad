/// A matrix `[depth, column]` packed for `multiply`: panels of one to three column blocks, each `[depth][block][16]`.
///
/// Columns are padded with zeros to whole blocks; a half block (see `HalfTile`) is held twice instead. Read-only after
/// `init`, so workers share it.
struct PackedMatrix: Sendable {
    let depth: Int
    let columnBlocks: Int
    /// Column blocks in a panel; divides `columnBlocks`.
    let panelBlocks: Int
    /// The second of two blocks has eight columns at most, which fill both halves of its lanes.
    let hasHalfBlock: Bool
    private let storage: AlignedBuffer

    /// Packs `value(depthIndex, column)`; `columns` counts the real ones.
    init(depth: Int, columns: Int, value: (Int, Int) -> Float) {
        self.depth = depth
        columnBlocks = blockCount(columns)
        panelBlocks = Tiling.panelBlocks(for: columnBlocks)
        hasHalfBlock = panelBlocks == 2 && columnBlocks == 2 && columns <= laneWidth + halfLaneWidth
        storage = AlignedBuffer(count: (depth * columnBlocks + 1) * laneWidth)
        let floats = storage.floats
        let panelColumns = panelBlocks * laneWidth
        for column in 0..<columns {
            let panel = column / panelColumns
            for index in 0..<depth {
                let place = (panel * depth + index) * panelColumns + column % panelColumns
                floats[place] = value(index, column)
                if hasHalfBlock && column >= laneWidth { floats[place + halfLaneWidth] = value(index, column) }
            }
        }
        for channel in halfLaneWidth..<laneWidth { floats[depth * columnBlocks * laneWidth + channel] = 1 }
    }

    /// Which channels of a lane lie in its upper half.
    ///
    /// Read from memory: were it a constant, the optimiser would turn `HalfTile`'s blend into a slower permutation.
    @inline(__always) var upperHalf: SIMDMask<SIMD16<Int32>> {
        UnsafeRawPointer(storage.base).lane(depth &* columnBlocks) .> Lane.zero
    }

    /// Panel `index`: `depth * panelBlocks` lanes.
    @inline(__always) func panel(_ index: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(storage.base) + index &* panelBytes
    }

    @inline(__always) var panelBytes: Int { depth &* panelBlocks &* laneBytes }

    /// All panels.
    var panels: Range<Int> { 0..<columnBlocks / panelBlocks }

    /// The column blocks of a panel.
    func blocks(of panel: Int) -> Range<Int> { panel * panelBlocks..<(panel + 1) * panelBlocks }
}

/// How many column blocks a register tile spans.
///
/// Measured on a Zen 5 core (512-bit peak 254 GFLOP/s), plain stores included, depth 32 to 960: 8 pixels x 3 or 2 blocks
/// 226-251, 8 x 1 1/2 239-243, 16 x 1 212-225.
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
