/// Which of two numbers an extremum takes.
protocol Extremum {
    /// What any number replaces.
    var start: Float { get }
    /// Where `value` takes the place of `best`.
    func replaces(_ best: Lane, _ value: Lane) -> SIMDMask<SIMD16<Int32>>
}

struct LargestNumber: Extremum {
    @inline(__always) var start: Float { -.infinity }
    @inline(__always) func replaces(_ best: Lane, _ value: Lane) -> SIMDMask<SIMD16<Int32>> { best .< value }
}

struct SmallestNumber: Extremum {
    @inline(__always) var start: Float { .infinity }
    @inline(__always) func replaces(_ best: Lane, _ value: Lane) -> SIMDMask<SIMD16<Int32>> { value .< best }
}

/// The extrema of a plane, and the pixels where they are first.
func planeExtremum(_ extremum: some Extremum, _ lanes: UnsafeRawPointer, pixels: Int) -> (Lane, MaskWord) {
    var best = lanes.lane(0)
    var place = MaskWord.zero
    var number = MaskWord.zero
    for pixel in 1..<max(pixels, 1) {
        number = number &+ MaskWord(repeating: 1)
        let value = lanes.lane(pixel)
        let isBetter = extremum.replaces(best, value)
        best = best.replacing(with: value, where: isBetter)
        place = place.replacing(with: number, where: isBetter)
    }
    return (best, place)
}

/// Adds a plane's gradient to the pixels of the extrema.
func scatterToPlaces(_ gradient: Lane, _ places: MaskWord, into target: UnsafeMutableRawPointer) {
    let floats = target.assumingMemoryBound(to: Float.self)
    for channel in 0..<laneWidth { floats[Int(places[channel]) &* laneWidth &+ channel] += gradient[channel] }
}

/// A pixel's channels.
struct ChannelColumn {
    /// The pixel's lane in block 0.
    let base: UnsafeMutableRawPointer
    let planeBytes: Int
    let blocks: Int
    /// Of the last block.
    let own: OwnChannels

    /// The pixel that is so many further on.
    @inline(__always) func at(_ pixel: Int) -> ChannelColumn {
        ChannelColumn(base: base + pixel &* laneBytes, planeBytes: planeBytes, blocks: blocks, own: own)
    }

    @inline(__always) func lane(_ block: Int) -> Lane { (base + block &* planeBytes).lane(0) }
    @inline(__always) func put(_ value: Lane, at block: Int, adds: Bool) {
        (base + block &* planeBytes).put(value, at: 0, adds: adds)
    }

    /// `value` with zeros where a block has no channels of the map's own.
    @inline(__always) func only(_ value: Lane, at block: Int) -> Lane {
        block == blocks &- 1 ? own.only(value) : value
    }

    /// The sum over all channels. What lies beyond is zero.
    @inline(__always) func sum() -> Float {
        var sums = InlineArray<2, Lane>(repeating: Lane.zero)
        for block in 0..<blocks { sums[block & 1] += lane(block) }
        return channelSum(sums[0] + sums[1])
    }

    /// The largest of all channels.
    @inline(__always) func largest() -> Float {
        var best = Lane(repeating: -.infinity)
        for block in 0..<blocks {
            let value = lane(block)
            best = maximum(best, block == blocks &- 1 ? own.only(value, else: best) : value)
        }
        return channelMaximum(best)
    }

    /// The extremum over all channels and the first channel where it is.
    @inline(__always) func extremum(_ extremum: some Extremum) -> (value: Float, channel: Int) {
        let start = Lane(repeating: extremum.start)
        var best = blocks == 1 ? own.only(lane(0), else: start) : lane(0)
        var place = MaskWord.zero
        for block in 1..<max(blocks, 1) {
            let value = block == blocks &- 1 ? own.only(lane(block), else: start) : lane(block)
            let isBetter = extremum.replaces(best, value)
            best = best.replacing(with: value, where: isBetter)
            place = place.replacing(with: MaskWord(repeating: UInt32(truncatingIfNeeded: block)), where: isBetter)
        }
        var result = (value: best[0], channel: Int(place[0]) &* laneWidth)
        for index in 1..<laneWidth {
            let channel = Int(place[index]) &* laneWidth &+ index
            let isBetter = extremum.replaces(Lane(repeating: result.value), Lane(repeating: best[index]))[0]
            if isBetter || best[index] == result.value && channel < result.channel { result = (best[index], channel) }
        }
        return result
    }
}

extension UnsafeMutableRawPointer {
    /// Writes or adds a lane whose first channel is `value`, and the rest nothing.
    @inline(__always) func putFirst(_ value: Float, at index: Int, adds: Bool) {
        var lane = Lane.zero
        lane[0] = value
        put(lane, at: index, adds: adds)
    }

    /// The first channel of a lane.
    @inline(__always) func first(_ index: Int) -> Float {
        loadUnaligned(fromByteOffset: index &* laneBytes, as: Float.self)
    }
}
