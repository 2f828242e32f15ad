import ConvNet
import Dispatch

/// How fast the engine is on this machine, as `facetreel bench` reports it.
///
/// Shared machines are noisy: each depth is measured in several rounds that alternate with the yardstick and with
/// the other depths, and the minimum and the median are kept.
public struct EngineBenchmark: Sendable, Codable, Equatable {
    /// One layer's figures.
    public struct Depth: Sendable, Codable, Equatable {
        public var layer: String
        /// Images a worker evaluates at once.
        public var batch: Int
        public var workers: Int
        /// Forward and input gradient of one image at 224 px.
        public var millisecondsPerImageMinimum: Double
        public var millisecondsPerImageMedian: Double
        /// Of all workers together, from the minimum.
        public var gflops: Double
        /// Of the workers' summed FMA peak.
        public var percentOfPeak: Double
    }

    /// The core's fused multiply-add peak, measured between the rounds; multiply and add counted separately.
    public var fmaPeakGFLOPS: Double
    public var depths: [Depth]

    /// GFLOP of a forward and input gradient at 224 px, counted from the architecture (ENGINE: both ways, one image).
    static let gigaOperations: [(layer: String, value: Double)] = [
        ("block_4_add", 0.409), ("block_12_add", 0.839), ("block_16_project_BN", 1.118),
    ]

    /// Measures with one worker and with all of them.
    public static func measure(network: Network, workers: Int, rounds: Int = 15) throws -> EngineBenchmark {
        var peak = 0.0
        let configurations = Set([1, workers]).sorted().flatMap { count in
            gigaOperations.map { (count: count, depth: $0) }
        }
        let lanes = try configurations.map { configuration in
            try (0..<configuration.count).map { _ in try Lane(network: network, layer: configuration.depth.layer) }
        }
        var samples = configurations.map { _ in [Double]() }
        for _ in 0..<rounds {
            peak = max(peak, measurePeak())
            for index in configurations.indices {
                let workersOfRound = lanes[index]
                let start = DispatchTime.now().uptimeNanoseconds
                DispatchQueue.concurrentPerform(iterations: workersOfRound.count) {
                    workersOfRound[$0].run(repetitions: repetitions)
                }
                let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start)
                samples[index].append(elapsed / 1e6 / Double(repetitions * workersOfRound.count))
            }
        }
        return EngineBenchmark(
            fmaPeakGFLOPS: peak,
            depths: zip(configurations, samples).map { configuration, times in
                let sorted = times.sorted()
                let gflops = configuration.depth.value / sorted[0] * 1e3
                return Depth(
                    layer: configuration.depth.layer, batch: 1, workers: configuration.count,
                    millisecondsPerImageMinimum: sorted[0], millisecondsPerImageMedian: sorted[sorted.count / 2],
                    gflops: gflops, percentOfPeak: 100 * gflops / (peak * Double(configuration.count)))
            })
    }

    /// Evaluations per sample: long enough for the clock, short enough to fit between disturbances.
    private static let repetitions = 4

    private static func measurePeak() -> Double {
        let iterations = 200_000
        let start = DispatchTime.now().uptimeNanoseconds
        let value = FusedMultiplyAddPeak.run(iterations: iterations, factor: 0.999)
        let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start)
        // The value is used, so that the work is done.
        return value.isNaN ? 0 : FusedMultiplyAddPeak.operations(iterations: iterations) / elapsed
    }

    /// One worker's evaluator with its image. Each is used by one thread at a time.
    private final class Lane: @unchecked Sendable {
        private let evaluator: Evaluator
        private let image: Image
        private var gradient: Image

        init(network: Network, layer: String) throws {
            let side = 224
            evaluator = try Evaluator(network: network, layer: layer, height: side, width: side)
            // Any image does: the engine's work does not depend on the values.
            image = Image(height: side, width: side, pixels: (0..<side * side * 3).map { Float($0 % 977) / 488.5 - 1 })
            gradient = image
        }

        func run(repetitions: Int) {
            for _ in 0..<repetitions { _ = evaluator.meanActivation(of: image, unit: 1, gradient: &gradient) }
        }
    }
}
