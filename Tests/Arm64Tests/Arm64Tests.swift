import Foundation
import Networks

@testable import ConvNet

/// The comparisons of ConvNetTests that need no Swift Testing, on arm64 (see .ci/arm64).
@main
struct Arm64Tests {
    private var passed = 0
    private var failed = 0

    static func main() {
        var tests = Arm64Tests()
        tests.compareKernels()
        tests.compareConvolutions()
        tests.compareOperations()
        tests.compareElementaryFunctions()
        let path = "Weights/mobilenet_v2.onnx"
        let network = had { () throws(NetworkError) in
            try Network(model: NetworkModel(path: path, reference: .standard))
        }
        let reference = had { () throws(NetworkError) in ReferenceNetwork(model: try ONNXModel(path: path)) }
        tests.compareEvaluations(of: network, with: reference)
        tests.compareObjectives(at: network, with: reference)
        print("\(tests.passed) passed, \(tests.failed) failed")
        exit(tests.failed == 0 ? 0 : 1)
    }

    private mutating func compareKernels() {
        test("matrix products of all shapes with all epilogues", KernelSweep.matrixProducts())
        for (stride, top, left) in KernelSweep.depthwiseCases {
            test(
                "depthwise convolutions and their adjoints of all widths: stride \(stride), padding \(top) and \(left)",
                KernelSweep.depthwise(stride: stride, paddingTop: top, paddingLeft: left))
        }
        test("sums and masked fills of all lengths", KernelSweep.sumsAndFills())
    }

    private mutating func compareConvolutions() {
        test("convolutions of maps and their gradients, with all attributes", ConvolutionSweep.maps())
        test("convolutions of images, normalized, and their gradients", ConvolutionSweep.images())
        test("3x3 convolutions by Winograd's filtering", ConvolutionSweep.winograd())
    }

    private mutating func compareOperations() {
        // Embedded Swift has no words for cases: they are told by their places in the sweep's lists.
        for (place, activation) in OperationSweep.activations.enumerated() {
            test("activations of all numbers: number \(place)", OperationSweep.activation(activation))
        }
        for (place, activation) in OperationSweep.positiveActivations.enumerated() {
            test(
                "activations of positive numbers: number \(place)",
                OperationSweep.activation(activation, ofPositive: true))
        }
        test("a Gelu with slopes in sixteen bits", OperationSweep.roundedSlopes())
        test("constants for channels and maps", OperationSweep.perChannel())
        for (place, function) in OperationSweep.functions.enumerated() {
            test("two operands with every way of broadcasting: number \(place)", OperationSweep.binary(function))
        }
        test("concatenations at any channel", OperationSweep.concatenations())
        test("channels in any order, left out and repeated", OperationSweep.channels())
        test("padding, cropping and nearest resizing", OperationSweep.resamplings())
        test("walks through a map", OperationSweep.rearrangements())
        for (place, kind) in OperationSweep.poolings.enumerated() {
            test("windows of all kinds: number \(place)", OperationSweep.pooling(kind))
        }
        test("reductions over pixels and channels", OperationSweep.reductions())
        test("softmax, standardization and local response", OperationSweep.normalizations())
        test("products of live matrices", OperationSweep.matrixProducts())
        test("a gradient that nothing passes is redirected, any other is not", OperationProperties.redirection())
        test("the first of equal extrema has the gradient", OperationProperties.ties())
        test("windows in the padding and of many taps", OperationProperties.windows())
        test("no gradient stays none where the slope is infinite", OperationProperties.infiniteSlopes())
        test("sums and deviations of many numbers far from zero", OperationProperties.largeSums())
    }

    private mutating func compareElementaryFunctions() {
        for function in ElementaryFunctionSweep.cases {
            test("elementary functions of all arguments: \(function.name)", ElementaryFunctionSweep.compare(function).0)
        }
        for exponent in ElementaryFunctionSweep.exponents {
            test("powers of all arguments: x^\(exponent)", ElementaryFunctionSweep.power(exponent).0)
        }
    }

    private mutating func compareEvaluations(of network: Network, with reference: ReferenceNetwork) {
        for (layer, height, width) in NetworkComparisons.gradientCases {
            let evaluator = Self.evaluator(network, layer, height, width)
            test(
                "with masks fixed the gradient agrees with double precision: \(layer) at \(width)x\(height)",
                Self.had { () throws(NetworkError) in try NetworkComparisons.gradient(evaluator, reference) })
        }
        for (height, width) in NetworkComparisons.oddSizes {
            for layer in NetworkComparisons.layersAtOddSizes {
                let evaluator = Self.evaluator(network, layer, height, width)
                test(
                    "activations at odd sizes agree with double precision: \(layer) at \(width)x\(height)",
                    Self.had { () throws(NetworkError) in
                        try NetworkComparisons.meanActivations(evaluator, reference)
                    })
            }
        }
        test(
            "taps have the means that the layers' own evaluators find",
            Self.had { () throws(EvaluatorError) in try NetworkComparisons.taps(of: network) })
        test(
            "an evaluator gives the same bits again and after other images",
            NetworkComparisons.repetition(Self.evaluator(network, "block_8_add", 48, 57)))
    }

    private mutating func compareObjectives(at network: Network, with reference: ReferenceNetwork) {
        for layer in NetworkComparisons.layers {
            let evaluator = Self.evaluator(network, layer, 57, 75)
            test(
                "a unit seen through the whole layer is the unit seen by its mean: \(layer)",
                NetworkComparisons.unitThroughWholeLayer(evaluator))
            test(
                "with masks fixed every objective's gradient agrees with double precision: \(layer)",
                Self.had { () throws(NetworkError) in
                    try NetworkComparisons.objectiveGradients(evaluator, reference)
                })
            let other = Self.evaluator(network, layer, 41, 66)
            test(
                "activations of the whole layer agree with double precision: \(layer)",
                Self.had { () throws(NetworkError) in try NetworkComparisons.activations(other, reference) })
        }
    }

    private mutating func test(_ name: String, _ found: Findings) {
        if found.agree {
            passed += 1
            print("passed: \(name) (\(found.comparisons) compared)")
        } else {
            failed += 1
            print("FAILED: \(name): \(found)")
        }
    }

    private static func evaluator(_ network: Network, _ layer: String, _ height: Int, _ width: Int) -> Evaluator {
        had { () throws(EvaluatorError) in
            try Evaluator(network: network, layer: layer, height: height, width: width)
        }
    }

    /// What the tests cannot do without: an error ends them.
    private static func had<Value, Problem: Error & CustomStringConvertible>(_ value: () throws(Problem) -> Value)
        -> Value
    {
        do throws(Problem) {
            return try value()
        } catch {
            print("FAILED: \(error.description)")
            exit(1)
        }
    }
}
