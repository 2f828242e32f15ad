import Testing

/// The kernels' sweeps (`KernelSweep`), which arm64 runs too.
struct KernelTests {
    @Test func `matrix products of all shapes with all epilogues`() {
        let found = KernelSweep.matrixProducts()
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: KernelSweep.depthwiseCases)
    func `depthwise convolutions and their adjoints of all widths`(stride: Int, paddingTop: Int, paddingLeft: Int) {
        let found = KernelSweep.depthwise(stride: stride, paddingTop: paddingTop, paddingLeft: paddingLeft)
        #expect(found.agree, "\(found)")
    }

    @Test func `sums and masked fills of all lengths`() {
        let found = KernelSweep.sumsAndFills()
        #expect(found.agree, "\(found)")
    }
}
