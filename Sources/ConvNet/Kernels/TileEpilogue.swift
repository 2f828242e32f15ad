/// Where the lanes of a blocked tensor, or of some of its rows, lie in memory.
struct LanePlane {
    let base: UnsafeMutableRawPointer
    /// Lanes from a channel block to the next.
    let blockStride: Int
    /// The pixel whose lane is at `base`: the first of the rows held.
    var origin = 0

    /// The lane of a pixel, as an index from `base`.
    @inline(__always) func index(block: Int, pixel: Int) -> Int { block &* blockStride &+ pixel &- origin }

    /// The address of a pixel's lane in column block `block`.
    @inline(__always) func pointer(block: Int, pixel: Int) -> UnsafeMutableRawPointer {
        base + index(block: block, pixel: pixel) &* laneBytes
    }
}

/// The ReLU6 masks of one layer: `[channel block][mask word]`.
struct MaskPlane {
    let base: UnsafeMutableRawPointer
    /// Mask words from a channel block to the next.
    let blockStride: Int

    /// The words of one channel block.
    @inline(__always) func block(_ block: Int) -> UnsafeMutableRawPointer { base + block &* blockStride &* laneBytes }
}

/// What becomes of a finished register tile.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower).
protocol TileEpilogue {
    /// Takes `rows` consecutive pixels of one column block, the first at `pixel`; the tile never straddles a mask word.
    func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int)
}

/// Bias, ReLU6, mask: the expand convolution forward.
struct RectifyingEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = output.index(block: block, pixel: pixel)
        let shift = UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        let words = mask.block(block)
        var bits = shift == 0 ? MaskWord.zero : words.maskWord(pixel / maskPixels)
        let bias = bias.lane(block)
        for row in 0..<R {
            let value = rows[row] + bias
            output.base.setLane(first &+ row, to: rectified6(value))
            let bit = MaskWord(repeating: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
            bits = adding(bit, to: bits, whereInside: value)
        }
        words.setMaskWord(pixel / maskPixels, to: bits)
    }
}

/// Bias alone: a project convolution forward, an expand convolution backward.
struct LinearEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = output.index(block: block, pixel: pixel)
        let bias = bias.lane(block)
        for row in 0..<R { output.base.setLane(first &+ row, to: rows[row] + bias) }
    }
}

/// Bias and residual.
struct ResidualEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let residual: LanePlane

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = output.index(block: block, pixel: pixel)
        let added = residual.index(block: block, pixel: pixel)
        let bias = bias.lane(block)
        for row in 0..<R { output.base.setLane(first &+ row, to: rows[row] + bias + residual.base.lane(added &+ row)) }
    }
}

/// ReLU6's derivative: the project convolution backward.
struct MaskingEpilogue: TileEpilogue {
    let output: LanePlane
    let mask: MaskPlane

    @inline(__always) func store<let R: Int>(_ rows: InlineArray<R, Lane>, block: Int, pixel: Int) {
        let first = output.index(block: block, pixel: pixel)
        let shift = UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        let word = mask.block(block).maskWord(pixel / maskPixels)
        for row in 0..<R {
            let bit = MaskWord(repeating: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
            output.base.setLane(first &+ row, to: masked(rows[row], by: word, bit: bit))
        }
    }
}
