import Foundation

/// How a normalised gradient becomes a step.
public enum Optimizer: String, Sendable, Codable, CaseIterable {
    /// Adam (beta .9 and .999, epsilon 1e-7, bias corrected).
    case adam
    /// What the thesis' original code really ran: each step a new variable gave Adam fresh zero moments while its
    /// step counter went on. Needed for the thesis' look of blur, bilateral and transformed images; true Adam gives
    /// grey fog there.
    case sign
}

/// An optimiser's memory for one vector of parameters. Steps go uphill.
struct OptimizerState: Sendable {
    static let (beta1, beta2, epsilon): (Float, Float, Float) = (0.9, 0.999, 1e-7)

    let kind: Optimizer
    private var first: [Float]
    private var second: [Float]

    init(_ kind: Optimizer, count: Int) {
        self.kind = kind
        let memory = kind == .adam ? count : 0
        first = [Float](repeating: 0, count: memory)
        second = [Float](repeating: 0, count: memory)
    }

    /// Moves `parameters` up the gradient; `step` counts from 1.
    mutating func advance(_ parameters: inout [Float], _ gradient: [Float], step: Int, learningRate: Double) {
        let rate = Float(OptimizerState.rate(step: step, learningRate: learningRate))
        let (beta1, beta2, epsilon) = (OptimizerState.beta1, OptimizerState.beta2, OptimizerState.epsilon)
        parameters.withUnsafeMutableBufferPointer { parameters in
            gradient.withUnsafeBufferPointer { gradient in
                switch kind {
                case .sign:
                    let root = (1 - beta2).squareRoot()
                    for index in 0..<parameters.count {
                        let g = gradient[index]
                        parameters[index] += rate * (1 - beta1) * g / (root * abs(g) + epsilon)
                    }
                case .adam:
                    first.withUnsafeMutableBufferPointer { first in
                        second.withUnsafeMutableBufferPointer { second in
                            for index in 0..<parameters.count {
                                let g = gradient[index]
                                first[index] += (1 - beta1) * (g - first[index])
                                second[index] += (1 - beta2) * (g * g - second[index])
                                parameters[index] += rate * first[index] / (second[index].squareRoot() + epsilon)
                            }
                        }
                    }
                }
            }
        }
    }

    /// lr * sqrt(1 - beta2^t) / (1 - beta1^t).
    static func rate(step: Int, learningRate: Double) -> Double {
        learningRate * (1 - pow(0.999, Double(step))).squareRoot() / (1 - pow(0.9, Double(step)))
    }
}
