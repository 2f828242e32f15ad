import ConvNet
import Foundation

/// Transforms images of one size: shift, scale and rotation as one bilinear sampling with a reflected border, or exactly
/// a shift where scale is 1 and angle 0. Linear in the image, so that its adjoint carries gradients back exactly.
///
/// Owns its scratch: one per worker.
final class Warp {
    let height: Int
    let width: Int
    /// Of the row at hand: the upper left of the four source pixels around each target pixel's place, and how far right
    /// of and below it the place lies, 0...1.
    private let corners: Buffer<Int32>
    private let rightward: Buffer<Float>
    private let downward: Buffer<Float>
    /// Where the adjoint gathers, `[height, width, 4]`: neighbours in vectors of their own can be added to at full speed.
    private let sums: Buffer<SIMD4<Float>>

    init(height: Int, width: Int) {
        precondition(min(height, width) >= 2, "a warped image has at least 2 x 2 pixels")
        self.height = height
        self.width = width
        corners = Buffer(count: width)
        rightward = Buffer(count: width)
        downward = Buffer(count: width)
        sums = Buffer(count: height * width)
    }

    /// Samples `source` into `target`, both `[height, width, channel]`.
    func apply(_ transform: Transform, to source: Image, into target: inout Image) {
        precondition(
            source.height == height && source.width == width && target.height == height && target.width == width,
            "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        let last = Int32(height * width - width - 2)
        source.pixels.withUnsafeBufferPointer { source in
            target.pixels.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                for y in 0..<height {
                    locate(y, map)
                    for x in 0..<width {
                        let corner = corners.base[x]
                        let pixel = source + 3 * Int(corner)
                        let below = pixel + 3 * width
                        // Weighted like this, a place on a pixel gives that pixel exactly.
                        let (right, down) = (rightward.base[x], downward.base[x])
                        // Only the image's last pixel has no fourth value behind it to be read along.
                        let lowerRight = corner == last ? three(below + 3) : four(below + 3)
                        let upper = mix(four(pixel), four(pixel + 3), right)
                        let lower = mix(four(below), lowerRight, right)
                        let value = mix(upper, lower, down)
                        set(target + 3 * (y * width + x), value, isLast: x == width - 1)
                    }
                }
            }
        }
    }

    /// The adjoint of `apply`: spreads a gradient by the target over the source's pixels.
    func pullBack(_ transform: Transform, _ gradient: Image, into result: inout Image) {
        precondition(
            gradient.height == height && gradient.width == width && result.height == height && result.width == width,
            "sizes agree")
        let map = SamplingMap(transform, height: height, width: width)
        let sums = sums.base
        sums.update(repeating: .zero, count: height * width)
        gradient.pixels.withUnsafeBufferPointer { gradient in
            guard let gradient = gradient.baseAddress else { return }
            for y in 0..<height {
                locate(y, map)
                for x in 0..<width {
                    let source = gradient + 3 * (y * width + x)
                    let value = x == width - 1 ? three(source) : four(source)
                    let pixel = sums + Int(corners.base[x])
                    let lower = value * SIMD4(repeating: downward.base[x])
                    let upper = value - lower
                    let right = SIMD4<Float>(repeating: rightward.base[x])
                    let (upperRight, lowerRight) = (upper * right, lower * right)
                    pixel[0] += upper - upperRight
                    pixel[1] += upperRight
                    pixel[width] += lower - lowerRight
                    pixel[width + 1] += lowerRight
                }
            }
        }
        result.pixels.withUnsafeMutableBufferPointer { result in
            guard let result = result.baseAddress else { return }
            for pixel in 0..<height * width {
                set(result + 3 * pixel, sums[pixel], isLast: pixel == height * width - 1)
            }
        }
    }

    /// Fills the row's corners and distances.
    private func locate(_ y: Int, _ map: SamplingMap) {
        let (corners, rightward, downward) = (corners.base, rightward.base, downward.base)
        for x in 0..<width {
            let place = map.place(x: Float(x), y: Float(y))
            // The last column and row have their corner one before, at distance 1.
            let (left, top) = (min(place.x.rounded(.down), map.lastLeft), min(place.y.rounded(.down), map.lastTop))
            rightward[x] = place.x - left
            downward[x] = place.y - top
            corners[x] = SamplingMap.integer(left) &+ SamplingMap.integer(top) &* Int32(truncatingIfNeeded: width)
        }
    }

    @inline(__always) private func mix(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ fraction: Float) -> SIMD4<Float> {
        (a * (1 - fraction)).addingProduct(b, SIMD4(repeating: fraction))
    }

    @inline(__always) private func four(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
    }

    @inline(__always) private func three(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
        SIMD4(pointer[0], pointer[1], pointer[2], 0)
    }

    /// Writes three channels, and what the next pixel overwrites unless there is none.
    @inline(__always) private func set(_ pointer: UnsafeMutablePointer<Float>, _ value: SIMD4<Float>, isLast: Bool) {
        if isLast {
            for channel in 0..<3 { pointer[channel] = value[channel] }
        } else {
            UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
        }
    }
}

/// From a target pixel to its place in the source image, reflected into it.
private struct SamplingMap {
    /// Rotation and scale, both undone.
    private let cosine: Float
    private let sine: Float
    private let centerX: Float
    private let centerY: Float
    private let shiftX: Float
    private let shiftY: Float
    private let limitX: Float
    private let limitY: Float
    let lastLeft: Float
    let lastTop: Float

    init(_ transform: Transform, height: Int, width: Int) {
        let angle = transform.angle * .pi / 180
        // cos(0) and sin(0) are exact, and so is then all that follows.
        cosine = Float(cos(angle) / transform.scale)
        sine = Float(sin(angle) / transform.scale)
        (limitX, limitY) = (Float(width - 1), Float(height - 1))
        (centerX, centerY) = (limitX / 2, limitY / 2)
        (shiftX, shiftY) = (Float(transform.shiftX), Float(transform.shiftY))
        (lastLeft, lastTop) = (limitX - 1, limitY - 1)
    }

    @inline(__always) func place(x: Float, y: Float) -> (x: Float, y: Float) {
        let (u, v) = (x - centerX, y - centerY)
        let sourceX = (cosine * u - sine * v) + (centerX + shiftX)
        let sourceY = (sine * u + cosine * v) + (centerY + shiftY)
        return (reflected(sourceX, limitX), reflected(sourceY, limitY))
    }

    /// Folded into 0...limit at its ends (... 2 1 | 0 1 2 ...), however far out.
    @inline(__always) private func reflected(_ value: Float, _ limit: Float) -> Float {
        let period = 2 * limit
        let phase = value - period * (value / period).rounded(.down)
        return min(max(limit - abs(limit - phase), 0), limit)
    }

    /// A whole number in 0..<2^22 as an integer: its low bits once 2^23 is added. Conversion checks would cost more than
    /// the rest.
    @inline(__always) static func integer(_ value: Float) -> Int32 {
        Int32(truncatingIfNeeded: (value + 0x1p23).bitPattern & 0x7f_ffff)
    }
}
