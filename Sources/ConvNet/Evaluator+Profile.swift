/// The time that one step of a plan takes in an evaluation.
public struct StepTime: Sendable, Codable, Equatable {
    /// The layer that the step makes; the name of the tensor in the file where no list shows it.
    public var layer: String
    /// What kind of operation it is.
    public var kind: String
    public var forwardMilliseconds: Double
    public var backwardMilliseconds: Double
}

extension Evaluator {
    /// Evaluates an image with its gradient, and returns the time of each step in the order of the network. The backward
    /// time of the last step includes the target's mean.
    public func stepTimes(of image: Image, unit: Int, gradient: inout Image) -> [StepTime] {
        let names = layerNames(height: image.height, width: image.width)
        var times = plan.steps.map { step in
            StepTime(
                layer: names[step.name] ?? step.name, kind: step.operation.kind, forwardMilliseconds: 0,
                backwardMilliseconds: 0)
        }
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

    /// Memory beside the packed weights, in bytes.
    public var byteCount: Int { plan.byteCount }

    /// For the tensors that lists of layers show, what these call them.
    private func layerNames(height: Int, width: Int) -> [String: String] {
        guard let graph = try? network.model.lowered(height: height, width: width) else { return [:] }
        var names: [String: String] = [:]
        for entry in graph.names.entries { names[entry.tensor] = entry.name }
        return names
    }
}
