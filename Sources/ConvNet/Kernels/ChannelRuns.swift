/// Channels that stay side by side on their way from one channel block into another.
struct ChannelRun: Sendable {
    /// The channel blocks.
    var source: Int
    var target: Int
    /// The channels within the target's block, and how much larger they are than those of the source's.
    var channels: Range<Int>
    var shift: Int

    /// The way back.
    var reversed: ChannelRun {
        ChannelRun(
            source: target, target: source, channels: channels.lowerBound - shift..<channels.upperBound - shift,
            shift: 0 - shift)
    }

    /// The runs by which `count` channels from `source` on become those from `target` on.
    static func runs(from source: Int, to target: Int, count: Int) -> [ChannelRun] {
        var runs: [ChannelRun] = []
        var done = 0
        while done < count {
            let (from, to) = ((source + done) % laneWidth, (target + done) % laneWidth)
            let length = min(count - done, laneWidth - max(from, to))
            runs.append(
                ChannelRun(
                    source: (source + done) / laneWidth, target: (target + done) / laneWidth,
                    channels: to..<to + length, shift: to - from))
            done += length
        }
        return runs
    }

    /// Moves a plane's channels.
    /// - Parameters:
    ///   - source: the plane of block `source`.
    ///   - target: the plane of block `target`.
    ///   - adds: adds to what is there; otherwise all other channels of the target become zero.
    func move(
        _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, pixels: Int, adds: Bool
    ) {
        if shift == 0, channels.count == laneWidth {
            passLanes(source, into: target, count: pixels, adds: adds)
            return
        }
        // The target's lane is read from the source so many floats before its own place: across two lanes, of which
        // only the right channels are taken. At the ends of the plane there is no second lane.
        let own = OwnChannels(channels)
        let start = source - shift * MemoryLayout<Float>.stride
        let inner = shift > 0 ? 1..<pixels : 0..<(shift < 0 ? pixels - 1 : pixels)
        if inner.lowerBound > 0 { target.put(moved(source.lane(0)), at: 0, adds: adds) }
        for pixel in inner { target.put(own.only(start.lane(pixel)), at: pixel, adds: adds) }
        if inner.upperBound < pixels {
            target.put(moved(source.lane(pixels - 1)), at: pixels - 1, adds: adds)
        }
    }

    private func moved(_ lane: Lane) -> Lane {
        var result = Lane.zero
        for channel in channels { result[channel] = lane[channel - shift] }
        return result
    }
}

/// Makes a plane whose channels come from anywhere.
/// - Parameters:
///   - sources: for each channel the place of its first pixel in `source`, in floats.
///   - count: channels; the others become zero.
func gatherChannels(
    _ source: UnsafeRawPointer, _ sources: InlineArray<16, Int>, count: Int, into target: UnsafeMutableRawPointer,
    pixels: Int
) {
    let (from, to) = (source.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self))
    if count < laneWidth { target.clearLanes(pixels) }
    for pixel in 0..<pixels {
        let place = pixel &* laneWidth
        if count == laneWidth {
            for channel in 0..<laneWidth { to[place &+ channel] = from[place &+ sources[channel]] }
        } else {
            for channel in 0..<count { to[place &+ channel] = from[place &+ sources[channel]] }
        }
    }
}

/// The way back of `gatherChannels`: adds a plane's channels to where they came from.
func scatterChannels(
    _ gradient: UnsafeRawPointer, _ sources: InlineArray<16, Int>, count: Int, into target: UnsafeMutableRawPointer,
    pixels: Int
) {
    let (from, to) = (gradient.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self))
    for pixel in 0..<pixels {
        let place = pixel &* laneWidth
        for channel in 0..<count { to[place &+ sources[channel]] += from[place &+ channel] }
    }
}
