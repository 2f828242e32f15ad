import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct WarpTests {
    static let transforms = [
        Transform(shiftX: 0, shiftY: 0, scale: 1, angle: 0), Transform(shiftX: 5, shiftY: -3, scale: 1, angle: 0),
        Transform(shiftX: -12, shiftY: 12, scale: 0.9, angle: 10),
        Transform(shiftX: 2, shiftY: 7, scale: 1.1, angle: -7),
        Transform(shiftX: 0, shiftY: 0, scale: 0.25, angle: 45),
        Transform(shiftX: 100, shiftY: -90, scale: 1, angle: 180),
        Transform(part: Transform.Part(side: 0.4, x: 0, y: 1)),
        Transform(shiftX: 6, shiftY: -4, scale: 1.05, angle: 8, part: Transform.Part(side: 0.7, x: 0.9, y: 0.3)),
    ]
    static let sizes: [(height: Int, width: Int)] = [(32, 32), (33, 48), (37, 64), (64, 37)]

    /// The definition in double precision: bilinear, neighbours reflected one by one.
    private func reference(_ transform: Transform, _ image: Image) -> [Double] {
        let (height, width) = (image.height, image.width)
        let angle = transform.angle * .pi / 180
        let (c, s) = (cos(angle) / transform.scale, sin(angle) / transform.scale)
        var result: [Double] = []
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(x) - Double(width - 1) / 2, Double(y) - Double(height - 1) / 2)
                // In the part, enlarged to the whole, and then in the whole.
                let partX = c * u - s * v + Double(width - 1) / 2 + Double(transform.shiftX)
                let partY = s * u + c * v + Double(height - 1) / 2 + Double(transform.shiftY)
                let (side, rest) = (transform.part.side, 1 - transform.part.side)
                let sourceX = side * partX + rest * transform.part.x * Double(width - 1)
                let sourceY = side * partY + rest * transform.part.y * Double(height - 1)
                let (left, top) = (sourceX.rounded(.down), sourceY.rounded(.down))
                let (fx, fy) = (sourceX - left, sourceY - top)
                for channel in 0..<3 {
                    func pixel(_ dx: Int, _ dy: Int) -> Double {
                        let (column, row) = (
                            Border.reflected(Int(left) + dx, width), Border.reflected(Int(top) + dy, height)
                        )
                        return Double(image.pixels[(row * width + column) * 3 + channel])
                    }
                    result.append(
                        (1 - fy) * ((1 - fx) * pixel(0, 0) + fx * pixel(1, 0)) + fy
                            * ((1 - fx) * pixel(0, 1) + fx * pixel(1, 1)))
                }
            }
        }
        return result
    }

    @Test(arguments: sizes, transforms) func `a warp moves pixels as the definition says`(
        size: (height: Int, width: Int), transform: Transform
    ) {
        let image = Synthetic.noise(height: size.height, width: size.width, seed: 1)
        var warped = image
        Warp(height: size.height, width: size.width).apply(transform, to: image, into: &warped)
        let worst = zip(warped.pixels, reference(transform, image)).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        // A place in the image is known to about 1e-5 pixels, and neighbours of noise differ by up to 8.
        #expect(worst <= 2e-4, "largest difference \(worst)")
    }

    @Test(arguments: sizes) func `a mere shift moves pixels exactly`(height: Int, width: Int) {
        let image = Synthetic.noise(height: height, width: width, seed: 2)
        let warp = Warp(height: height, width: width)
        for (dx, dy) in [(0, 0), (1, 0), (0, -1), (7, 5), (-31, 30), (200, -150)] {
            var warped = image
            warp.apply(Transform(shiftX: dx, shiftY: dy), to: image, into: &warped)
            var isExact = true
            for y in 0..<height {
                for x in 0..<width {
                    let source = (Border.reflected(y + dy, height) * width + Border.reflected(x + dx, width)) * 3
                    for channel in 0..<3 {
                        isExact =
                            isExact && warped.pixels[(y * width + x) * 3 + channel] == image.pixels[source + channel]
                    }
                }
            }
            #expect(isExact, "a shift by \(dx), \(dy) is a shift")
        }
    }

    /// <A x, y> = <x, A' y>
    @Test(arguments: sizes, transforms) func `pulling a gradient back through a warp is its adjoint`(
        size: (height: Int, width: Int), transform: Transform
    ) {
        let warp = Warp(height: size.height, width: size.width)
        let (x, y) = (
            Synthetic.noise(height: size.height, width: size.width, seed: 3),
            Synthetic.noise(height: size.height, width: size.width, seed: 4)
        )
        var (forward, backward) = (x, x)
        warp.apply(transform, to: x, into: &forward)
        warp.pullBack(transform, y, into: &backward)
        let (left, right) = (Synthetic.dot(forward.pixels, y.pixels), Synthetic.dot(x.pixels, backward.pixels))
        let scale = Synthetic.norm(forward.pixels) * Synthetic.norm(y.pixels)
        #expect(abs(left - right) <= 1e-6 * scale, "<A x, y> = \(left), <x, A' y> = \(right), norms \(scale)")
    }

    /// What one call leaves behind, no other finds.
    @Test(arguments: sizes) func `a used warp does the same as a new one`(height: Int, width: Int) {
        let used = Warp(height: height, width: width)
        var random = CounterRandom(seed: 0, stage: "warp", step: 0, index: height)
        for schedule in [TransformSchedule.lucid, .thesis, .distill] {
            for index in 0..<40 {
                let transform = schedule.draw(&random)
                let image = Synthetic.noise(height: height, width: width, seed: UInt64(index))
                var (one, other) = (image, image)
                used.pullBack(transform, image, into: &one)
                Warp(height: height, width: width).pullBack(transform, image, into: &other)
                #expect(one == other, "\(transform)")
                used.apply(transform, to: image, into: &one)
                Warp(height: height, width: width).apply(transform, to: image, into: &other)
                #expect(one == other, "\(transform)")
            }
        }
    }

    @Test func `a larger scale makes the content grow`() {
        // A disc of radius 8 about the centre.
        var image = Image(height: 64, width: 64)
        for y in 0..<64 {
            for x in 0..<64 where hypot(Double(x) - 31.5, Double(y) - 31.5) < 8 {
                for channel in 0..<3 { image.pixels[(y * 64 + x) * 3 + channel] = 1 }
            }
        }
        let warp = Warp(height: 64, width: 64)
        let area = image.pixels.reduce(0, +)
        // Smaller yet, and mirrored discs would come into sight.
        for scale in [0.7, 2] {
            var warped = image
            warp.apply(Transform(scale: scale, angle: 30), to: image, into: &warped)
            let ratio = Double(warped.pixels.reduce(0, +) / area)
            #expect(abs(ratio - scale * scale) < 0.15 * scale * scale, "scale \(scale) changes the area by \(ratio)")
        }
    }

    @Test func `a moved image is mirrored with its edge`() {
        let image = Synthetic.noise(height: 32, width: 40, seed: 5)
        let mover = ImageMover(height: 32, width: 40, pad: 9)
        var moved = image
        mover.move(&moved, by: Transform())
        #expect(moved == image, "no transform, no change")
        mover.move(&moved, by: Transform(shiftX: -4, shiftY: 6))
        for (y, x) in [(0, 0), (0, 3), (25, 0), (31, 39), (12, 20)] {
            let source = (Border.symmetric(y + 6, 32) * 40 + Border.symmetric(x - 4, 40)) * 3
            #expect(moved.pixels[(y * 40 + x) * 3 + 1] == image.pixels[source + 1], "pixel \(x), \(y)")
        }
    }
}
