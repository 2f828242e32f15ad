import Networks

/// What is within the window of one row or column of the output, along one axis.
struct WindowSpan {
    /// Taps of the kernel that lie within the input.
    var taps: Range<Int>
    /// Row or column of the input under the first of `taps`.
    var first: Int
    /// Taps within the input or its padding.
    var padded: Int

    @inline(__always) init(taps: Range<Int>, first: Int, padded: Int) {
        (self.taps, self.first, self.padded) = (taps, first, padded)
    }

    /// - Parameters:
    ///   - start: where tap 0 lies; negative in the padding.
    ///   - end: where the input and the padding after it end.
    init(start: Int, kernel: Int, dilation: Int, size: Int, end: Int) {
        /// Taps that lie before `place`.
        func taps(before place: Int) -> Int {
            place <= start ? 0 : min(kernel, (place - start + dilation - 1) / dilation)
        }
        let lower = taps(before: 0)
        self.taps = lower..<max(lower, taps(before: size))
        first = start + lower * dilation
        padded = taps(before: end)
    }
}

/// The windows of one axis.
struct WindowAxis: Sendable {
    let kernel: Int
    let stride: Int
    let dilation: Int
    let before: Int
    let after: Int
    let size: Int

    @inline(__always) func span(_ index: Int) -> WindowSpan {
        let start = index &* stride &- before
        // Most windows lie within the input, and need no division.
        if start >= 0, start &+ (kernel &- 1) &* dilation < size {
            return WindowSpan(taps: 0..<kernel, first: start, padded: kernel)
        }
        return WindowSpan(
            start: start, kernel: kernel, dilation: dilation, size: size, end: size &+ after)
    }
}

/// Where a maximum was found: the tap's number in its window, row by row, in the smallest numbers that hold it.
protocol TapNumber {
    /// Sixteen of them, the `index`th of a run in memory.
    static func places(_ index: Int, in memory: UnsafeRawPointer) -> MaskWord
    static func setPlaces(_ index: Int, in memory: UnsafeMutableRawPointer, to places: MaskWord)
}

extension UInt8: TapNumber {
    @inline(__always) static func places(_ index: Int, in memory: UnsafeRawPointer) -> MaskWord {
        MaskWord(truncatingIfNeeded: memory.loadUnaligned(fromByteOffset: index &* 16, as: SIMD16<UInt8>.self))
    }
    @inline(__always) static func setPlaces(_ index: Int, in memory: UnsafeMutableRawPointer, to places: MaskWord) {
        memory.storeBytes(
            of: SIMD16<UInt8>(truncatingIfNeeded: places), toByteOffset: index &* 16, as: SIMD16<UInt8>.self)
    }
}

extension UInt32: TapNumber {
    @inline(__always) static func places(_ index: Int, in memory: UnsafeRawPointer) -> MaskWord {
        memory.loadUnaligned(fromByteOffset: index &* laneBytes, as: MaskWord.self)
    }
    @inline(__always) static func setPlaces(_ index: Int, in memory: UnsafeMutableRawPointer, to places: MaskWord) {
        memory.setMaskWord(index, to: places)
    }
}

struct PoolingWindows: Sendable {
    let rows: WindowAxis
    let columns: WindowAxis
    let outputHeight: Int
    let outputWidth: Int

    init(_ pooling: Pooling, input: MapShape) {
        rows = WindowAxis(
            kernel: pooling.kernelHeight, stride: pooling.strideY, dilation: pooling.dilationY, before: pooling.top,
            after: pooling.bottom, size: input.height)
        columns = WindowAxis(
            kernel: pooling.kernelWidth, stride: pooling.strideX, dilation: pooling.dilationX, before: pooling.left,
            after: pooling.right, size: input.width)
        outputHeight = pooling.outputHeight
        outputWidth = pooling.outputWidth
    }

