import Testing

@testable import Trust

/// Sizes at their ends.
@Suite struct RingSpectrumTests {
    private func spectrum(_ height: Int, _ width: Int) -> RingSpectrum? {
        var state: UInt64 = 5
        let pixels = (0..<height * width * 3).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
        return RingSpectrum(pixels: pixels, height: height, width: width)
    }

    @Test(arguments: [(32, 32), (32, 2048), (2048, 32), (33, 47)])
    func `white noise is as strong at all frequencies`(height: Int, width: Int) throws {
        let rings = try #require(spectrum(height, width)).rings
        #expect(rings.count >= 4)
        let distance = try #require(spectrum(height, width)).distance { _ in 1 }
        #expect(distance < 0.3, "\(distance)")
        #expect(zip(rings, rings.dropFirst()).allSatisfy { $0.frequency < $1.frequency && $1.frequency <= 0.36 })
    }

    @Test func `a ring of the largest image is found without overflow`() {
        #expect(RingSpectrum.ring(row: 737, column: 737, height: 2048, width: 2048) == 18)
        #expect(RingSpectrum.ring(row: 8192, column: 8192, height: 16_384, width: 16_384) == 25)
        #expect(RingSpectrum.ring(row: 1, column: 1, height: 2048, width: 2048) == nil)
    }

    @Test func `a flat image has none`() {
        #expect(RingSpectrum(pixels: [Float](repeating: 0.5, count: 32 * 32 * 3), height: 32, width: 32) == nil)
    }
}
