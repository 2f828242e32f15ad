import Pipeline
import ConvNet
import Disk
import Film
import Foundation

/// What one image through the network costs on this machine: measured at a few depths, and in between by the number of
/// multiply-accumulates.
public struct Calibration: Sendable, Codable, Equatable {
    /// Milliseconds of one core at one depth.
    struct Depth: Sendable, Codable, Equatable {
        var multiplyAccumulates: Double
        var forward: Double
        /// Forward and back.
        var gradient: Double
    }

    /// The engine and the processor that it holds for.
    var engineRevision: String
    var processor: String
    /// Of the images that were measured; others cost by their pixels.
    var size: Int
    var depths: [Depth]
    /// Milliseconds that a step takes for one image beside the network: decoding, transforms, the optimiser, the band.
    var besideNetwork: Double

    /// The layers that are measured, from edges to objects.
    private static let layers = [
        "block_1_project_BN", "block_4_add", "block_8_add", "block_12_add", "block_16_project_BN",
    ]
    private static let rounds = 5

    /// Measures, in half a second to a second.
    public init(network: Network) throws {
        let image = Image.ofBenchmarks
        size = image.height
        engineRevision = Network.engineRevision
        processor = Self.processorName
        let evaluators = try Self.layers.map {
            try Evaluator(network: network, layer: $0, height: image.height, width: image.width)
        }
        var gradient = image
        var samples = evaluators.map { _ in (forward: [Double](), gradient: [Double]()) }
        let step = try StandardStep(network: network)
        var steps: [StandardStep.Sample] = []
        // Alternating, so that a disturbance hits all of them.
        for _ in 0..<Self.rounds {
            for (index, evaluator) in evaluators.enumerated() {
                samples[index].forward.append(Self.milliseconds { _ = evaluator.meanActivation(of: image, unit: 1) })
                samples[index].gradient.append(
                    Self.milliseconds { _ = evaluator.meanActivation(of: image, unit: 1, gradient: &gradient) })
            }
            steps.append(try step.measure())
        }
        depths = zip(Self.layers, samples).map { layer, sample in
            Depth(
                multiplyAccumulates: MobileNetV2.multiplyAccumulates(
                    to: layer, height: image.height, width: image.width) ?? 0,
                forward: Self.median(sample.forward), gradient: Self.median(sample.gradient))
        }
        besideNetwork =
            Self.median(steps.map { $0.milliseconds - $0.networkMilliseconds }) / Double(StandardStep.pivots)
    }

    /// Of the machine that the engine was written on (one core with AVX-512).
    public static let typical = Calibration(
        engineRevision: "", processor: "", size: 224,
        depths: zip([31.5, 75.9, 111.5, 181.4, 247.6], [(0.75, 1.45), (1.2, 2.5), (1.6, 3.4), (2.2, 4.7), (2.9, 6.2)])
            .map {
                Depth(multiplyAccumulates: $0 * 1e6, forward: $1.0, gradient: $1.1)
            }, besideNetwork: 1.1)

    private init(
        engineRevision: String, processor: String, size: Int, depths: [Depth], besideNetwork: Double
    ) {
        self.engineRevision = engineRevision
        self.processor = processor
        self.size = size
        self.depths = depths
        self.besideNetwork = besideNetwork
    }

    /// The one kept in `file`, if it holds for this engine and this machine, or a new one, which is kept there. That it
    /// cannot be is no error: it only costs the next run another second.
    public static func kept(in file: String, network: Network) throws -> Calibration {
        if let data = try? WholeFile.contents(of: file),
            let found = try? JSONDecoder().decode(Calibration.self, from: data), found.isValid
        {
            return found
        }
        let measured = try Calibration(network: network)
        // Who only asks what a run would cost gets no output folder.
        if let data = try? JSONEncoder().encode(measured) {
            try? Folder.make((file as NSString).deletingLastPathComponent, withThoseAbove: false)
            try? WholeFile.write(data, to: file)
        }
        return measured
    }

    /// Where the calibration of an output folder lies.
    public static func file(in output: String) -> String { "\(output)/.cache/calibration.json" }

    /// Whether it is of this engine and machine, and its numbers mean something: a file may hold anything.
    private var isValid: Bool {
        engineRevision == Network.engineRevision && processor == Self.processorName && size == Image.ofBenchmarks.height
            && depths.count == Self.layers.count && besideNetwork.isFinite && besideNetwork >= 0
            && depths.allSatisfy {
                $0.multiplyAccumulates > 0 && $0.forward > 0 && $0.gradient.isFinite && $0.gradient > 0
            }
    }

    // MARK: - Costs

    /// Milliseconds of one image to `layer` and back, and forward alone.
    func milliseconds(to layer: String, height: Int, width: Int) -> (gradient: Double, forward: Double) {
        let operations = MobileNetV2.multiplyAccumulates(to: layer, height: size, width: size) ?? 0
        let scale = Double(height * width) / Double(size * size)
        return (
            scale * interpolated(operations, \.gradient), scale * interpolated(operations, \.forward)
        )
    }

    /// The same of what is beside the network, for one image with gradient.
    func millisecondsBesideNetwork(height: Int, width: Int) -> Double {
        besideNetwork * Double(height * width) / Double(size * size)
    }

    /// On the line through the two nearest depths, or through the origin before the first.
    private func interpolated(_ operations: Double, _ value: KeyPath<Depth, Double>) -> Double {
        guard let upper = depths.firstIndex(where: { $0.multiplyAccumulates >= operations }) else {
            guard let last = depths.last else { return 0 }
            return last[keyPath: value] * operations / last.multiplyAccumulates
        }
        let high = depths[upper]
        guard upper > 0 else { return high[keyPath: value] * operations / high.multiplyAccumulates }
        let low = depths[upper - 1]
        let share = (operations - low.multiplyAccumulates) / (high.multiplyAccumulates - low.multiplyAccumulates)
        return low[keyPath: value] + share * (high[keyPath: value] - low[keyPath: value])
    }

    private static func milliseconds(_ body: () -> Void) -> Double {
        let start = ProcessorTime.milliseconds
        body()
        return ProcessorTime.milliseconds - start
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// As the system names it; of processors that it does not name, the architecture would do.
    private static var processorName: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
}
