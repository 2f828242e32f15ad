import Foundation

/// How a normalised gradient becomes a step.
public enum Optimizer: String, Sendable, Codable, CaseIterable {
    /// Adam (beta .9 and .999, epsilon 1e-7, bias corrected).
    case adam
    /// What the original code of the thesis really ran: in each step a new variable gave Adam fresh moments of zero,
    /// while its step counter went on. Blurred, bilaterally filtered and transformed images need it to look as in the
    /// thesis. True Adam turns them into grey fog.
    case sign
}

/// An optimiser's memory for one vector of parameters. Steps go uphill.
struct OptimizerState: Sendable {
    private static let (beta1, beta2) = (0.9, 0.999)
    static let epsilon: Float = 1e-7
    /// 1 - beta, rounded once: a difference of two Floats would be off by 5e-5.
    static let (weight1, weight2) = (Float(1 - beta1), Float(1 - beta2))

    let kind: Optimizer
    /// Averages of the gradient and of its square; empty for `sign`, which keeps none.
    var first: [Float]
    var second: [Float]

    init(_ kind: Optimizer, count: Int) {
        self.kind = kind
        let memory = kind == .adam ? count : 0
        first = [Float](repeating: 0, count: memory)
        second = [Float](repeating: 0, count: memory)
    }

    /// Moves `parameters` up the gradient; `step` counts from 1.
    mutating func advance(_ parameters: inout [Float], _ gradient: [Float], step: Int, learningRate: Double) {
        precondition(gradient.count == parameters.count, "sizes agree")
        let rate = Float(OptimizerState.rate(step: step, learningRate: learningRate))
        parameters.withUnsafeMutableBufferPointer { parameters in
            gradient.withUnsafeBufferPointer { gradient in
                guard let values = parameters.baseAddress, let slopes = gradient.baseAddress else { return }
                switch kind {
                case .sign: OptimizerState.sign(values, slopes, count: parameters.count, rate)
                case .adam:
                    first.withUnsafeMutableBufferPointer { first in
                        second.withUnsafeMutableBufferPointer { second in
                            guard let first = first.baseAddress, let second = second.baseAddress else { return }
                            OptimizerState.adam(values, slopes, first, second, count: parameters.count, rate)
                        }
                    }
                }
            }
        }
    }

    private static func sign(
        _ values: UnsafeMutablePointer<Float>, _ slopes: UnsafePointer<Float>, count: Int, _ rate: Float
    ) {
        let root = weight2.squareRoot()
        for index in 0..<count {
            let slope = slopes[index]
            values[index] += rate * weight1 * slope / (root * abs(slope) + epsilon)
        }
    }

    private static func adam(
        _ values: UnsafeMutablePointer<Float>, _ slopes: UnsafePointer<Float>, _ first: UnsafeMutablePointer<Float>,
        _ second: UnsafeMutablePointer<Float>, count: Int, _ rate: Float
    ) {
        forEachVector(count) { index in
            let slope = slopes.vector(at: index)
            let (oldMean, oldSquare) = (first.vector(at: index), second.vector(at: index))
            let mean = oldMean + (slope - oldMean) * weight1
            let square = oldSquare + (slope * slope - oldSquare) * weight2
            first.setVector(at: index, to: mean)
            second.setVector(at: index, to: square)
            values.setVector(at: index, to: values.vector(at: index) + mean * rate / (squareRoot(square) + epsilon))
        } _: { index in
            first[index] += (slopes[index] - first[index]) * weight1
            second[index] += (slopes[index] * slopes[index] - second[index]) * weight2
            values[index] += first[index] * rate / (second[index].squareRoot() + epsilon)
        }
    }

    /// lr * sqrt(1 - beta2^t) / (1 - beta1^t).
    static func rate(step: Int, learningRate: Double) -> Double {
        learningRate * (1 - pow(beta2, Double(step))).squareRoot() / (1 - pow(beta1, Double(step)))
    }
}
