/// Sum over the pixels of one channel block.
func planeSum(_ plane: UnsafeRawPointer, pixels: Int) -> Lane {
    // Four partial sums: one chain of additions would wait for each one's latency; also halves the rounding error.
    var sums = InlineArray<4, Lane>(repeating: Lane.zero)
    var pixel = 0
    while pixel &+ 4 <= pixels {
        for part in 0..<4 { sums[part] += plane.lane(pixel &+ part) }
        pixel &+= 4
    }
    while pixel < pixels {
        sums[0] += plane.lane(pixel)
        pixel &+= 1
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// `value` at every pixel of one channel block where the mask is set, else zero.
func fillMasked(_ plane: UnsafeMutableRawPointer, with value: Lane, mask: UnsafeMutableRawPointer, pixels: Int) {
    var pixel = 0
    while pixel < pixels {
        let word = mask.maskWord(pixel / maskPixels)
        for bit in 0..<min(maskPixels, pixels &- pixel) {
            plane.setLane(pixel &+ bit, to: masked(value, by: word, bit: 1 &<< UInt32(truncatingIfNeeded: bit)))
        }
        pixel &+= maskPixels
    }
}

/// Applies a mask to one channel block in place.
func applyMask(_ plane: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer, pixels: Int) {
    var pixel = 0
    while pixel < pixels {
        let word = mask.maskWord(pixel / maskPixels)
        for bit in 0..<min(maskPixels, pixels &- pixel) {
            let value = plane.lane(pixel &+ bit)
            plane.setLane(pixel &+ bit, to: masked(value, by: word, bit: 1 &<< UInt32(truncatingIfNeeded: bit)))
        }
        pixel &+= maskPixels
    }
}

/// Adds `value` to every pixel of one channel block.
func add(_ value: Lane, to plane: UnsafeMutableRawPointer, pixels: Int) {
    for pixel in 0..<pixels { plane.setLane(pixel, to: plane.lane(pixel) + value) }
}
