import Testing

@testable import Film

/// Scaling shows the image, nothing else.
struct ResamplerTests {
    static func scale(_ bitmap: Bitmap, to width: Int, _ height: Int) -> Bitmap {
        Resampler(from: (bitmap.width, bitmap.height), to: (width, height)).scale(bitmap)
    }

    @Test func `a plain picture stays plain and an equal size equal`() {
        let plain = Bitmap(width: 13, height: 9, colour: (10, 128, 250))
        for (width, height) in [(26, 18), (448, 448), (5, 3), (13, 9), (1, 1)] {
            let expected = Bitmap(width: width, height: height, colour: (10, 128, 250))
            #expect(Self.scale(plain, to: width, height) == expected)
        }
        let pattern = PNGTests.pattern(width: 13, height: 9)
        #expect(Self.scale(pattern, to: 13, 9) == pattern)
    }

    @Test func `an edge stays as sharp as one source pixel at twice the size`() {
        var edge = Bitmap(width: 16, height: 4, colour: (40, 40, 40))
        edge.draw(Bitmap(width: 8, height: 4, colour: (200, 200, 200)), x: 8, y: 0)
        let row = (0..<32).map { Self.scale(edge, to: 32, 8).pixels[3 * (4 * 32 + $0)] }
        // Dark up to one target pixel before the edge, bright from one after it, save for the cubic's small swing.
        #expect(row[..<15].allSatisfy { $0 < 60 } && row[17...].allSatisfy { $0 > 180 }, "\(row)")
        #expect(row[15] < 100 && row[16] > 140, "\(row)")
    }

    @Test func `a mirrored picture scales to the mirrored result`() {
        func mirrored(_ bitmap: Bitmap) -> Bitmap {
            var result = bitmap
            for y in 0..<bitmap.height {
                for x in 0..<bitmap.width {
                    for channel in 0..<3 {
                        result.pixels[3 * (y * bitmap.width + x) + channel] =
                            bitmap.pixels[3 * (y * bitmap.width + bitmap.width - 1 - x) + channel]
                    }
                }
            }
            return result
        }
        let pattern = PNGTests.pattern(width: 14, height: 10)
        for (width, height) in [(28, 20), (45, 31), (7, 5)] {
            let (left, right) = (
                mirrored(Self.scale(pattern, to: width, height)), Self.scale(mirrored(pattern), to: width, height)
            )
            let difference = zip(left.pixels, right.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
            #expect(difference <= 1, "\(width)x\(height): \(difference)")
        }
    }
}
