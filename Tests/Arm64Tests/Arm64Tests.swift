import Foundation

@testable import ConvNet

/// The comparisons of ConvNetTests that need no Swift Testing, on arm64 (see .ci/arm64).
@main
struct Arm64Tests {
    private var passed = 0
    private var failed = 0

    static func main() {
        var tests = Arm64Tests()
        tests.compareKernels()
        let file = had { () throws(SafetensorsError) in
            try SafetensorsFile(path: "Weights/mobilenet_v2.safetensors")
        }
        let network = had { () throws(WeightsError) in try Network(weights: file) }
        tests.compareEvaluations(of: network, with: ReferenceNetwork(file: file))
        tests.compareObjectives(at: network, with: ReferenceNetwork(file: file))
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

    private mutating func compareEvaluations(of network: Network, with reference: ReferenceNetwork) {
        for (layer, height, width) in NetworkComparisons.gradientCases {
            let evaluator = Self.evaluator(network, layer, height, width)
            test(
                "with masks fixed the gradient agrees with double precision: \(layer) at \(width)x\(height)",
                Self.had { () throws(SafetensorsError) in try NetworkComparisons.gradient(evaluator, reference) })
        }
        for (height, width) in NetworkComparisons.oddSizes {
            for layer in NetworkComparisons.layersAtOddSizes {
                let evaluator = Self.evaluator(network, layer, height, width)
                test(
                    "activations at odd sizes agree with double precision: \(layer) at \(width)x\(height)",
                    Self.had { () throws(SafetensorsError) in
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
                Self.had { () throws(SafetensorsError) in
                    try NetworkComparisons.objectiveGradients(evaluator, reference)
                })
            let other = Self.evaluator(network, layer, 41, 66)
            test(
                "activations of the whole layer agree with double precision: \(layer)",
                Self.had { () throws(SafetensorsError) in try NetworkComparisons.activations(other, reference) })
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
