import Testing

@testable import Film

@Suite struct JPEGLossTests {
    private func picture(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> (UInt8, UInt8, UInt8)) -> Bitmap {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (r, g, b) = pixel(x, y)
                pixels += [r, g, b]
            }
        }
        return Bitmap(width: width, height: height, pixels: pixels)
    }

    private func meanError(_ a: Bitmap, _ b: Bitmap) -> Double {
        zip(a.pixels, b.pixels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count)
    }

    @Test func quantaAreThoseOfLibjpeg() {
        // What `cjpeg -quality 75` writes into a file: half of annex K, rounded.
        #expect(Array(JPEGLoss.quanta(isChroma: false, quality: 75).prefix(8)) == [8, 6, 5, 8, 12, 20, 26, 31])
        #expect(Array(JPEGLoss.quanta(isChroma: true, quality: 75).prefix(4)) == [9, 9, 12, 24])
        #expect(JPEGLoss.quanta(isChroma: false, quality: 50)[0] == 16)
        #expect(JPEGLoss.quanta(isChroma: true, quality: 100).allSatisfy { $0 == 1 })
        #expect(JPEGLoss.quanta(isChroma: false, quality: 10)[0] == 80)
    }

    @Test func evenColorsSurvive() {
        for color: (UInt8, UInt8, UInt8) in [(0, 0, 0), (255, 255, 255), (200, 30, 90), (10, 250, 128)] {
            let even = picture(19, 33) { _, _ in color }
            let lost = JPEGLoss.applied(to: even, quality: 75)
            #expect(lost.width == 19 && lost.height == 33)
            let worst = zip(even.pixels, lost.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
            // Half a quantum of the constant (8 for luma, an eighth of which is a level) in each component.
            #expect(worst <= 2, "\(color): \(worst)")
        }
    }

    @Test func noiseLosesMoreThanSlopesAndLowQualityMoreThanHigh() {
        let slope = picture(64, 48) { x, y in (UInt8(2 * x), UInt8(3 * y), UInt8(x + y)) }
        let noise = picture(64, 48) { x, y in
            let value = UInt8(truncatingIfNeeded: (x * 7919 + y * 104_729) &* 2_654_435_761 >> 7)
            return (value, value &* 31, value &+ 77)
        }
        let (gentle, strong) = (75, 20)
        let (a, b) = (
            meanError(slope, JPEGLoss.applied(to: slope, quality: gentle)),
            meanError(noise, JPEGLoss.applied(to: noise, quality: gentle))
        )
        let c = meanError(noise, JPEGLoss.applied(to: noise, quality: strong))
        print("slope \(a), noise \(b), noise at low quality \(c)")
        #expect(a < 3 && b > 10 && c > b)
    }

    @Test func greyDetailIsKeptAtFullQualityAndColorDetailHalved() {
        let stripes = picture(32, 32) { x, _ in x % 2 == 0 ? (60, 60, 60) : (190, 190, 190) }
        #expect(meanError(stripes, JPEGLoss.applied(to: stripes, quality: 100)) < 1.5)
        // Red and cyan of one luma: what differs is chroma, and neighbours share theirs.
        let colors = picture(32, 32) { x, _ in x % 2 == 0 ? (200, 60, 60) : (60, 120, 120) }
        #expect(meanError(colors, JPEGLoss.applied(to: colors, quality: 100)) > 30)
    }
}
