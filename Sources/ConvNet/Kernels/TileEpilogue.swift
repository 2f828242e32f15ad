/// What a matrix product starts from and what becomes of a finished register tile.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower).
protocol TileEpilogue {
    /// The accumulators' first value for column block `block`.
    func initial(block: Int) -> Lane
    /// Takes `rows` consecutive pixels of one column block, the first at `pixel`; the tile never straddles a mask word.
    func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int)
}

/// Bias, ReLU6, mask: the expand convolution forward.
struct RectifyingEpilogue: TileEpilogue {
    let output: UnsafeMutableRawPointer
    /// Pixels in a plane of the output.
    let pixels: Int
    let bias: UnsafeRawPointer
    let mask: UnsafeMutableRawPointer
    /// Mask words in a plane.
    let maskWords: Int

    @inline(__always) func initial(block: Int) -> Lane { bias.lane(block) }

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = block &* pixels &+ pixel
        let shift = UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        let word = block &* maskWords &+ pixel / maskPixels
        var bits = shift == 0 ? MaskWord.zero : mask.maskWord(word)
        for row in 0..<R {
            output.setLane(first &+ row, to: rectified6(rows[row]))
            bits = bits | maskBits(rows[row], bit: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
        }
        mask.setMaskWord(word, to: bits)
    }
}

/// Bias alone: a project convolution forward, an expand convolution backward.
struct LinearEpilogue: TileEpilogue {
    let output: UnsafeMutableRawPointer
    let pixels: Int
    let bias: UnsafeRawPointer

    @inline(__always) func initial(block: Int) -> Lane { bias.lane(block) }

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = block &* pixels &+ pixel
        for row in 0..<R { output.setLane(first &+ row, to: rows[row]) }
    }
}

/// Bias and residual. A type of its own: an optional residual kept the tile's sums out of registers (half the speed).
struct ResidualEpilogue: TileEpilogue {
    let output: UnsafeMutableRawPointer
    let pixels: Int
    let bias: UnsafeRawPointer
    /// Laid out like the output.
    let residual: UnsafeRawPointer

    @inline(__always) func initial(block: Int) -> Lane { bias.lane(block) }

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = block &* pixels &+ pixel
        for row in 0..<R { output.setLane(first &+ row, to: rows[row] + residual.lane(first &+ row)) }
    }
}

/// ReLU6's derivative: the project convolution backward.
struct MaskingEpilogue: TileEpilogue {
    let output: UnsafeMutableRawPointer
    let pixels: Int
    let mask: UnsafeMutableRawPointer
    let maskWords: Int

    @inline(__always) func initial(block: Int) -> Lane { Lane.zero }

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = block &* pixels &+ pixel
        let shift = UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        let word = mask.maskWord(block &* maskWords &+ pixel / maskPixels)
        for row in 0..<R {
            let bit: UInt32 = 1 &<< (shift &+ UInt32(truncatingIfNeeded: row))
            output.setLane(first &+ row, to: masked(rows[row], by: word, bit: bit))
        }
    }
}
