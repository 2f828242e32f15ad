import Disk
import Foundation

@testable import Networks

/// The golden networks beside the project, with the weights that their skeletons say how to draw. Where they are not,
/// tests of them say so and pass.
enum GoldenNetworks {
    /// `../shared/golden/onnx` of the project's folder; nil where it is not there.
    static let folder: String? = {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = project.deletingLastPathComponent().appendingPathComponent("shared/golden/onnx").path
        let known = ProcessInfo.processInfo.environment["FACETREEL_GOLDEN"] ?? folder
        guard FileManager.default.fileExists(atPath: known + "/skeletons") else {
            print("The golden networks (\(known)) are not here: their tests are skipped.")
            return nil
        }
        return known
    }()

    static var isHere: Bool { folder != nil }

    static let names: [String] = {
        guard let folder else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/skeletons")) ?? []
        return files.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
    }()

    /// Writes a network with its weights into a folder and returns its path.
    static func write(_ name: String, into output: String) throws -> String {
        guard let folder else { throw CocoaError(.fileNoSuchFile) }
        let skeleton = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/skeletons/\(name).onnx"))
        let filled = try SkeletonFiller(skeleton: [UInt8](skeleton), name: name).fill()
        for (file, bytes) in filled {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(output)/\(file)"))
        }
        return "\(output)/\(name).onnx"
    }

    static func numbers(of name: String) throws -> [GoldenNumbers] {
        guard let folder else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder + "/golden").sorted().compactMap { file in
            let numbers = try GoldenNumbers(path: "\(folder)/golden/\(file)")
            return numbers.networks.contains(name) ? numbers : nil
        }
    }
}

/// One golden file: an image, and what the layers of a network say to it.
struct GoldenNumbers {
    let name: String
    let networks: [String]
    let mean: [Double]
    let standardDeviation: [Double]
    private let header: [String: Any]
    private let bytes: Data
    private let start: Int
    private let tensors: [String: [String: String]]

    init(path: String) throws {
        name = URL(fileURLWithPath: path).lastPathComponent
        bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let length = Int(bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) })
        start = 8 + length
        header = try JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: Any] ?? [:]
        let metadata = header["__metadata__"] as? [String: String] ?? [:]
        func read<Value>(_ key: String, as type: Value.Type) throws -> Value {
            let value = try JSONSerialization.jsonObject(with: Data((metadata[key] ?? "").utf8))
            guard let value = value as? Value else { throw CocoaError(.fileReadCorruptFile) }
            return value
        }
        networks = try read("networks", as: [String].self)
        tensors = try read("tensors", as: [String: [String: String]].self)
        func colors(_ key: String) -> [Double] {
            (metadata[key] ?? "").split { !"0123456789.".contains($0) }.compactMap { Double($0) }
        }
        mean = colors("mean")
        standardDeviation = colors("std")
    }

    func shape(_ tensor: String) -> [Int] { (header[tensor] as? [String: Any])?["shape"] as? [Int] ?? [] }

    func floats(_ tensor: String) -> [Float] {
        guard let range = (header[tensor] as? [String: Any])?["data_offsets"] as? [Int] else { return [] }
        return bytes[(start + range[0])..<(start + range[1])].withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }

    var height: Int { shape("input")[0] }
    var width: Int { shape("input")[1] }

    /// The layers of a network with the tensors that they are in its file.
    func layers(of network: String) -> [(layer: String, tensor: String)] {
        (tensors[network] ?? [:]).filter { header["mean_activation/\($0.key)"] != nil }
            .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    func meanActivation(_ layer: String) -> [Float] { floats("mean_activation/\(layer)") }

    /// The image as the network sees it, `[3, height, width]`.
    var normalizedImage: [Double] {
        let image = floats("input")
        let pixels = height * width
        return (0..<3 * pixels).map { place in
            let color = place / pixels
            return (Double(image[place % pixels * 3 + color]) - mean[color]) / standardDeviation[color]
        }
    }
}
