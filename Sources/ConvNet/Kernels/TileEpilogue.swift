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

/// The sums of `R` consecutive pixels and one column block.
typealias TileColumn<let R: Int> = InlineArray<R, Lane>

/// `R` consecutive pixels of one column block, the first at `pixel`, none beyond the first one's mask word.
struct TilePlace<let R: Int> {
    let block: Int
    let pixel: Int
}

/// What becomes of a register tile: its sums begin at the bias, and each is changed on its way from its register to the
/// output.
///
/// Conforming types are structs with inlined methods: closures stop inlining once they grow (2.7 times slower).
protocol TileEpilogue {
    var output: LanePlane { get }
    /// One lane a column block.
    var bias: UnsafeRawPointer { get }
    /// The output of a sum, as a plain expression of it.
    func value(_ sum: Lane, block: Int, pixel: Int) -> Lane
    /// What follows once some pixels' outputs have been written.
    func finish<let R: Int>(_ place: TilePlace<R>)
}

extension TileEpilogue {
    @inline(__always) func value(_ sum: Lane, block: Int, pixel: Int) -> Lane { sum }

    @inline(__always) func finish<let R: Int>(_ place: TilePlace<R>) {}

    /// Writes the outputs of `R` sums, the first at `pixel`.
    @inline(__always) func write<let R: Int>(_ sums: TileColumn<R>, block: Int, pixel: Int) {
        let lanes = output.pointer(block: block, pixel: pixel)
        for row in 0..<R {
            lanes.setLane(row &* output.pixelStride, to: value(sums[row], block: block, pixel: pixel &+ row))
        }
    }
}

/// Bias, ReLU6, mask: the expand convolution forward.
struct RectifyingEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func value(_ sum: Lane, block: Int, pixel: Int) -> Lane { rectified6(sum) }

    /// The mask: an output lies within 0...6 where the sum did.
    @inline(__always) func finish<let R: Int>(_ place: TilePlace<R>) {
        let first = output.index(block: place.block, pixel: place.pixel)
        let shift = UInt32(truncatingIfNeeded: place.pixel & (maskPixels - 1))
        let words = mask.block(place.block)
        var bits = shift == 0 ? MaskWord.zero : words.maskWord(place.pixel / maskPixels)
        for row in 0..<R {
            let bit = MaskWord(repeating: 1 &<< (shift &+ UInt32(truncatingIfNeeded: row)))
            bits = adding(bit, to: bits, whereInside: output.base.lane(first &+ row))
        }
        words.setMaskWord(place.pixel / maskPixels, to: bits)
    }
}

/// Bias alone: a project convolution forward, an expand convolution backward.
struct LinearEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
}

/// Bias and residual.
struct ResidualEpilogue: TileEpilogue {
    let output: LanePlane
    let bias: UnsafeRawPointer
    let residual: LanePlane

    @inline(__always) func value(_ sum: Lane, block: Int, pixel: Int) -> Lane {
        sum + residual.base.lane(residual.index(block: block, pixel: pixel))
    }
}

/// ReLU6's derivative: the project convolution backward.
struct MaskingEpilogue: TileEpilogue {
    let output: LanePlane
    /// Zeros.
    let bias: UnsafeRawPointer
    let mask: MaskPlane

    @inline(__always) func value(_ sum: Lane, block: Int, pixel: Int) -> Lane {
        let bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1)))
        return masked(sum, by: mask.block(block).maskWord(pixel / maskPixels), bit: bit)
    }
}
