import ConvNet
import Disk
import Film
import Foundation
import Networks
import Pipeline

/// What one image through the network costs on this machine. It is measured for a few layers; between them it is
/// computed from the number of multiply-accumulates.
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
    /// The size of the images that were measured. The cost of others is proportional to their number of pixels.
    var size: Int
    var depths: [Depth]
    /// Milliseconds that a step takes for one image outside the network: decoding, transforms, the optimiser, the band.
    var besideNetwork: Double

    private static let rounds = 5

    /// Measures, in half a second to a second.
    public init(network: Network) throws {
        let image = Image.ofBenchmarks
        size = image.height
        engineRevision = Network.engineRevision
        processor = Self.processorName
        let evaluators = try network.description.benchmarkLayers.map {
            try Evaluator(network: network, layer: $0.name, height: image.height, width: image.width)
        }
        var gradient = image
        var samples = evaluators.map { _ in (forward: [Double](), gradient: [Double]()) }
        let step = try StandardStep(network: network)
        var steps: [StandardStep.Sample] = []
        // Alternating, so that a disturbance hits all of them.
        for _ in 0..<Self.rounds {
            for (index, evaluator) in evaluators.enumerated() {
                samples[index].forward.append(Self.milliseconds { _ = evaluator.value(of: .unit(1), at: image) })
                samples[index].gradient.append(
                    Self.milliseconds { _ = evaluator.value(of: .unit(1), at: image, gradient: &gradient) })
            }
            steps.append(try step.measure())
        }
        depths = zip(evaluators, samples).map { evaluator, sample in
            Depth(
                multiplyAccumulates: evaluator.layer.multiplyAccumulates(height: image.height, width: image.width),
                forward: Self.median(sample.forward), gradient: Self.median(sample.gradient))
        }
        besideNetwork =
            Self.median(steps.map { $0.milliseconds - $0.networkMilliseconds }) / Double(StandardStep.pivots)
    }

    private init(typical depths: [Depth], besideNetwork: Double) {
        engineRevision = ""
        processor = ""
        size = 224
        self.depths = depths
        self.besideNetwork = besideNetwork
    }

    /// What was measured once and for all on one core with AVX-512: MobileNetV2 to block_1_project_BN, block_4_add,
    /// block_8_add, block_12_add and block_16_project_BN. It is the same on every machine, and stands for any network:
    /// only proportions count.
    public static let typical = Calibration(
        typical: [
            Depth(multiplyAccumulates: 50_075_648, forward: 0.75, gradient: 1.45),
            Depth(multiplyAccumulates: 102_271_232, forward: 1.2, gradient: 2.5),
            Depth(multiplyAccumulates: 141_446_144, forward: 1.6, gradient: 3.4),
            Depth(multiplyAccumulates: 209_861_120, forward: 2.2, gradient: 4.7),
            Depth(multiplyAccumulates: 279_423_872, forward: 2.9, gradient: 6.2),
        ], besideNetwork: 1.1)

    /// The multiply-accumulates up to each of the layers that are measured.
    private static func multiplyAccumulates(_ network: NetworkDescription, size: Int) -> [Double] {
        network.benchmarkLayers.map { $0.multiplyAccumulates(height: size, width: size) }
    }

    /// The calibration in `file` if it holds for this engine and this machine; otherwise a new one, which is kept
    /// there. If it cannot be kept, that is no error: it only costs the next run another second.
    public static func kept(in file: String, network: Network) throws -> Calibration {
        if let found = Calibration.stored(in: file), found.isValid(for: network.description) { return found }
        let measured = try Calibration(network: network)
        // No output folder is made for somebody who only asks what a run would cost.
        if let data = try? JSONEncoder().encode(measured) {
            try? Folder.make((file as NSString).deletingLastPathComponent, withThoseAbove: false)
            try? WholeFile.write(data, to: file, isOwn: true)
        }
        return measured
    }

    /// Where the calibration of a network lies in an output folder; `digest` is the network's.
    public static func file(in output: String, digest: String) -> String {
        "\(output)/.cache/calibration-\(digest.prefix(16)).json"
    }

    /// Whether it belongs to this engine, network and machine, and its numbers make sense: a file may hold anything.
    func isValid(for network: NetworkDescription) -> Bool {
        engineRevision == Network.engineRevision && processor == Self.processorName && size == Image.ofBenchmarks.height
            && depths.map(\.multiplyAccumulates) == Self.multiplyAccumulates(network, size: size)
            && besideNetwork.isFinite && besideNetwork >= 0
            && depths.allSatisfy { $0.forward > 0 && $0.gradient.isFinite && $0.gradient > 0 }
    }

    // MARK: - Costs

    /// Milliseconds of one image to `layer` and back, and forward alone.
    func milliseconds(to layer: Layer, height: Int, width: Int) -> (gradient: Double, forward: Double) {
        let operations = layer.multiplyAccumulates(height: size, width: size)
        let scale = Double(height * width) / Double(size * size)
        return (
            scale * interpolated(operations, \.gradient), scale * interpolated(operations, \.forward)
        )
    }

    /// The same for the time outside the network, for one image with gradient.
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

    /// The name that the system has for the processor; "unknown" if it has none.
    private static var processorName: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
}
