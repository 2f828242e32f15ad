import Networks
import Testing

@testable import ConvNet

/// Every operation of a graph against its definition in double precision (`OperationSweep`).
struct OperationTests {
    @Test(arguments: OperationSweep.activations) func `activations of all numbers`(activation: Activation) {
        let found = OperationSweep.activation(activation)
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: OperationSweep.positiveActivations)
    func `activations of positive numbers`(activation: Activation) {
        let found = OperationSweep.activation(activation, ofPositive: true)
        #expect(found.agree, "\(found)")
    }

    @Test func `a Gelu with slopes in sixteen bits`() {
        let found = OperationSweep.roundedSlopes()
        #expect(found.agree, "\(found)")
    }

    @Test func `constants for channels and maps`() {
        let found = OperationSweep.perChannel()
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: OperationSweep.functions)
    func `two operands with every way of broadcasting`(function: BinaryFunction) {
        let found = OperationSweep.binary(function)
        #expect(found.agree, "\(found)")
    }

    @Test func `concatenations at any channel`() {
        let found = OperationSweep.concatenations()
        #expect(found.agree, "\(found)")
    }

    @Test func `channels in any order, left out and repeated`() {
        let found = OperationSweep.channels()
        #expect(found.agree, "\(found)")
    }

    @Test func `padding, cropping and nearest resizing`() {
        let found = OperationSweep.resamplings()
        #expect(found.agree, "\(found)")
    }

    @Test func `walks through a map`() {
        let found = OperationSweep.rearrangements()
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: OperationSweep.poolings) func `windows of all kinds`(kind: Pooling.Kind) {
        let found = OperationSweep.pooling(kind)
        #expect(found.agree, "\(found)")
    }

    @Test func `reductions over pixels and channels`() {
        let found = OperationSweep.reductions()
        #expect(found.agree, "\(found)")
    }

    @Test func `softmax, standardization and local response`() {
        let found = OperationSweep.normalizations()
        #expect(found.agree, "\(found)")
    }

    @Test func `products of live matrices`() {
        let found = OperationSweep.matrixProducts()
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: ElementaryFunctionSweep.cases.indices)
    func `elementary functions of all arguments`(index: Int) {
        let function = ElementaryFunctionSweep.cases[index]
        let (found, largest) = ElementaryFunctionSweep.compare(function)
        print("\(function.name): error at most \(largest)")
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: ElementaryFunctionSweep.exponents) func `powers of all arguments`(exponent: Float) {
        let (found, largest) = ElementaryFunctionSweep.power(exponent)
        print("x^\(exponent): error at most \(largest)")
        #expect(found.agree, "\(found)")
    }

    @Test func `a gradient that nothing passes is redirected, any other is not`() {
        let found = OperationProperties.redirection()
        #expect(found.agree, "\(found)")
    }

    @Test func `the first of equal extrema has the gradient`() {
        let found = OperationProperties.ties()
        #expect(found.agree, "\(found)")
    }

    @Test func `windows in the padding and of many taps`() {
        let found = OperationProperties.windows()
        #expect(found.agree, "\(found)")
    }

    @Test func `no gradient stays none where the slope is infinite`() {
        let found = OperationProperties.infiniteSlopes()
        #expect(found.agree, "\(found)")
    }

    @Test func `sums and deviations of many numbers far from zero`() {
        let found = OperationProperties.largeSums()
        #expect(found.agree, "\(found)")
    }
}
