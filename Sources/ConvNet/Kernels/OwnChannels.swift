import Networks

/// Which channels of a lane are a map's own: all bits set there, none beyond.
struct OwnChannels {
    let bits: MaskWord

    /// The first `count` of 16.
    init(first count: Int) {
        var bits = MaskWord.zero
        for channel in 0..<count { bits[channel] = .max }
        self.bits = bits
    }

    /// Those from `range.lowerBound` up to `range.upperBound`.
    init(_ range: Range<Int>) {
        var bits = MaskWord.zero
        for channel in range { bits[channel] = .max }
        self.bits = bits
    }

    /// `value` in the own channels, zero beyond, whatever it was there.
    @inline(__always) func only(_ value: Lane) -> Lane {
        unsafeBitCast(unsafeBitCast(value, to: MaskWord.self) & bits, to: Lane.self)
    }

    /// `value` in the own channels, `other` beyond.
    @inline(__always) func only(_ value: Lane, else other: Lane) -> Lane {
        let rest = unsafeBitCast(other, to: MaskWord.self) & ~bits
        return unsafeBitCast(unsafeBitCast(value, to: MaskWord.self) & bits | rest, to: Lane.self)
    }
}

extension MapShape {
    var channelBlocks: Int { blockCount(channels) }
    /// Bytes of a channel block.
    var planeBytes: Int { pixels * laneBytes }

    /// The channels of a block that are the map's own.
    func ownChannels(of block: Int) -> OwnChannels {
        OwnChannels(first: min(laneWidth, channels - block * laneWidth))
    }

    /// The channels of the first pixel of a map of this shape; of the others with `at`.
    func columns(of map: UnsafeMutableRawPointer) -> ChannelColumn {
        ChannelColumn(
            base: map, planeBytes: planeBytes, blocks: channelBlocks, own: ownChannels(of: channelBlocks - 1))
    }
}

extension UnsafeMutableRawPointer {
    /// Sets a lane to `value`, or adds `value` to it.
    @inline(__always) func put(_ value: Lane, at index: Int, adds: Bool) {
        setLane(index, to: adds ? lane(index) + value : value)
    }

    /// Makes `count` lanes zero.
    @inline(__always) func clearLanes(_ count: Int) {
        initializeMemory(as: UInt8.self, repeating: 0, count: count &* laneBytes)
    }
}
