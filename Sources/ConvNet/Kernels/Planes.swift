/// Sum over `count` lanes.
func laneSum(_ lanes: UnsafeRawPointer, count: Int) -> Lane {
    // Four partial sums: one chain of additions would wait for each one's latency; also halves the rounding error.
    var sums = InlineArray<4, Lane>(repeating: Lane.zero)
    var index = 0
    while index &+ 4 <= count {
        for part in 0..<4 { sums[part] += lanes.lane(index &+ part) }
        index &+= 4
    }
    while index < count {
        sums[0] += lanes.lane(index)
        index &+= 1
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// `value` at each of some pixels where the mask is set, else zero; `lanes` is the first pixel's place.
func fillMasked(_ lanes: UnsafeMutableRawPointer, with value: Lane, mask: UnsafeMutableRawPointer, pixels: Range<Int>) {
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
        let word = mask.maskWord(pixel / maskPixels)
        let end = min(pixels.upperBound, (pixel / maskPixels &+ 1) &* maskPixels)
        while pixel < end {
            let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: pixel & (maskPixels - 1))
            lanes.setLane(pixel &- pixels.lowerBound, to: masked(value, by: word, bit: bit))
            pixel &+= 1
        }
    }
}
