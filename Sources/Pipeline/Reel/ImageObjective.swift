import ConvNet
import FeatureVisualization

/// What images are to maximise: an objective at one layer of a network, for images of one size. Every worker evaluates
/// it with an evaluator of its own, which it keeps from item to item.
public struct ImageObjective: Sendable {
    public let height: Int
    public let width: Int
    let objective: Objective
    private let layer: String
    private let network: Network
    private let stop: StopSignal

    /// - Parameter stop: ends evaluations with `Stopped` once it is asked for.
    public init(
        _ objective: Objective, layer: String, of network: Network, height: Int, width: Int,
        stop: StopSignal = StopSignal()
    ) {
        self.objective = objective
        self.layer = layer
        self.network = network
        self.height = height
        self.width = width
        self.stop = stop
    }

    /// - Throws: `EvaluatorError` if the layer or the size is impossible.
    func evaluator() throws -> Evaluator {
        try Evaluator(network: network, layer: layer, height: height, width: width)
    }

    /// The layer whose Gram matrices keep diverse facets apart, where it is not the objective's own: logits have no
    /// places to count over.
    var diversityLayer: String? {
        guard let own = network.description.layer(layer) else { return nil }
        let other = network.description.diversityLayer(for: own)
        return other == own ? nil : other.name
    }

    /// The same for diverse facets: it keeps the diversity's layer, too.
    func diversityEvaluator() throws -> Evaluator {
        try Evaluator(
            network: network, layer: layer, height: height, width: width,
            gradientTaps: diversityLayer.map { [$0] } ?? [])
    }

    /// The objective as this worker sees it.
    /// - Parameter isStoppable: false if the work must be finished even after a stop is asked for.
    func activation(on worker: Worker, isStoppable: Bool = true) throws -> UnitActivation {
        let evaluator = try worker.scratch(
            for: "\(ObjectIdentifier(network)) \(layer) \(height)x\(width)", make: evaluator)
        return UnitActivation(evaluator, objective: objective, stop: isStoppable ? stop : nil)
    }

    /// The layer whose features hold facets near a picture; nil: the image itself.
    var nearnessLayer: String? {
        network.description.layer(layer).flatMap { network.description.nearnessLayer(for: $0) }?.name
    }

    /// The objective with these features, which takes memory for as long as it lives.
    func features() throws -> UnitFeatures {
        try UnitFeatures(
            try Evaluator(
                network: network, layer: layer, height: height, width: width,
                gradientTaps: nearnessLayer.map { [$0] } ?? []),
            objective: objective, layer: nearnessLayer)
    }

    /// What this worker needs to evaluate points of a path; made once and kept.
    public func workspace(_ parameterization: Parameterization, on worker: Worker) throws -> Workspace<UnitActivation> {
        let key = "path \(ObjectIdentifier(network)) \(layer) \(objective) \(height)x\(width) \(parameterization)"
        return try worker.scratch(for: key) {
            Workspace(
                source: UnitActivation(try evaluator(), objective: objective, stop: nil),
                view: PathView(parameterization, height: height, width: width, isGrey: network.seesGrey))
        }
    }
}

/// What a worker needs to evaluate points of a path: what looks at images, and a view that makes images of points.
public final class Workspace<Source> {
    public let source: Source
    let view: PathView

    init(source: Source, view: PathView) {
        self.source = source
        self.view = view
    }
}
