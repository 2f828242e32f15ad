import ConvNet
import Dispatch
import Pipeline

/// How fast the engine is on this machine, as `facetreel bench` reports it.
///
/// Shared machines are noisy: everything is measured in several rounds that alternate with the yardstick and with each
/// other; the minimum and the median are kept.
public struct EngineBenchmark: Sendable, Codable, Equatable {
    /// One layer's figures.
    public struct Depth: Sendable, Codable, Equatable {
        public var layer: String
        /// How many images are evaluated together, spread over the workers; 1: one image for each worker at a time.
        public var batch: Int
        public var workers: Int
        /// Wall time of forward and input gradient of one image; with several workers, the time of a batch
        /// divided by the number of its images.
        public var millisecondsPerImageMinimum: Double
        public var millisecondsPerImageMedian: Double
        /// The same without the gradient.
        public var forwardMillisecondsMinimum: Double
        public var forwardMillisecondsMedian: Double
        /// The speed of all workers together, from the minimum.
        public var gflops: Double
        /// That speed in percent of the sum of the workers' FMA peaks.
        public var percentOfPeak: Double
        /// What one worker needs of memory beside the packed weights, which all share.
        public var workerMegabytes: Double
    }

    /// What the steps of one kind take together.
    public struct Kind: Sendable, Codable, Equatable {
        public var kind: String
        public var count: Int
        public var forwardMilliseconds: Double
        public var backwardMilliseconds: Double
    }

    /// A step of the standard preset's band in which all ten pivots move, at 224 px to the network's standard layer.
    /// Measured in one worker's processor time, right after another step.
    public struct Step: Sendable, Codable, Equatable {
        /// From the shortest step; everything included, the ends too.
        public var millisecondsPerPivot: Double
        public var millisecondsPerPivotMedian: Double
        /// The share of the time outside the network, the median of all steps: decoding, transforms, their adjoints,
        /// Adam, the path.
        public var outsideNetworkShare: Double
    }

    /// The core's fused multiply-add peak, the best of those between the rounds; multiply and add counted separately.
    public var fmaPeakGFLOPS: Double
    public var depths: [Depth]
    /// Nil where a layer was asked for.
    public var standardStep: Step?
    /// The shortest time of each step in an evaluation to the deepest layer, over all rounds; nil if not asked for.
    public var profile: [StepTime]?
    /// The same by kinds, those that take longest first.
    public var profileOfKinds: [Kind]?

    /// Images evaluated together: one, and as many as a path of the band has pivots.
    static let batches = [1, StandardStep.pivots]

    /// Measures with one worker and with all of them.
    /// - Parameters:
    ///   - layer: a layer to measure instead of the network's own choice and of the step of the band.
    ///   - side: of the images, in pixels; steps of the band are always measured at 224.
    /// - Throws: `EvaluatorError` for a layer or a size that the network does not have.
    public static func measure(
        network: Network, layer: String? = nil, side: Int = 224, workers: Int, rounds: Int = 15,
        isProfiled: Bool = false
    ) throws -> EngineBenchmark {
        var peak = 0.0
        let layers = layer.map { [$0] } ?? network.description.benchmarkLayers.map(\.name)
        var depths = try Set([1, workers]).sorted().flatMap { count in
            try layers.flatMap { layer in
                try batches.map {
                    try DepthBenchmark(network: network, layer: layer, side: side, batch: $0, workers: count)
                }
            }
        }
        let step = try layer == nil ? StandardStep(network: network) : nil
        var steps: [StandardStep.Sample] = []
        var profile = try isProfiled ? StepProfile(network: network, layer: layers[layers.count - 1], side: side) : nil
        for _ in 0..<rounds {
            peak = max(peak, measurePeak())
            for index in depths.indices { depths[index].measure() }
            if let step { steps.append(try step.measure()) }
            profile?.measure()
        }
        return EngineBenchmark(
            fmaPeakGFLOPS: peak, depths: depths.map { $0.figures(peak: peak) }, standardStep: figures(of: steps),
            profile: profile?.times, profileOfKinds: profile.map { kinds(of: $0.times) })
    }

    private static func figures(of steps: [StandardStep.Sample]) -> Step? {
        guard !steps.isEmpty else { return nil }
        let times = steps.map { $0.milliseconds / Double(StandardStep.pivots) }.sorted()
        let shares = steps.map(\.outsideNetworkShare).sorted()
        return Step(
            millisecondsPerPivot: times[0], millisecondsPerPivotMedian: times[times.count / 2],
            outsideNetworkShare: shares[shares.count / 2])
    }

    private static func kinds(of times: [StepTime]) -> [Kind] {
        Dictionary(grouping: times, by: \.kind).map { kind, times in
            Kind(
                kind: kind, count: times.count,
                forwardMilliseconds: times.reduce(0) { $0 + $1.forwardMilliseconds },
                backwardMilliseconds: times.reduce(0) { $0 + $1.backwardMilliseconds })
        }
        .sorted { ($1.milliseconds, $0.kind) < ($0.milliseconds, $1.kind) }
    }

    private static func measurePeak() -> Double {
        let iterations = 200_000
        let start = DispatchTime.now().uptimeNanoseconds
        let value = FusedMultiplyAddPeak.run(iterations: iterations, factor: 0.999)
        let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start)
        // The value is used, so that the work is done.
        return value.isNaN ? 0 : FusedMultiplyAddPeak.operations(iterations: iterations) / elapsed
    }
}

extension EngineBenchmark.Kind {
    var milliseconds: Double { forwardMilliseconds + backwardMilliseconds }
}