    /// The largest of each window, in one channel block, and its place: the first one, row by row. A window without any
    /// tap in the input is minus infinity.
    func maxima<Tap: TapNumber>(
        _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, places: UnsafeMutableRawPointer,
        own: OwnChannels, _ kind: Tap.Type
    ) {
        for y in 0..<outputHeight {
            let vertical = rows.span(y)
            for x in 0..<outputWidth {
                let horizontal = columns.span(x)
                var largest = Lane(repeating: -.infinity)
                var place = MaskWord(repeating: .max)
                if !vertical.taps.isEmpty, !horizontal.taps.isEmpty {
                    // The first tap is the largest so far, even if it is minus infinity.
                    let number = vertical.taps.lowerBound &* columns.kernel &+ horizontal.taps.lowerBound
                    place = MaskWord(repeating: UInt32(truncatingIfNeeded: number))
                    largest = source.lane(vertical.first &* columns.size &+ horizontal.first)
                }
                var row = source + (vertical.first &* columns.size &+ horizontal.first) &* laneBytes
                for tapY in vertical.taps {
                    let number = tapY &* columns.kernel &+ horizontal.taps.lowerBound
                    var tap = MaskWord(repeating: UInt32(truncatingIfNeeded: number))
                    var address = row
                    for _ in horizontal.taps {
                        let value = address.lane(0)
                        let isLarger = largest .< value
                        largest = largest.replacing(with: value, where: isLarger)
                        place = place.replacing(with: tap, where: isLarger)
                        tap = tap &+ MaskWord(repeating: 1)
                        address += columns.dilation &* laneBytes
                    }
                    row += rows.dilation &* columns.size &* laneBytes
                }
                let index = y &* outputWidth &+ x
                target.setLane(index, to: own.only(largest))
                Tap.setPlaces(index, in: places, to: place)
            }
        }
    }

    /// Adds each output's gradient to where its maximum was, in one channel block.
    func scatterToMaxima<Tap: TapNumber>(
        _ gradient: UnsafeRawPointer, places: UnsafeRawPointer, into target: UnsafeMutableRawPointer, _ kind: Tap.Type
    ) {
        for y in 0..<outputHeight {
            let vertical = rows.span(y)
            for x in 0..<outputWidth {
                let horizontal = columns.span(x)
                let index = y &* outputWidth &+ x
                let slope = gradient.lane(index)
                let place = Tap.places(index, in: places)
                var row = target + (vertical.first &* columns.size &+ horizontal.first) &* laneBytes
                for tapY in vertical.taps {
                    let number = tapY &* columns.kernel &+ horizontal.taps.lowerBound
                    var tap = MaskWord(repeating: UInt32(truncatingIfNeeded: number))
                    var address = row
                    for _ in horizontal.taps {
                        let part = Lane.zero.replacing(with: slope, where: place .== tap)
                        address.setLane(0, to: address.lane(0) + part)
                        tap = tap &+ MaskWord(repeating: 1)
                        address += columns.dilation &* laneBytes
                    }
                    row += rows.dilation &* columns.size &* laneBytes
                }
            }
        }
    }

    /// What the sum over a window is divided by, inverted; 0 where nothing is counted.
    @inline(__always) private func weight(_ vertical: WindowSpan, _ horizontal: WindowSpan, _ countsPadding: Bool)
        -> Float
    {
        let count =
            countsPadding
            ? vertical.padded &* horizontal.padded : vertical.taps.count &* horizontal.taps.count
        return count == 0 ? 0 : 1 / Float(count)
    }

    /// The mean of each window, in one channel block.
    func means(_ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, countsPadding: Bool) {
        for y in 0..<outputHeight {
            let vertical = rows.span(y)
            for x in 0..<outputWidth {
                let horizontal = columns.span(x)
                var sum = Lane.zero
                var row = source + (vertical.first &* columns.size &+ horizontal.first) &* laneBytes
                for _ in vertical.taps {
                    // A sum for each row: no long chain of roundings.
                    var rowSum = Lane.zero
                    var address = row
                    for _ in horizontal.taps {
                        rowSum += address.lane(0)
                        address += columns.dilation &* laneBytes
                    }
                    sum += rowSum
                    row += rows.dilation &* columns.size &* laneBytes
                }
                let factor = Lane(repeating: weight(vertical, horizontal, countsPadding))
                target.setLane(y &* outputWidth &+ x, to: sum * factor)
            }
        }
    }

    /// Adds each output's gradient to all of its window, in one channel block.
    func scatterToMeans(_ gradient: UnsafeRawPointer, into target: UnsafeMutableRawPointer, countsPadding: Bool) {
        for y in 0..<outputHeight {
            let vertical = rows.span(y)
            for x in 0..<outputWidth {
                let horizontal = columns.span(x)
                let factor = Lane(repeating: weight(vertical, horizontal, countsPadding))
                let part = gradient.lane(y &* outputWidth &+ x) * factor
                var row = target + (vertical.first &* columns.size &+ horizontal.first) &* laneBytes
                for _ in vertical.taps {
                    var address = row
                    for _ in horizontal.taps {
                        address.setLane(0, to: address.lane(0) + part)
                        address += columns.dilation &* laneBytes
                    }
                    row += rows.dilation &* columns.size &* laneBytes
                }
            }
        }
    }
}
