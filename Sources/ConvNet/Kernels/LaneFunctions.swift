/// A function of each number, whose way back reads what it read or what it made.
protocol LaneFunction {
    func value(_ x: Lane) -> Lane
    /// The gradient by x.
    /// - Parameters:
    ///   - kept: x, or the function's value: what the operation keeps for it.
    ///   - gradient: by the value. Where it is zero, so is the result, whatever the slope.
    func gradient(_ kept: Lane, _ gradient: Lane) -> Lane
}

/// Makes a plane of values.
func applyFunction<F: LaneFunction>(
    _ function: F, _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, pixels: Int, own: OwnChannels
) {
    for pixel in 0..<pixels { target.setLane(pixel, to: own.only(function.value(source.lane(pixel)))) }
}

/// Leads a plane's gradient back.
func applyGradient<F: LaneFunction>(
    _ function: F, kept: UnsafeRawPointer, _ gradient: UnsafeRawPointer, into target: UnsafeMutableRawPointer,
    pixels: Int, own: OwnChannels, adds: Bool
) {
    for pixel in 0..<pixels {
        let result = own.only(function.gradient(kept.lane(pixel), gradient.lane(pixel)))
        target.put(result, at: pixel, adds: adds)
    }
}

/// A function that has one of two slopes: a bit a number leads its gradient back.
protocol BitFunction {
    func value(_ x: Lane) -> Lane
    /// Where the first slope holds.
    func isFirst(_ x: Lane) -> SIMDMask<SIMD16<Int32>>
    /// The gradient by x where the first slope holds, and elsewhere.
    func first(_ gradient: Lane) -> Lane
    func second(_ gradient: Lane) -> Lane
}

/// Makes a plane of values and its mask words.
func applyFunction<F: BitFunction>(
    _ function: F, _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer,
    pixels: Int, own: OwnChannels
) {
    var pixel = 0
    var word = 0
    while pixel < pixels {
        let end = min(pixel &+ maskPixels, pixels)
        var bits = MaskWord.zero
        var bit = MaskWord(repeating: 1)
        while pixel < end {
            let x = source.lane(pixel)
            target.setLane(pixel, to: own.only(function.value(x)))
            bits = bits.replacing(with: bits | bit, where: function.isFirst(x))
            bit = bit &+ bit
            pixel &+= 1
        }
        mask.setMaskWord(word, to: bits)
        word &+= 1
    }
}

/// Leads a plane's gradient back through its mask words.
func applyGradient<F: BitFunction>(
    _ function: F, mask: UnsafeRawPointer, _ gradient: UnsafeRawPointer, into target: UnsafeMutableRawPointer,
    pixels: Int, adds: Bool
) {
    var pixel = 0
    var word = 0
    while pixel < pixels {
        let end = min(pixel &+ maskPixels, pixels)
        let bits = unsafeBitCast(mask.lane(word), to: MaskWord.self)
        var bit = MaskWord(repeating: 1)
        while pixel < end {
            let slope = gradient.lane(pixel)
            let result = function.first(slope).replacing(
                with: function.second(slope), where: (bits & bit) .== MaskWord.zero)
            target.put(result, at: pixel, adds: adds)
            bit = bit &+ bit
            pixel &+= 1
        }
        word &+= 1
    }
}

/// min(max(x, lower), upper); at the bounds the slope is 0, as ReLU's is at 0.
struct Clipping: BitFunction {
    let lower: Lane
    let upper: Lane

    init(lower: Float, upper: Float) {
        self.lower = Lane(repeating: lower)
        self.upper = Lane(repeating: upper)
    }

    @inline(__always) func value(_ x: Lane) -> Lane { minimum(maximum(x, lower), upper) }
    @inline(__always) func isFirst(_ x: Lane) -> SIMDMask<SIMD16<Int32>> { (lower .< x) .& (x .< upper) }
    @inline(__always) func first(_ gradient: Lane) -> Lane { gradient }
    @inline(__always) func second(_ gradient: Lane) -> Lane { Lane.zero }
}

/// max(x, 0): one comparison less than `Clipping`.
struct Rectification: BitFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { maximum(x, Lane.zero) }
    @inline(__always) func isFirst(_ x: Lane) -> SIMDMask<SIMD16<Int32>> { Lane.zero .< x }
    @inline(__always) func first(_ gradient: Lane) -> Lane { gradient }
    @inline(__always) func second(_ gradient: Lane) -> Lane { Lane.zero }
}

/// x where positive, otherwise x * slope; a slope for each channel.
struct LeakyRectification: BitFunction {
    let slope: Lane

    @inline(__always) func value(_ x: Lane) -> Lane { (x * slope).replacing(with: x, where: isFirst(x)) }
    @inline(__always) func isFirst(_ x: Lane) -> SIMDMask<SIMD16<Int32>> { Lane.zero .< x }
    @inline(__always) func first(_ gradient: Lane) -> Lane { gradient }
    @inline(__always) func second(_ gradient: Lane) -> Lane { gradient * slope }
}

/// min(max(x * slope + offset, 0), 1)
struct HardSigmoid: BitFunction {
    let slope: Lane
    let offset: Lane

    init(slope: Float, offset: Float) {
        self.slope = Lane(repeating: slope)
        self.offset = Lane(repeating: offset)
    }

    @inline(__always) private func line(_ x: Lane) -> Lane { offset.addingProduct(x, slope) }
    @inline(__always) func value(_ x: Lane) -> Lane { minimum(maximum(line(x), Lane.zero), Lane(repeating: 1)) }
    @inline(__always) func isFirst(_ x: Lane) -> SIMDMask<SIMD16<Int32>> {
        let y = line(x)
        return (Lane.zero .< y) .& (y .< Lane(repeating: 1))
    }
    @inline(__always) func first(_ gradient: Lane) -> Lane { gradient * slope }
    @inline(__always) func second(_ gradient: Lane) -> Lane { Lane.zero }
}
