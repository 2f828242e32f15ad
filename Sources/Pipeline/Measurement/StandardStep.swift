import ConvNet
import ElasticBand
import FeatureVisualization
import JobManifest

/// Steps of the standard preset's band with ten pivots at 224 px, on one worker: the very band that films are made with,
/// and how much of its time the network takes.
final class StandardStep {
    /// Processor time of one step.
    struct Sample {
        var milliseconds: Double
        /// In the network: all pivots with their gradients, the two ends without.
        var networkMilliseconds: Double
        var outsideNetworkShare: Double { 1 - networkMilliseconds / milliseconds }
    }

    static let pivots = 10
    private let source: UnitActivation
    private var band: ElasticBand<ImageSpace>
    private var objective: PathObjective

    init(network: Network) throws {
        let reel = try Self.reel()
        let context = RenderContext(
            network: network, weightsDigest: "", outputFolder: "", pool: WorkerPool(workerCount: 1))
        let renderer = ReelRenderer(reel: reel, index: 0, context: context)
        let worker = Worker(index: 0)
        let workspace = try renderer.workspace(on: worker)
        source = workspace.source
        source.networkMilliseconds = 0
        objective = PathObjective(renderer, path: 0, worker: worker)
        let space = reel.neb.imageSpace(height: renderer.height, width: renderer.width)
        // What facets start from does as a facet: the time of a step depends on no value.
        let ends = (0..<2).map { index in
            var random = CounterRandom(seed: 0, stage: "bench", step: 0, index: index)
            return space.start(&random)
        }
        var rules = try BandSettings(reel.neb).rules
        rules.stop = .stepLimit
        // All pivots move, as at a film's beginning: one that is held costs half.
        rules.controlsSteps = false
        band = ElasticBand(
            path: ElasticBand.straightPath(from: ends[0], to: ends[1], pivots: Self.pivots, in: space), space: space,
            stepLimit: .max, learningRate: reel.neb.learningRate, rules: rules)
    }

    /// Takes two steps and measures the second: in a film each follows another one, here whatever was measured in between,
    /// which has left nothing of the path in the caches. The very first makes what the others write over.
    func measure() throws -> Sample {
        try band.step(&objective)
        let network = source.networkMilliseconds ?? 0
        let start = ProcessorTime.milliseconds
        try band.step(&objective)
        return Sample(
            milliseconds: ProcessorTime.milliseconds - start,
            networkMilliseconds: (source.networkMilliseconds ?? 0) - network)
    }

    /// What a manifest that says nothing asks for.
    private static func reel() throws -> Reel {
        let manifest = #"{ "name": "bench", "layer": "block_12_add", "unit": 1 }"#
        let reels = try ManifestReader.read(
            bytes: Array(manifest.utf8), file: "the benchmark's manifest", layers: ManifestSet.layers
        ).reels()
        return reels[0]
    }
}
