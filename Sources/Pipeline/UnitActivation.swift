import ConvNet
import FeatureVisualization

/// One unit's mean activation, seen through one worker's evaluator; gives up when the run is asked to stop.
final class UnitActivation: ActivationSource {
    private let evaluator: Evaluator
    private let unit: Int
    private let stop: StopSignal
    /// How many images have been evaluated so far.
    private(set) var evaluations = 0
    /// What the network took of this thread's processor time, where somebody wants to know it; nil asks no clock.
    var networkMilliseconds: Double?

    init(_ evaluator: Evaluator, unit: Int, stop: StopSignal) {
        self.evaluator = evaluator
        self.unit = unit
        self.stop = stop
    }

    func activation(of image: Image) throws -> Float {
        try stop.check()
        evaluations += 1
        return timed { evaluator.meanActivation(of: image, unit: unit) }
    }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        try stop.check()
        evaluations += 1
        return timed { evaluator.meanActivation(of: image, unit: unit, gradient: &gradient) }
    }

    private func timed(_ evaluate: () -> Float) -> Float {
        guard let before = networkMilliseconds else { return evaluate() }
        let start = ProcessorTime.milliseconds
        let value = evaluate()
        networkMilliseconds = before + ProcessorTime.milliseconds - start
        return value
    }
}
