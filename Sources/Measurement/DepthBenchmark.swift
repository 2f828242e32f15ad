import ConvNet
import Pipeline
import Threads

/// Measures the time of evaluations up to one layer, with several workers at a time.
struct DepthBenchmark {
    private let layer: String
    private let batch: Int
    private let workers: [MeasuredWorker]
    /// Milliseconds per image, forward and back, and forward alone.
    private var samples: [Double] = []
    private var forwardSamples: [Double] = []

    init(network: Network, layer: String, side: Int, batch: Int, workers: Int) throws {
        self.layer = layer
        self.batch = batch
        self.workers = try (0..<workers).map { _ in
            try MeasuredWorker(network: network, layer: layer, side: side)
        }
    }

    /// One sample: every worker evaluates its images, one after the other.
    mutating func measure() {
        samples.append(milliseconds(withGradient: true))
        forwardSamples.append(milliseconds(withGradient: false))
    }

    private func milliseconds(withGradient: Bool) -> Double {
        // A batch of 1 is one image for each worker, several times: long enough for the clock, short enough to fit between
        // disturbances.
        let imageCount = batch == 1 ? 4 * workers.count : batch
        let start = MonotonicClock.system.now()
        _ = concurrently(workers.count) { index in
            workers[index].run(
                count: (imageCount - index + workers.count - 1) / workers.count, withGradient: withGradient)
        }
        return (MonotonicClock.system.now() - start) * 1e3 / Double(imageCount)
    }

    /// - Parameter peak: a core's, in GFLOP/s.
    func figures(peak: Double) -> EngineBenchmark.Depth {
        let (sorted, forward) = (samples.sorted(), forwardSamples.sorted())
        let gflops = workers[0].operations / sorted[0] / 1e6
        return EngineBenchmark.Depth(
            layer: layer, batch: batch, workers: workers.count, millisecondsPerImageMinimum: sorted[0],
            millisecondsPerImageMedian: sorted[sorted.count / 2], forwardMillisecondsMinimum: forward[0],
            forwardMillisecondsMedian: forward[forward.count / 2], gflops: gflops,
            percentOfPeak: 100 * gflops / (peak * Double(workers.count)),
            workerMegabytes: Double(workers[0].byteCount) / 1e6)
    }

    /// One worker's evaluator with its image. Each is used by one thread at a time.
    private final class MeasuredWorker: @unchecked Sendable {
        private let evaluator: Evaluator
        private let image: Image
        private var gradient: Image

        init(network: Network, layer: String, side: Int) throws {
            image = Image.ofBenchmarks(side: side)
            gradient = image
            evaluator = try Evaluator(network: network, layer: layer, height: image.height, width: image.width)
        }

        /// The operations of a forward pass and input gradient: each multiplication and addition of the forward pass,
        /// both ways.
        var operations: Double {
            2 * 2 * evaluator.layer.multiplyAccumulates(height: image.height, width: image.width)
        }

        /// Memory beside the packed weights.
        var byteCount: Int { evaluator.byteCount }

        func run(count: Int, withGradient: Bool) {
            for _ in 0..<count {
                if withGradient {
                    _ = evaluator.value(of: .unit(unit), at: image, gradient: &gradient)
                } else {
                    _ = evaluator.value(of: .unit(unit), at: image)
                }
            }
        }

        private var unit: Int { min(1, evaluator.layer.unitCount - 1) }
    }
}

/// What each step takes of an evaluation: the shortest of the rounds.
struct StepProfile {
    private let evaluator: Evaluator
    private let image: Image
    private var gradient: Image
    private(set) var times: [StepTime] = []

    init(network: Network, layer: String, side: Int) throws {
        image = Image.ofBenchmarks(side: side)
        gradient = image
        evaluator = try Evaluator(network: network, layer: layer, height: side, width: side)
    }

    mutating func measure() {
        // The first evaluation after one by another evaluator finds nothing of its memory in the caches.
        let unit = min(1, evaluator.layer.unitCount - 1)
        _ = evaluator.value(of: .unit(unit), at: image, gradient: &gradient)
        let new = evaluator.stepTimes(of: image, unit: unit, gradient: &gradient)
        if times.isEmpty { times = new }
        for index in times.indices {
            times[index].forwardMilliseconds = min(times[index].forwardMilliseconds, new[index].forwardMilliseconds)
            times[index].backwardMilliseconds = min(times[index].backwardMilliseconds, new[index].backwardMilliseconds)
        }
    }
}

extension Image {
    /// Any image does: the engine's work does not depend on the values.
    static func ofBenchmarks(side: Int) -> Image {
        Image(height: side, width: side, pixels: (0..<side * side * 3).map { Float($0 % 977) / 488.5 - 1 })
    }

    static let ofBenchmarks = ofBenchmarks(side: 224)
}
