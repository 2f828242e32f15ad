import Testing

@testable import FeatureVisualization

@Suite struct OptimizerTests {
    /// By hand: lr_t * .1 g / (sqrt(.001) |g| + 1e-7) with lr_t = lr * sqrt(1 - .999^t) / (1 - .9^t).
    @Test(arguments: [
        (1, [0.049999841886617026, -0.049999920943183535, 0.03798734633239793]),
        (2, [0.03720672352035853, -0.037206782349260815, 0.028267783235529437]),
        (100, [0.04878839734477303, -0.048788474485880556, 0.037066952154394754]),
    ])
    func `sign steps are those of the thesis' code`(step: Int, expected: [Double]) {
        var state = OptimizerState(.sign, count: 3)
        var parameters: [Float] = [0, 0, 0]
        state.advance(&parameters, [1, -2, 1e-5], step: step, learningRate: 0.05)
        for (found, value) in zip(parameters, expected) {
            #expect(abs(Double(found) / value - 1) < 2e-6, "step \(step): \(parameters), by hand \(expected)")
        }
    }

    /// By hand, gradients 1, -.5, .25 from .25 on, in every place of more than one vector.
    @Test func `the steps of Adam are those worked out by hand`() {
        let count = 37
        var state = OptimizerState(.adam, count: count)
        var parameters = [Float](repeating: 0.25, count: count)
        let steps: [(Float, Double)] = [
            (1, 0.29999984188661705), (-0.5, 0.313316656188923), (0.25, 0.3303380665755217),
        ]
        for (index, (gradient, expected)) in steps.enumerated() {
            state.advance(&parameters, [Float](repeating: gradient, count: count), step: index + 1, learningRate: 0.05)
            for value in parameters {
                #expect(abs(Double(value) - expected) < 2e-7, "step \(index + 1): \(value), by hand \(expected)")
            }
        }
    }

    @Test(arguments: Optimizer.allCases) func `no gradient means no step`(kind: Optimizer) {
        var state = OptimizerState(kind, count: 20)
        var parameters = [Float](repeating: 0.5, count: 20)
        for step in 1...3 {
            state.advance(&parameters, [Float](repeating: 0, count: 20), step: step, learningRate: 0.05)
        }
        #expect(parameters == [Float](repeating: 0.5, count: 20))
    }

    @Test func `Adam climbs to the top of a parabola`() {
        var state = OptimizerState(.adam, count: 3)
        var parameters: [Float] = [-1, 0, 2]
        for step in 1...2000 {
            state.advance(&parameters, parameters.map { 2 * (0.7 - $0) }, step: step, learningRate: 0.01)
        }
        for value in parameters { #expect(abs(value - 0.7) < 1e-3, "\(parameters)") }
    }
}
