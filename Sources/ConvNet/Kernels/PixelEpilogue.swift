/// What becomes of a depthwise convolution's finished lanes, which arrive in the order of their pixels.
protocol PixelEpilogue {
    /// Called before the first pixel of a run of rows.
    mutating func start(pixel: Int)
    mutating func store(_ value: Lane, pixel: Int)
    /// Called with the pixel after the last one.
    mutating func finish(pixel: Int)
}

/// ReLU6 and mask: depthwise forward, one channel block.
struct RectifyingPixelEpilogue: PixelEpilogue {
    let output: UnsafeMutableRawPointer
    /// The pixel whose lane is at `output`.
    let origin: Int
    let mask: UnsafeMutableRawPointer
    private var bits = MaskWord.zero

    init(output: UnsafeMutableRawPointer, origin: Int, mask: UnsafeMutableRawPointer) {
        self.output = output
        self.origin = origin
        self.mask = mask
    }

    /// A run may start within a word that the previous run began.
    @inline(__always) mutating func start(pixel: Int) {
        if pixel & (maskPixels - 1) != 0 { bits = mask.maskWord(pixel / maskPixels) }
    }

    @inline(__always) mutating func store(_ value: Lane, pixel: Int) {
        output.setLane(pixel &- origin, to: rectified6(value))
        bits = bits | maskBits(value, bit: 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1)))
        if pixel & (maskPixels - 1) == maskPixels - 1 {
            mask.setMaskWord(pixel / maskPixels, to: bits)
            bits = MaskWord.zero
        }
    }

    @inline(__always) mutating func finish(pixel: Int) {
        if pixel & (maskPixels - 1) != 0 { mask.setMaskWord(pixel / maskPixels, to: bits) }
    }
}

/// ReLU6's derivative: depthwise backward, one channel block.
struct MaskingPixelEpilogue: PixelEpilogue {
    let output: UnsafeMutableRawPointer
    /// The pixel whose lane is at `output`.
    let origin: Int
    let mask: UnsafeMutableRawPointer
    private var bits = MaskWord.zero

    init(output: UnsafeMutableRawPointer, origin: Int, mask: UnsafeMutableRawPointer) {
        self.output = output
        self.origin = origin
        self.mask = mask
    }

    @inline(__always) mutating func start(pixel: Int) { bits = mask.maskWord(pixel / maskPixels) }

    @inline(__always) mutating func store(_ value: Lane, pixel: Int) {
        if pixel & (maskPixels - 1) == 0 { bits = mask.maskWord(pixel / maskPixels) }
        let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        output.setLane(pixel &- origin, to: masked(value, by: bits, bit: bit))
    }

    @inline(__always) mutating func finish(pixel: Int) {}
}
