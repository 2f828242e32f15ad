import ConvNet
import Foundation

/// A transform of one image size as bilinear sampling with a reflected border: linear in the image, so that its adjoint
/// carries gradients back exactly. The image itself is never moved (lucid's way).
struct Warp {
    let height: Int
    let width: Int
    private let transform: Transform
    private let cosine: Float
    private let sine: Float

    init(_ transform: Transform, height: Int, width: Int) {
        self.transform = transform
        self.height = height
        self.width = width
        let angle = transform.angle * .pi / 180
        cosine = Float(cos(angle) / transform.scale)
        sine = Float(sin(angle) / transform.scale)
    }

    /// Samples `source` into `target`, both `[height, width, channel]`.
    func apply(_ source: Image, into target: inout Image) {
        source.pixels.withUnsafeBufferPointer { from in
            target.pixels.withUnsafeMutableBufferPointer { to in
                forEachSample { pixel, corners, weights in
                    for channel in 0..<3 {
                        var sum = weights[0] * from[corners[0] + channel]
                        sum += weights[1] * from[corners[1] + channel]
                        sum += weights[2] * from[corners[2] + channel]
                        sum += weights[3] * from[corners[3] + channel]
                        to[pixel + channel] = sum
                    }
                }
            }
        }
    }

    /// The adjoint: spreads a gradient by the warped image over the source's pixels.
    func pullBack(_ gradient: Image, into target: inout Image) {
        gradient.pixels.withUnsafeBufferPointer { from in
            target.pixels.withUnsafeMutableBufferPointer { to in
                to.update(repeating: 0)
                forEachSample { pixel, corners, weights in
                    for corner in 0..<4 {
                        for channel in 0..<3 { to[corners[corner] + channel] += weights[corner] * from[pixel + channel] }
                    }
                }
            }
        }
    }

    /// For each target pixel the four source pixels around its place and their weights, as indices of their first channel.
    @inline(__always)
    private func forEachSample(_ body: (_ pixel: Int, _ corners: SIMD4<Int>, _ weights: SIMD4<Float>) -> Void) {
        let (centerX, centerY) = (Float(width - 1) / 2, Float(height - 1) / 2)
        let isShift = transform.scale == 1 && transform.angle == 0
        for y in 0..<height {
            for x in 0..<width {
                let pixel = (y * width + x) * 3
                if isShift {
                    let column = Warp.reflected(x + transform.shiftX, width)
                    let row = Warp.reflected(y + transform.shiftY, height)
                    let place = (row * width + column) * 3
                    body(pixel, SIMD4(repeating: place), SIMD4(1, 0, 0, 0))
                    continue
                }
                let (u, v) = (Float(x) - centerX, Float(y) - centerY)
                let sourceX = cosine * u - sine * v + centerX + Float(transform.shiftX)
                let sourceY = sine * u + cosine * v + centerY + Float(transform.shiftY)
                let (floorX, floorY) = (sourceX.rounded(.down), sourceY.rounded(.down))
                let (fx, fy) = (sourceX - floorX, sourceY - floorY)
                let (column, row) = (Int(floorX), Int(floorY))
                let (left, right) = (Warp.reflected(column, width) * 3, Warp.reflected(column + 1, width) * 3)
                let (top, bottom) = (Warp.reflected(row, height) * width * 3, Warp.reflected(row + 1, height) * width * 3)
                body(
                    pixel, SIMD4(top + left, top + right, bottom + left, bottom + right),
                    SIMD4((1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy))
            }
        }
    }

    /// An index reflected into `0..<count` without repeating the edge (... 2 1 | 0 1 2 ...).
    @inline(__always) static func reflected(_ index: Int, _ count: Int) -> Int {
        if index >= 0, index < count { return index }
        let period = 2 * (count - 1)
        guard period > 0 else { return 0 }
        let folded = ((index % period) + period) % period
        return folded < count ? folded : period - folded
    }
}
