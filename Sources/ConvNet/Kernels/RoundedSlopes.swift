/// Slopes between -1/4 and 1.35 in sixteen bits, two pixels in a mask word: half of what it takes to keep the number
/// that a smooth function read. They are off by 1.2e-5 at most.
enum RoundedSlopes {
    /// Mask words of a plane.
    static func wordCount(_ pixels: Int) -> Int { (pixels + 1) / 2 }

    private static let steps: Float = 40_960
    /// Where numbers are a whole one apart, and a quarter of the steps above it.
    private static let origin: Float = 8_388_608 + 10_240

    @inline(__always) fileprivate static func bits(_ slope: Lane) -> MaskWord {
        unsafeBitCast(Lane(repeating: origin).addingProduct(slope, Lane(repeating: steps)), to: MaskWord.self)
            & MaskWord(repeating: 0xFFFF)
    }

    @inline(__always) fileprivate static func slope(_ bits: MaskWord) -> Lane {
        let shifted = unsafeBitCast(bits | MaskWord(repeating: 0x4B00_0000), to: Lane.self)
        return (shifted - Lane(repeating: origin)) * Lane(repeating: 1 / steps)
    }
}

/// Makes a plane of x times the normal distribution's probability below x (see `GaussianErrorLinearUnit`), and keeps
/// the slopes.
func applyGaussianErrorLinearUnit(
    _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, slopes: UnsafeMutableRawPointer, pixels: Int,
    own: OwnChannels
) {
    var pixel = 0
    while pixel < pixels {
        var word = MaskWord.zero
        for half in 0..<min(2, pixels &- pixel) {
            let (value, slope) = GaussianErrorLinearUnit().valueAndSlope(source.lane(pixel &+ half))
            target.setLane(pixel &+ half, to: own.only(value))
            let bits = RoundedSlopes.bits(slope)
            word |= half == 0 ? bits : bits &<< MaskWord(repeating: 16)
        }
        slopes.setMaskWord(pixel / 2, to: word)
        pixel &+= 2
    }
}

/// Leads a plane's gradient back through slopes that were kept.
func applySlopes(
    _ slopes: UnsafeMutableRawPointer, _ gradient: UnsafeRawPointer, into target: UnsafeMutableRawPointer, pixels: Int,
    adds: Bool
) {
    var pixel = 0
    while pixel < pixels {
        let word = slopes.maskWord(pixel / 2)
        let even = RoundedSlopes.slope(word & MaskWord(repeating: 0xFFFF))
        target.put(gradient.lane(pixel) * even, at: pixel, adds: adds)
        if pixel &+ 1 < pixels {
            let odd = RoundedSlopes.slope(word &>> MaskWord(repeating: 16))
            target.put(gradient.lane(pixel &+ 1) * odd, at: pixel &+ 1, adds: adds)
        }
        pixel &+= 2
    }
}
