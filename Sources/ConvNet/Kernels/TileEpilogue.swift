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

/// What becomes of a matrix product: its sums begin at the bias, are written to the output and finished there.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower).
protocol TileEpilogue {
    var output: LanePlane { get }
    /// One lane a column block.
    var bias: UnsafeRawPointer { get }
    /// What follows once the sums of some pixels have been written; a run of pixels ends with a mask word or with the
    /// product. Little after the tiles, so that the lanes are near, and no tile, so that mask words are written whole.
    func finish(block: Int, pixels: Range<Int>)
}

/// Bias, ReLU6, mask: the expand convolution forward.
struct RectifyingEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func finish(block: Int, pixels: Range<Int>) {
        rectify(output.pointer(block: block, pixel: pixels.lowerBound), mask: mask.block(block), pixels: pixels)
    }
}

/// Bias alone: a project convolution forward, an expand convolution backward.
struct LinearEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer

    @inline(__always) func finish(block: Int, pixels: Range<Int>) {}
}

/// Bias and residual.
struct ResidualEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let residual: LanePlane

    @inline(__always) func finish(block: Int, pixels: Range<Int>) {
        let lanes = output.pointer(block: block, pixel: pixels.lowerBound)
        let added = residual.pointer(block: block, pixel: pixels.lowerBound)
        for index in 0..<pixels.count { lanes.setLane(index, to: lanes.lane(index) + added.lane(index)) }
    }
}

/// ReLU6's derivative: the project convolution backward.
struct MaskingEpilogue: TileEpilogue {
    let output: LanePlane
    /// Zeros.
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func finish(block: Int, pixels: Range<Int>) {
        applyMask(output.pointer(block: block, pixel: pixels.lowerBound), mask: mask.block(block), pixels: pixels)
    }
}
