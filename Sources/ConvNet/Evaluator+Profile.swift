/// The time that one step of a plan takes in an evaluation.
public struct StepTime: Sendable, Codable, Equatable {
    /// The layer, or ONNX tensor, that the step makes.
    public var layer: String
    public var forwardMilliseconds: Double
    public var backwardMilliseconds: Double
}

extension Evaluator {
    /// Evaluates an image with its gradient, and returns the time of each step in the order of the network. The backward
    /// time of the last step includes the target's mean.
    public func stepTimes(of image: Image, unit: Int, gradient: inout Image) -> [StepTime] {
        var times = plan.steps.map { StepTime(layer: $0.name, forwardMilliseconds: 0, backwardMilliseconds: 0) }
        var last = ContinuousClock.now
        func elapsed() -> Double {
            let now = ContinuousClock.now
            defer { last = now }
            return (now - last) / .milliseconds(1)
        }
        func place(of step: PlanStep) -> Int { plan.steps.firstIndex { $0 === step } ?? 0 }
        forward(image, wantsMap: false) { times[place(of: $0)].forwardMilliseconds = elapsed() }
        _ = plan.mean(unit: unit, hasMap: false)
        write(&gradient) { pixels in
            plan.backward([Objective.UnitWeight(unit: unit, weight: 1)], into: pixels) {
                times[place(of: $0)].backwardMilliseconds = elapsed()
            }
        }
        return times
    }
}
