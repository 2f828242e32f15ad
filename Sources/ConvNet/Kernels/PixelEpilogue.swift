/// What becomes of a depthwise convolution's finished lanes, which arrive in the order of their pixels from 0.
protocol PixelEpilogue {
    mutating func store(_ value: Lane, pixel: Int)
    /// Called after the plane's last pixel.
    mutating func finish(pixels: Int)
}

/// ReLU6 and mask: depthwise forward.
struct RectifyingPixelEpilogue: PixelEpilogue {
    let output: UnsafeMutableRawPointer
    let mask: UnsafeMutableRawPointer
    private var bits = MaskWord.zero

    init(output: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer) {
        self.output = output
        self.mask = mask
    }

    @inline(__always) mutating func store(_ value: Lane, pixel: Int) {
        output.setLane(pixel, to: rectified6(value))
        bits = bits | maskBits(value, bit: 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1)))
        if pixel & (maskPixels - 1) == maskPixels - 1 {
            mask.setMaskWord(pixel / maskPixels, to: bits)
            bits = MaskWord.zero
        }
    }

    @inline(__always) mutating func finish(pixels: Int) {
        if pixels % maskPixels != 0 { mask.setMaskWord(pixels / maskPixels, to: bits) }
    }
}

/// ReLU6's derivative: depthwise backward.
struct MaskingPixelEpilogue: PixelEpilogue {
    let output: UnsafeMutableRawPointer
    let mask: UnsafeMutableRawPointer
    private var bits = MaskWord.zero

    init(output: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer) {
        self.output = output
        self.mask = mask
    }

    @inline(__always) mutating func store(_ value: Lane, pixel: Int) {
        if pixel & (maskPixels - 1) == 0 { bits = mask.maskWord(pixel / maskPixels) }
        let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
        output.setLane(pixel, to: masked(value, by: bits, bit: bit))
    }

    @inline(__always) mutating func finish(pixels: Int) {}
}
