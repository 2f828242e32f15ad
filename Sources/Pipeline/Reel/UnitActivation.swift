import ConvNet
import FeatureVisualization

/// The reel's objective, seen through one worker's evaluator; gives up when the run is asked to stop.
public final class UnitActivation: ActivationSource {
    private let evaluator: Evaluator
    private let objective: Objective
    /// Nil if the work must be finished even after a stop is asked for.
    private let stop: StopSignal?
    /// How many images have been evaluated so far.
    private(set) var evaluations = 0
    /// The processor time of this thread that the network took so far; with nil it is not measured.
    public var networkMilliseconds: Double?

    init(_ evaluator: Evaluator, objective: Objective, stop: StopSignal?) {
        self.evaluator = evaluator
        self.objective = objective
        self.stop = stop
    }

    public func activation(of image: Image) throws -> Float {
        try stop?.check()
        evaluations += 1
        return timed { evaluator.value(of: objective, at: image) }
    }

    public func activation(of image: Image, gradient: inout Image) throws -> Float {
        try stop?.check()
        evaluations += 1
        return timed { evaluator.value(of: objective, at: image, gradient: &gradient) }
    }

    public func redirectedGradient(of image: Image, into gradient: inout Image) throws {
        try stop?.check()
        try evaluator.redirectedGradient(of: objective, at: image, into: &gradient)
    }

    private func timed(_ evaluate: () -> Float) -> Float {
        guard let before = networkMilliseconds else { return evaluate() }
        let start = ProcessorTime.milliseconds
        let value = evaluate()
        networkMilliseconds = before + ProcessorTime.milliseconds - start
        return value
    }
}
