import ConvNet
import Pipeline
import Threads

/// Measures the time of evaluations up to one layer, with several workers at a time.
struct DepthBenchmark {
    private let layer: String
    private let batch: Int
    private let workers: [MeasuredWorker]
    /// Milliseconds per image.
    private var samples: [Double] = []

    init(network: Network, layer: String, batch: Int, workers: Int) throws {
        self.layer = layer
        self.batch = batch
        self.workers = try (0..<workers).map { _ in try MeasuredWorker(network: network, layer: layer) }
    }

    /// One sample: every worker evaluates its images, one after the other.
    mutating func measure() {
        let (workers, batch) = (workers, batch)
        // A batch of 1 is one image for each worker, several times: long enough for the clock, short enough to fit between
        // disturbances.
        let imageCount = batch == 1 ? 4 * workers.count : batch
        let start = MonotonicClock.system.now()
        _ = concurrently(workers.count) { index in
            workers[index].run(count: (imageCount - index + workers.count - 1) / workers.count)
        }
        samples.append((MonotonicClock.system.now() - start) * 1e3 / Double(imageCount))
    }

    /// - Parameter peak: a core's, in GFLOP/s.
    func figures(peak: Double) -> EngineBenchmark.Depth {
        let sorted = samples.sorted()
        let gflops = workers[0].operations / sorted[0] / 1e6
        return EngineBenchmark.Depth(
            layer: layer, batch: batch, workers: workers.count, millisecondsPerImageMinimum: sorted[0],
            millisecondsPerImageMedian: sorted[sorted.count / 2], gflops: gflops,
            percentOfPeak: 100 * gflops / (peak * Double(workers.count)))
    }

    /// One worker's evaluator with its image. Each is used by one thread at a time.
    private final class MeasuredWorker: @unchecked Sendable {
        private let evaluator: Evaluator
        private let image = Image.ofBenchmarks
        private var gradient = Image.ofBenchmarks

        init(network: Network, layer: String) throws {
            evaluator = try Evaluator(network: network, layer: layer, height: image.height, width: image.width)
        }

        /// The operations of a forward pass and input gradient: each multiplication and addition of the forward pass,
        /// both ways.
        var operations: Double {
            2 * 2 * evaluator.layer.multiplyAccumulates(height: image.height, width: image.width)
        }

        func run(count: Int) {
            for _ in 0..<count { _ = evaluator.value(of: .unit(1), at: image, gradient: &gradient) }
        }
    }
}

/// What each step takes of an evaluation: the shortest of the rounds.
struct StepProfile {
    private let evaluator: Evaluator
    private var gradient = Image.ofBenchmarks
    private(set) var times: [StepTime] = []

    init(network: Network) throws {
        let layers = network.description.benchmarkLayers
        evaluator = try Evaluator(
            network: network, layer: layers[layers.count - 1].name, height: gradient.height, width: gradient.width)
    }

    mutating func measure() {
        // The first evaluation after one by another evaluator finds nothing of its memory in the caches.
        _ = evaluator.value(of: .unit(1), at: .ofBenchmarks, gradient: &gradient)
        let new = evaluator.stepTimes(of: .ofBenchmarks, unit: 1, gradient: &gradient)
        if times.isEmpty { times = new }
        for index in times.indices {
            times[index].forwardMilliseconds = min(times[index].forwardMilliseconds, new[index].forwardMilliseconds)
            times[index].backwardMilliseconds = min(times[index].backwardMilliseconds, new[index].backwardMilliseconds)
        }
    }
}

extension Image {
    /// Any image of 224 px does: the engine's work does not depend on the values.
    static let ofBenchmarks = Image(
        height: 224, width: 224, pixels: (0..<224 * 224 * 3).map { Float($0 % 977) / 488.5 - 1 })
}
