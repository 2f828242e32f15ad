import CPlatform
import ConvNet
import Foundation

/// Transforms images of one size: shift, scale and rotation as one bilinear sampling with a reflected border, or exactly
/// a shift where scale is 1 and angle 0. Linear in the image, so that its adjoint carries gradients back exactly.
///
/// Owns its scratch: one per worker.
final class Warp {
    let height: Int
    let width: Int
    /// The places of the present row.
    private let places: SamplingPlaces
    /// For each target row: how many source rows are finished, because neither this target row nor a later one needs
    /// them.
    private let finished: Buffer<Int>
    /// The sums of the adjoint, in a ring of source rows. Each pixel has its own vector, so that neighbours can be
    /// added to at full speed. One more row than the ring has takes what falls below its last row. All zero between two
    /// calls.
    private var sums: Buffer<SIMD4<Float>>
    private var ringCount: Int

    init(height: Int, width: Int) {
        precondition(min(height, width) >= 2, "a warped image has at least 2 x 2 pixels")
        self.height = height
        self.width = width
        places = SamplingPlaces(width: width)
        finished = Buffer(count: height)
        ringCount = 2
        sums = Buffer(count: (ringCount + 1) * width)
    }

    /// Samples `source` into `target`, both `[height, width, channel]`.
    func apply(_ transform: Transform, to source: Image, into target: inout Image) {
        precondition(source.height == height && source.width == width, "sizes agree")
        var taken = 0
        source.pixels.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            apply(transform, from: &taken, upTo: height, of: source, into: &target)
        }
    }

    /// The same, for a caller that gets the source row by row and wants its rows processed while they are still in the
    /// processor's caches. Samples the next target rows, those that need only the first `count` rows of the source.
    /// - Parameter taken: how many target rows have been sampled; 0 at first, all of them once `count` is the height.
    func apply(
        _ transform: Transform, from taken: inout Int, upTo count: Int, of source: UnsafePointer<Float>,
        into target: inout Image
    ) {
        precondition(target.height == height && target.width == width, "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        let image = SourceRing(count: height, first: 0)
        target.pixels.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            while taken < height, map.sourceRows(of: taken).upperBound < count {
                map.locate(taken, in: image, into: places)
                let row = target + 3 * width * taken
                // Each pixel is written with a fourth value, which the next one overwrites.
                for x in 0..<width - 1 { setFour(row + 3 &* x, sample(source, x)) }
                let last = sample(source, width - 1)
                for channel in 0..<3 { row[3 * (width - 1) + channel] = last[channel] }
                taken += 1
            }
        }
    }

    /// The bilinear value at place `x` of the present row. It is mixed vertically first, with the pixel and its right
    /// neighbour in one vector. With these weights, a place on a pixel gives that pixel exactly.
    @inline(__always) private func sample(_ source: UnsafePointer<Float>, _ x: Int) -> SIMD4<Float> {
        let corner = Int(places.corners[x])
        let pixel = source + 3 &* corner
        let below = pixel + 3 &* width
        // No processor prefetches along slanting rows by itself.
        facetreel_prefetch(pixel + 12 &* width)
        // Only behind the image's last two pixels there is nothing that could be read along with them.
        let lower = corner == height &* width &- width &- 2 ? six(below) : eight(below)
        let pair = eight(pixel).mixed(with: lower, SIMD8(repeating: places.downward[x]))
        let right = SIMD4(pair[3], pair[4], pair[5], pair[6])
        return pair.lowHalf.mixed(with: right, SIMD4(repeating: places.rightward[x]))
    }

    /// The adjoint of `apply`: spreads a gradient by the target over the source's pixels.
    /// - Parameter whenFinished: called again and again with the number of finished rows and with the result.
    func pullBack(
        _ transform: Transform, _ gradient: Image, into result: inout Image,
        whenFinished: (Int, UnsafePointer<Float>) -> Void = { _, _ in }
    ) {
        precondition(
            gradient.height == height && gradient.width == width && result.height == height && result.width == width,
            "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        let count = planRows(map)
        if count > ringCount {
            ringCount = count
            sums = Buffer(count: (count + 1) * width)
        }
        let sums = sums.base
        gradient.pixels.withUnsafeBufferPointer { gradient in
            result.pixels.withUnsafeMutableBufferPointer { result in
                guard let gradient = gradient.baseAddress, let result = result.baseAddress else { return }
                var written = 0
                for y in 0..<height {
                    if written < finished.base[y] {
                        finishRows(written..<finished.base[y], of: sums, count, into: result)
                        written = finished.base[y]
                        whenFinished(written, result)
                    }
                    map.locate(y, in: SourceRing(count: count, first: written), into: places)
                    let row = gradient + 3 * width * y
                    for x in 0..<width - 1 { spread(four(row + 3 &* x), x, over: sums) }
                    spread(three(row + 3 * (width - 1)), width - 1, over: sums)
                }
                finishRows(written..<height, of: sums, count, into: result)
                whenFinished(height, result)
            }
        }
    }

    /// Finds out when the rows of the source are finished. Returns how many of them are, at most, begun and not
    /// finished.
    private func planRows(_ map: SamplingMap) -> Int {
        let rows = (0..<height).map(map.sourceRows)
        var lowest = height
        for y in (0..<height).reversed() {
            lowest = min(lowest, rows[y].lowerBound)
            finished.base[y] = lowest
        }
        var (highest, count) = (0, 2)
        for y in 0..<height {
            highest = max(highest, rows[y].upperBound)
            count = max(count, highest - finished.base[y] + 1)
        }
        return count
    }

    /// Adds a value to the four pixels around place `x` of the row at hand.
    @inline(__always) private func spread(
        _ value: SIMD4<Float>, _ x: Int, over sums: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        let pixel = sums + Int(places.corners[x])
        let below = pixel + width
        let lower = value * SIMD4(repeating: places.downward[x])
        let upper = value - lower
        let right = SIMD4<Float>(repeating: places.rightward[x])
        let (upperRight, lowerRight) = (upper * right, lower * right)
        pixel[0] += upper - upperRight
        pixel[1] += upperRight
        below[0] += lower - lowerRight
        below[1] += lowerRight
    }

    /// Writes source rows whose sums are complete, and clears these.
    private func finishRows(
        _ rows: Range<Int>, of sums: UnsafeMutablePointer<SIMD4<Float>>, _ ringCount: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        for row in rows {
            let target = result + 3 * width * row
            // The next row was last touched in an earlier call.
            for place in stride(from: 3 * width, to: 6 * width, by: 16) {
                facetreel_prefetch_for_writing(target + place)
            }
            let place = row % ringCount
            let ring = sums + place * width
            if place == 0 {
                // This row has also taken what fell below the last row of the ring.
                for x in 0..<width { take(&sums[ringCount &* width &+ x], to: &ring[x]) }
            }
            let last = width - 1
            for x in 0..<last {
                setFour(target + 3 &* x, ring[x])
                ring[x] = .zero
            }
            for channel in 0..<3 { target[3 * last + channel] = ring[last][channel] }
            ring[last] = .zero
        }
    }

    @inline(__always) private func take(_ sum: inout SIMD4<Float>, to other: inout SIMD4<Float>) {
        other += sum
        sum = .zero
    }

    @inline(__always) private func eight(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always) private func six(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        SIMD8(pointer[0], pointer[1], pointer[2], pointer[3], pointer[4], pointer[5], 0, 0)
    }

    @inline(__always) private func four(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
    }

    @inline(__always) private func three(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
        SIMD4(pointer[0], pointer[1], pointer[2], 0)
    }

    @inline(__always) private func setFour(_ pointer: UnsafeMutablePointer<Float>, _ value: SIMD4<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
    }
}

extension SIMD where Scalar == Float {
    /// (1 - share) times this vector plus `share`, 0...1, times the other; exactly one of the two if `share` is 0 or 1
    /// and both are finite.
    @inline(__always) fileprivate func mixed(with other: Self, _ share: Self) -> Self {
        addingProduct(-self, share).addingProduct(other, share)
    }
}
