/// Where the lanes of a blocked tensor, or of some of its rows, lie in memory.
struct LanePlane {
    let base: UnsafeMutableRawPointer
    /// Lanes from a channel block to the next.
    let blockStride: Int
    /// The pixel whose lane is at `base`: the first of the rows held.
    var origin = 0
    /// Lanes from a pixel to the next: 1, except for the stem's products.
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

/// The masks of one rectified layer: `[channel block][mask word]`.
struct MaskPlane {
    let base: UnsafeMutableRawPointer
    /// Mask words from a channel block to the next.
    let blockStride: Int

    /// The words of one channel block.
    @inline(__always) func block(_ block: Int) -> UnsafeMutableRawPointer { base + block &* blockStride &* laneBytes }
}

/// The sums of `R` consecutive pixels and one column block.
typealias TileColumn<let R: Int> = InlineArray<R, Lane>

/// What is done to the sums of a register tile. They begin at the bias, and each is changed between its register and
/// the output.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower).
protocol TileEpilogue {
    var output: LanePlane { get }
    /// One lane a column block.
    var bias: UnsafeRawPointer { get }
    /// Whether it reads or writes masks: then the sums of a call lie within one mask word.
    var hasMask: Bool { get }
    /// Writes the outputs of `R` sums, the first at `pixel`.
    func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int)
}

/// Bias, ReLU, mask: a rectified convolution forward.
struct RectifyingEpilogue<Bound: Rectifier>: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) var hasMask: Bool { true }

    @inline(__always) func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int) {
        let lanes = output.pointer(block: block, pixel: pixel)
        let (words, word) = (mask.block(block), pixel / maskPixels)
        let first = pixel & (maskPixels - 1)
        var bits = first == 0 ? MaskWord.zero : words.maskWord(word)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: first))
        for row in 0..<R {
            bits = Bound.adding(bit, to: bits, whereInside: sums[row])
            lanes.setLane(row &* output.pixelStride, to: Bound.rectified(sums[row]))
            bit = bit &+ bit
        }
        words.setMaskWord(word, to: bits)
    }
}

/// Bias alone: a linear convolution forward, the way back of any.
struct LinearEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer

    @inline(__always) var hasMask: Bool { false }

    @inline(__always) func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int) {
        let lanes = output.pointer(block: block, pixel: pixel)
        for row in 0..<R { lanes.setLane(row &* output.pixelStride, to: sums[row]) }
    }
}

/// Bias and residual.
struct ResidualEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let residual: LanePlane

    @inline(__always) var hasMask: Bool { false }

    @inline(__always) func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int) {
        let lanes = output.pointer(block: block, pixel: pixel)
        let added = residual.pointer(block: block, pixel: pixel)
        for row in 0..<R {
            lanes.setLane(row &* output.pixelStride, to: sums[row] + added.lane(row &* residual.pixelStride))
        }
    }
}

/// ReLU's derivative: the way back of a convolution that reads a rectified layer.
struct MaskingEpilogue: TileEpilogue {
    let output: LanePlane
    /// Zeros.
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) var hasMask: Bool { true }

    @inline(__always) func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int) {
        let lanes = output.pointer(block: block, pixel: pixel)
        let word = mask.block(block).maskWord(pixel / maskPixels)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1)))
        for row in 0..<R {
            lanes.setLane(row &* output.pixelStride, to: masked(sums[row], by: word, bit: bit))
            bit = bit &+ bit
        }
    }
}
