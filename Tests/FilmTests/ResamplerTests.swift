import Testing

@testable import Film

/// Scaling adds nothing of its own: no tint, no shift, no preferred side.
struct ResamplerTests {
    static let sizes = [(26, 18), (448, 448), (5, 3), (13, 9), (1, 1), (1, 50), (50, 1), (12, 8), (14, 10)]

    static func scale(_ bitmap: Bitmap, _ width: Int, _ height: Int) -> Bitmap {
        Resampler(from: (bitmap.width, bitmap.height), to: (width, height)).scale(bitmap)
    }

    static func mirrored(_ bitmap: Bitmap) -> Bitmap {
        var pixels: [UInt8] = []
        for y in 0..<bitmap.height {
            for x in (0..<bitmap.width).reversed() {
                let place = (y * bitmap.width + x) * 3
                pixels += bitmap.pixels[place..<place + 3]
            }
        }
        return Bitmap(width: bitmap.width, height: bitmap.height, pixels: pixels)
    }

    static func turned(_ bitmap: Bitmap) -> Bitmap {
        var pixels: [UInt8] = []
        for x in 0..<bitmap.width {
            for y in 0..<bitmap.height {
                let place = (y * bitmap.width + x) * 3
                pixels += bitmap.pixels[place..<place + 3]
            }
        }
        return Bitmap(width: bitmap.height, height: bitmap.width, pixels: pixels)
    }

    static func largestDifference(_ a: Bitmap, _ b: Bitmap) -> Int {
        zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    @Test(arguments: sizes) func `a constant picture stays constant`(width: Int, height: Int) {
        for value in [(0, 0, 0), (10, 128, 250), (255, 255, 255), (1, 254, 127)] as [(UInt8, UInt8, UInt8)] {
            let scaled = Self.scale(Bitmap(width: 13, height: 9, color: value), width, height)
            #expect(scaled == Bitmap(width: width, height: height, color: value), "\(value)")
        }
    }

    @Test(arguments: [(1, 1), (13, 9), (64, 33)]) func `an equal size gives an equal picture`(width: Int, height: Int) {
        let picture = PNGTests.pattern(width: width, height: height)
        #expect(Self.scale(picture, width, height) == picture)
    }

    /// Weights are computed from either side in floating point: one step of 255 where a value lies at a half.
    @Test(arguments: sizes) func `left and right are scaled alike`(width: Int, height: Int) {
        let picture = PNGTests.pattern(width: 13, height: 9)
        let difference = Self.largestDifference(
            Self.scale(Self.mirrored(picture), width, height), Self.mirrored(Self.scale(picture, width, height)))
        #expect(difference <= 1, "\(difference)")
    }

    @Test(arguments: sizes) func `rows and columns are scaled alike`(width: Int, height: Int) {
        let picture = PNGTests.pattern(width: 13, height: 9)
        let difference = Self.largestDifference(
            Self.scale(Self.turned(picture), height, width), Self.turned(Self.scale(picture, width, height)))
        #expect(difference <= 1, "\(difference)")
    }

    @Test func `a ramp made larger or smaller stays the ramp`() {
        let ramp = Bitmap(
            width: 64, height: 2, pixels: (0..<128).flatMap { [UInt8](repeating: UInt8($0 % 64 * 4), count: 3) })
        for width in [16, 32, 128, 320] {
            let scaled = Self.scale(ramp, width, 2)
            let ratio = 64 / Double(width)
            // At the edges the picture is continued as constant, not as ramp.
            let margin = width * 3 / 64 + 3
            for x in margin..<width - margin {
                let expected = 4 * ((Double(x) + 0.5) * ratio - 0.5)
                #expect(abs(Double(scaled.pixels[3 * x]) - expected) <= 1, "\(width): \(x)")
            }
        }
    }

    @Test func `a fine pattern made small becomes its mean, without moiré`() {
        let stripes = Bitmap(
            width: 256, height: 4, pixels: (0..<1024).flatMap { [UInt8](repeating: $0 % 2 == 0 ? 0 : 200, count: 3) })
        let scaled = Self.scale(stripes, 30, 4)
        let values = (3..<27).map { Int(scaled.pixels[3 * $0]) }
        #expect(values.allSatisfy { abs($0 - 100) <= 4 }, "\(values)")
    }

    @Test func `the same picture gives the same bytes`() {
        let picture = PNGTests.pattern(width: 61, height: 47)
        #expect(Self.scale(picture, 448, 345) == Self.scale(picture, 448, 345))
    }

    @Test func `an edge stays as sharp as one source pixel at twice the size`() {
        var edge = Bitmap(width: 16, height: 4, color: (40, 40, 40))
        edge.draw(Bitmap(width: 8, height: 4, color: (200, 200, 200)), x: 8, y: 0)
        let row = (0..<32).map { Self.scale(edge, 32, 8).pixels[3 * (4 * 32 + $0)] }
        // Dark up to one target pixel before the edge, bright from one after it, save for the cubic's small swing.
        #expect(row[..<15].allSatisfy { $0 < 60 } && row[17...].allSatisfy { $0 > 180 }, "\(row)")
        #expect(row[15] < 100 && row[16] > 140, "\(row)")
    }
}
