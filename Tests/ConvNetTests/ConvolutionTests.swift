import Testing

/// Convolutions of all kinds (`ConvolutionSweep`), which arm64 runs too.
struct ConvolutionTests {
    @Test func `convolutions of maps and their gradients, with all attributes`() {
        let found = ConvolutionSweep.maps()
        #expect(found.agree, "\(found)")
    }

    @Test func `3x3 convolutions by Winograd's filtering`() {
        let found = ConvolutionSweep.winograd()
        #expect(found.agree, "\(found)")
    }

    @Test func `convolutions of images, normalized, and their gradients`() {
        let found = ConvolutionSweep.images()
        #expect(found.agree, "\(found)")
    }
}
