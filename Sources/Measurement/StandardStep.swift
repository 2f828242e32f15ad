import ConvNet
import ElasticBand
import FeatureVisualization
import JobManifest
import Networks
import Pipeline

/// Steps of the standard preset's band with ten pivots at 224 px, on one worker: the very band that films are made with,
/// and how much of its time the network takes.
final class StandardStep {
    /// Processor time of one step.
    struct Sample {
        var milliseconds: Double
        /// The part of it in the network: all pivots with their gradients, the two ends without.
        var networkMilliseconds: Double
        var outsideNetworkShare: Double { 1 - networkMilliseconds / milliseconds }
    }

    static let pivots = 10
    private let source: UnitActivation
    private var band: ElasticBand<ImageSpace>
    private var objective: PathObjective

    init(network: Network) throws {
        let settings = NEBSettings.standard
        let (side, worker) = (224, Worker(index: 0))
        let space = settings.imageSpace(height: side, width: side)
        let images = ImageObjective(
            .unit(1), layer: network.description.standardLayer.name, of: network, height: side, width: side)
        source = try images.workspace(space.parameterization, on: worker).source
        source.networkMilliseconds = 0
        objective = PathObjective(
            settings, seed: 0, path: 0, height: side, width: side,
            evaluator: WorkerEvaluator(
                images, space.parameterization, pool: WorkerPool(workerCount: 1), on: worker))
        // The random starts of facets serve as facets: the time of a step does not depend on values.
        let ends = (0..<2).map { index in
            var random = CounterRandom(seed: 0, stage: "bench", step: 0, index: index)
            return space.start(&random)
        }
        var rules = try BandSettings(settings).rules
        rules.stop = .stepLimit
        // All pivots move, as at a film's beginning: one that is held costs half.
        rules.controlsSteps = false
        band = ElasticBand(
            path: space.interpolated(ends, count: Self.pivots), space: space,
            stepLimit: .max, learningRate: settings.learningRate, rules: rules)
    }

    /// Takes two steps and measures the second one. In a film a step follows another step. Here the first one follows
    /// some other measurement, which has left nothing of the path in the caches. The very first step also allocates
    /// memory.
    func measure() throws -> Sample {
        try band.step(&objective)
        let network = source.networkMilliseconds ?? 0
        let start = ProcessorTime.milliseconds
        try band.step(&objective)
        return Sample(
            milliseconds: ProcessorTime.milliseconds - start,
            networkMilliseconds: (source.networkMilliseconds ?? 0) - network)
    }
}
