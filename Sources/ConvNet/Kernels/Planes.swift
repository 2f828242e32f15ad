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

/// Writes `value` to each of some pixels where the mask is set, else zero; `lanes` is the place of the first pixel.
func fillMasked(_ lanes: UnsafeMutableRawPointer, with value: Lane, mask: UnsafeMutableRawPointer, pixels: Range<Int>) {
    forEachMaskWord(pixels) { word, run in
        let bits = mask.maskWord(word)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: run.lowerBound & (maskPixels - 1)))
        for pixel in run {
            lanes.setLane(pixel &- pixels.lowerBound, to: masked(value, by: bits, bit: bit))
            bit = bit &+ bit
        }
    }
}

/// Records the masks of some pixels' lanes that have passed through a ReLU: an output lies within its bounds if its
/// input did.
///
/// The pixels may begin inside a mask word that an earlier call has begun.
func recordMask<R: Rectifier>(
    _ lanes: UnsafeRawPointer, mask: UnsafeMutableRawPointer, pixels: Range<Int>, _ rectifier: R.Type
) {
    forEachMaskWord(pixels) { word, run in
        let first = run.lowerBound & (maskPixels - 1)
        var bits = first == 0 ? MaskWord.zero : mask.maskWord(word)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: first))
        for pixel in run {
            bits = R.adding(bit, to: bits, whereInside: lanes.lane(pixel &- pixels.lowerBound))
            bit = bit &+ bit
        }
        mask.setMaskWord(word, to: bits)
    }
}

/// Applies ReLU's derivative to some pixels' lanes in place: they become zero where the mask is not set.
func applyMask(_ lanes: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer, pixels: Range<Int>) {
    forEachMaskWord(pixels) { word, run in
        let bits = mask.maskWord(word)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: run.lowerBound & (maskPixels - 1)))
        for pixel in run {
            let value = lanes.lane(pixel &- pixels.lowerBound)
            lanes.setLane(pixel &- pixels.lowerBound, to: masked(value, by: bits, bit: bit))
            bit = bit &+ bit
        }
    }
}

/// ReLU and mask of some pixels' lanes, in place.
func rectify<R: Rectifier>(
    _ lanes: UnsafeMutableRawPointer, mask: UnsafeMutableRawPointer, pixels: Range<Int>, _ rectifier: R.Type
) {
    forEachMaskWord(pixels) { word, run in
        let first = run.lowerBound & (maskPixels - 1)
        var bits = first == 0 ? MaskWord.zero : mask.maskWord(word)
        var bit = MaskWord(repeating: 1 &<< UInt32(truncatingIfNeeded: first))
        for pixel in run {
            let value = lanes.lane(pixel &- pixels.lowerBound)
            bits = R.adding(bit, to: bits, whereInside: value)
            lanes.setLane(pixel &- pixels.lowerBound, to: R.rectified(value))
            bit = bit &+ bit
        }
        mask.setMaskWord(word, to: bits)
    }
}

/// Cuts a run of pixels at the borders of mask words.
@inline(__always)
private func forEachMaskWord(_ pixels: Range<Int>, _ body: (_ word: Int, _ run: Range<Int>) -> Void) {
    var start = pixels.lowerBound
    while start < pixels.upperBound {
        let word = start / maskPixels
        let end = min(pixels.upperBound, (word &+ 1) &* maskPixels)
        body(word, start..<end)
        start = end
    }
}

/// The largest of `count` lanes, channel by channel, and where it is; of equals the first.
func lanePeak(_ lanes: UnsafeRawPointer, count: Int) -> (value: Lane, place: SIMD16<Int32>) {
    var (value, place) = (lanes.lane(0), SIMD16<Int32>.zero)
    for index in 1..<max(count, 1) {
        let other = lanes.lane(index)
        let isLarger = other .> value
        value.replace(with: other, where: isLarger)
        place.replace(with: SIMD16(repeating: Int32(truncatingIfNeeded: index)), where: isLarger)
    }
    return (value, place)
}
