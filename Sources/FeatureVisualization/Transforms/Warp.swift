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
    /// Of the row at hand.
    private let places: SamplingPlaces
    /// Where the adjoint gathers, `[height, width, 4]`: neighbours in vectors of their own can be added to at full speed.
    /// Zero between two calls.
    private let sums: Buffer<SIMD4<Float>>

    init(height: Int, width: Int) {
        precondition(min(height, width) >= 2, "a warped image has at least 2 x 2 pixels")
        self.height = height
        self.width = width
        places = SamplingPlaces(width: width)
        sums = Buffer(count: height * width)
    }

    /// Samples `source` into `target`, both `[height, width, channel]`.
    func apply(_ transform: Transform, to source: Image, into target: inout Image) {
        precondition(
            source.height == height && source.width == width && target.height == height && target.width == width,
            "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        source.pixels.withUnsafeBufferPointer { source in
            target.pixels.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                for y in 0..<height {
                    map.locate(y, into: places)
                    let row = target + 3 * width * y
                    // Each pixel is written with a fourth value, which the next one overwrites.
                    for x in 0..<width - 1 { setFour(row + 3 &* x, sample(source, x)) }
                    let last = sample(source, width - 1)
                    for channel in 0..<3 { row[3 * (width - 1) + channel] = last[channel] }
                }
            }
        }
    }

    /// The bilinear value at place `x` of the row at hand. Weighted like this, a place on a pixel gives that pixel exactly.
    @inline(__always) private func sample(_ source: UnsafePointer<Float>, _ x: Int) -> SIMD4<Float> {
        let corner = Int(places.corners[x])
        let pixel = source + 3 &* corner
        let below = pixel + 3 &* width
        // Rows that lie aslant are nothing that a processor foresees.
        facetreel_prefetch(pixel + 12 &* width)
        // Only the image's last pixel has no fourth value behind it to be read along.
        let lowerRight = corner == height &* width &- width &- 2 ? three(below + 3) : four(below + 3)
        let (left, right) = (SIMD4(repeating: places.leftward[x]), SIMD4(repeating: places.rightward[x]))
        let upper = (four(pixel) * left).addingProduct(four(pixel + 3), right)
        let lower = (four(below) * left).addingProduct(lowerRight, right)
        return (upper * SIMD4(repeating: places.upward[x])).addingProduct(lower, SIMD4(repeating: places.downward[x]))
    }

    /// The adjoint of `apply`: spreads a gradient by the target over the source's pixels.
    func pullBack(_ transform: Transform, _ gradient: Image, into result: inout Image) {
        precondition(
            gradient.height == height && gradient.width == width && result.height == height && result.width == width,
            "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        let sums = sums.base
        gradient.pixels.withUnsafeBufferPointer { gradient in
            guard let gradient = gradient.baseAddress else { return }
            for y in 0..<height {
                map.locate(y, into: places)
                let row = gradient + 3 * width * y
                for x in 0..<width - 1 { spread(four(row + 3 &* x), x) }
                spread(three(row + 3 * (width - 1)), width - 1)
            }
        }
        result.pixels.withUnsafeMutableBufferPointer { result in
            guard let result = result.baseAddress else { return }
            let last = height * width - 1
            for pixel in 0..<last {
                setFour(result + 3 &* pixel, sums[pixel])
                sums[pixel] = .zero
            }
            for channel in 0..<3 { result[3 * last + channel] = sums[last][channel] }
            sums[last] = .zero
        }
    }

    /// Adds a value to the four pixels around place `x` of the row at hand.
    @inline(__always) private func spread(_ value: SIMD4<Float>, _ x: Int) {
        let pixel = sums.base + Int(places.corners[x])
        let below = pixel + width
        facetreel_prefetch_for_writing(pixel + 3 * width)
        let lower = value * SIMD4(repeating: places.downward[x])
        let upper = value - lower
        let right = SIMD4<Float>(repeating: places.rightward[x])
        let (upperRight, lowerRight) = (upper * right, lower * right)
        pixel[0] += upper - upperRight
        pixel[1] += upperRight
        below[0] += lower - lowerRight
        below[1] += lowerRight
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
