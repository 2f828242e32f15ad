/// Sixteen neighbouring channels of one pixel: the unit in which every kernel reads, computes and writes.
///
/// Tensors lie in memory as `[channel block of 16][pixel][16]` ("blocked"); channels beyond the tensor's
/// own are zero. With AVX-512 a lane is one register, with AVX2 two, with NEON four.
typealias Lane = SIMD16<Float>

/// One bit per pixel for each of the sixteen channels of a lane. It is called a *mask word* and holds 32 pixels.
typealias MaskWord = SIMD16<UInt32>

let laneWidth = 16
let halfLaneWidth = 8
let laneBytes = 64
/// Pixels that share a mask word.
let maskPixels = 32

/// Number of channel blocks that hold `channels` channels.
func blockCount(_ channels: Int) -> Int { (channels + laneWidth - 1) / laneWidth }

/// Number of mask words for a plane of `pixels` pixels.
func maskWordCount(_ pixels: Int) -> Int { (pixels + maskPixels - 1) / maskPixels }

extension UnsafeRawPointer {
    /// Loads the lane that starts `index` lanes after the pointer.
    @inline(__always) func lane(_ index: Int) -> Lane {
        loadUnaligned(fromByteOffset: index &* laneBytes, as: Lane.self)
    }
}

extension UnsafeMutableRawPointer {
    @inline(__always) func lane(_ index: Int) -> Lane {
        loadUnaligned(fromByteOffset: index &* laneBytes, as: Lane.self)
    }

    @inline(__always) func setLane(_ index: Int, to value: Lane) {
        storeBytes(of: value, toByteOffset: index &* laneBytes, as: Lane.self)
    }

    @inline(__always) func maskWord(_ index: Int) -> MaskWord {
        loadUnaligned(fromByteOffset: index &* laneBytes, as: MaskWord.self)
    }

    @inline(__always) func setMaskWord(_ index: Int, to value: MaskWord) {
        storeBytes(of: value, toByteOffset: index &* laneBytes, as: MaskWord.self)
    }
}

/// A rectified linear unit with an upper bound, carried as a type so that the bound is a constant in every kernel.
protocol Rectifier {
    /// Positive; may be infinite.
    static var upper: Float { get }
}

enum ReLU: Rectifier {
    static var upper: Float { .infinity }
}

enum ReLU6: Rectifier {
    static var upper: Float { 6 }
}

extension Rectifier {
    /// min(max(value, 0), upper). `replacing` with a strict comparison becomes a vector minimum and maximum; `clamped`
    /// would work value by value.
    @inline(__always) static func rectified(_ value: Lane) -> Lane {
        let bound = Lane(repeating: upper)
        let positive = value.replacing(with: Lane.zero, where: value .< Lane.zero)
        return positive.replacing(with: bound, where: bound .< positive)
    }

    /// `word` with `bit` set in every channel where the gradient passes (0 < value < upper).
    @inline(__always) static func adding(_ bit: MaskWord, to word: MaskWord, whereInside value: Lane) -> MaskWord {
        // One unsigned comparison: for numbers above zero, the bits are in the same order as the numbers.
        let bits = unsafeBitCast(value, to: MaskWord.self) &- MaskWord(repeating: 1)
        let inside = bits .< MaskWord(repeating: upper.bitPattern - 1)
        return word.replacing(with: word | bit, where: inside)
    }
}

/// `value` where `bit` is set in the mask word, else zero.
@inline(__always) func masked(_ value: Lane, by word: MaskWord, bit: MaskWord) -> Lane {
    value.replacing(with: Lane.zero, where: (word & bit) .== MaskWord.zero)
}
