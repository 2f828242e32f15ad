/// Where the lanes of a blocked tensor, or of some of its rows, lie in memory.
struct LanePlane {
    let base: UnsafeMutableRawPointer
    /// Lanes from a channel block to the next.
    let blockStride: Int
    /// The pixel whose lane is at `base`: the first of the rows held.
    var origin = 0
    /// Lanes from a pixel to the next: 1 but for the stem's products.
    var pixelStride = 1

    /// The lane of a pixel, as an index from `base`.
    @inline(__always) func index(block: Int, pixel: Int) -> Int {
        block &* blockStride &+ (pixel &- origin) &* pixelStride
    }

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

/// `R` consecutive pixels of one column block, the first at `pixel`, none beyond the first one's mask word.
struct TileColumn<let R: Int> {
    let block: Int
    let pixel: Int
}

/// What becomes of a register tile: its sums begin at the bias, are written to the output and finished there.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower). Tile by
/// tile, with a number of pixels that the type carries: in runs of a mask word an evaluation took 4 % longer.
protocol TileEpilogue {
    var output: LanePlane { get }
    /// One lane a column block.
    var bias: UnsafeRawPointer { get }
    /// What follows once some pixels' sums have been written.
    func finish<let R: Int>(_ column: TileColumn<R>)
}

/// Bias, ReLU6, mask: the expand convolution forward.
struct RectifyingEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func finish<let R: Int>(_ column: TileColumn<R>) {
        let first = output.index(block: column.block, pixel: column.pixel)
        let shift = UInt32(truncatingIfNeeded: column.pixel & (maskPixels - 1))
        let words = mask.block(column.block)
        var bits = shift == 0 ? MaskWord.zero : words.maskWord(column.pixel / maskPixels)
        for row in 0..<R {
            let value = output.base.lane(first &+ row)
            output.base.setLane(first &+ row, to: rectified6(value))
            let bit = MaskWord(repeating: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
            bits = adding(bit, to: bits, whereInside: value)
        }
        words.setMaskWord(column.pixel / maskPixels, to: bits)
    }
}

/// Bias alone: a project convolution forward, an expand convolution backward.
struct LinearEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer

    @inline(__always) func finish<let R: Int>(_ column: TileColumn<R>) {}
}

/// Bias and residual.
struct ResidualEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let residual: LanePlane

    @inline(__always) func finish<let R: Int>(_ column: TileColumn<R>) {
        let first = output.index(block: column.block, pixel: column.pixel)
        let added = residual.index(block: column.block, pixel: column.pixel)
        for row in 0..<R {
            output.base.setLane(first &+ row, to: output.base.lane(first &+ row) + residual.base.lane(added &+ row))
        }
    }
}

/// ReLU6's derivative: the project convolution backward.
struct MaskingEpilogue: TileEpilogue {
    let output: LanePlane
    /// Zeros.
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func finish<let R: Int>(_ column: TileColumn<R>) {
        let first = output.index(block: column.block, pixel: column.pixel)
        let shift = UInt32(truncatingIfNeeded: column.pixel & (maskPixels - 1))
        let word = mask.block(column.block).maskWord(column.pixel / maskPixels)
        for row in 0..<R {
            let bit = MaskWord(repeating: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
            output.base.setLane(first &+ row, to: masked(output.base.lane(first &+ row), by: word, bit: bit))
        }
    }
}
