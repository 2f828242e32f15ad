import ConvNet
import Film
import Foundation
import Networks
import NetworksSupport
import Pipeline
import Records

@testable import Examples

/// A folder of small pictures beside a small network, which go away with it.
final class PictureFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(
        path: "facetreel-examples-\(UInt64.random(in: 0...UInt64.max))"
    ).path
    var pictures: String { "\(path)/pictures" }
    let warnings = Guarded<[String]>([])

    init(_ count: Int = 0) throws {
        try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
        _ = try Self.network.write(into: path)
        try Data(#"{"mean": 0.5, "standardDeviation": 0.25, "size": 32, "labels": ["a", "b", "c"]}"#.utf8).write(
            to: URL(filePath: "\(path)/network.json"))
        for index in 0..<count { try write(Self.picture(index), "\(Self.name(index))") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func name(_ index: Int) -> String { "p\(1000 + index).png" }

    /// Noise, another for each number.
    static func picture(_ index: Int) -> Bitmap {
        let (width, height) = (40 + index % 5, 36 + index % 3)
        var state = UInt64(truncatingIfNeeded: index + 1)
        return Bitmap(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            })
    }

    func write(_ picture: Bitmap, _ name: String) throws { try PNG.write(picture, to: "\(pictures)/\(name)") }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(pictures)/\(name)"))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(pictures)/\(name)", withDestinationPath: target)
    }

    var library: NetworkLibrary { NetworkLibrary(folders: [path]) }
    let reference = NetworkReference("network")

    /// - Parameter stopAfter: asks for a stop once so many pictures are done.
    func collection(
        output: String = "out", workers: Int = 1, stopAfter: Int? = nil, interval: Duration = .seconds(15)
    ) throws -> ExampleCollection {
        let library = library
        var collection = ExampleCollection(
            folder: pictures, network: reference, layers: try library.description(of: reference).layers,
            library: library, output: "\(path)/\(output)")
        collection.workers = workers
        collection.checkpointInterval = interval
        let stop = StopSignal()
        collection.stop = stop
        collection.warn = { [warnings] line in warnings.update { $0.append(line) } }
        collection.report = { progress in
            if case .read(let done, _, before: _) = progress, let stopAfter, done >= stopAfter {
                stop.request(signal: 15)
            }
        }
        return collection
    }

    /// The bytes of a record and its activations.
    static func bytes(_ outcome: ExampleCollection.Outcome) throws -> [Data] {
        try [outcome.place.record, outcome.place.activations].map { try Data(contentsOf: URL(filePath: $0)) }
    }

    /// Two convolutions, the second beside the way to three classes.
    private static var network: ONNXFixture {
        var fixture = ONNXFixture()
        fixture.inputs = [.init("image", shape: [1, 3, 32, 32])]
        func weights(_ count: Int) -> [Float] { (0..<count).map { Float(($0 * 7 + 3) % 11) / 11 - 0.45 } }
        fixture.initializers = [
            .floats("conv1.weight", [20, 3, 3, 3], weights(540)),
            .floats("conv2.weight", [5, 20, 3, 3], weights(900)), .floats("fc.weight", [3, 20], weights(60)),
        ]
        let same: KeyValuePairs<String, ONNXFixture.Attribute> = [
            "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2]),
        ]
        fixture.nodes = [
            .init("Conv", name: "/conv1/Conv", inputs: ["image", "conv1.weight"], outputs: ["c"], same),
            .init("Relu", name: "/relu/Relu", inputs: ["c"], outputs: ["r"]),
            .init("Conv", name: "/conv2/Conv", inputs: ["r", "conv2.weight"], outputs: ["d"], same),
            .init("GlobalAveragePool", name: "/pool/GlobalAveragePool", inputs: ["r"], outputs: ["p"]),
            .init("Flatten", name: "/Flatten", inputs: ["p"], outputs: ["f"]),
            .init(
                "Gemm", name: "/fc/Gemm", inputs: ["f", "fc.weight"], outputs: ["y"], ["transB": .integer(1)]),
        ]
        fixture.outputs = [.init("y", shape: nil), .init("d", shape: nil)]
        return fixture
    }
}
