import Film
import Foundation
import JobManifest
import Networks
import NetworksSupport
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// Films of a network that sees no colors.
@Suite struct GreyFilmTests {
    /// Two convolutions on an image of one channel, or of three.
    private static func network(channels: Int) -> ONNXFixture {
        var fixture = ONNXFixture()
        fixture.inputs = [.init("image", shape: [1, channels, nil, nil])]
        func weights(_ count: Int) -> [Float] { (0..<count).map { Float(($0 * 7 + 3) % 11) / 11 - 0.45 } }
        fixture.initializers = [
            .floats("conv1.weight", [4, channels, 3, 3], weights(4 * channels * 9)),
            .floats("conv2.weight", [2, 4, 3, 3], weights(72)),
        ]
        let same: KeyValuePairs<String, ONNXFixture.Attribute> = [
            "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]),
        ]
        fixture.nodes = [
            .init("Conv", name: "/conv1/Conv", inputs: ["image", "conv1.weight"], outputs: ["c"], same),
            .init("Relu", name: "/relu/Relu", inputs: ["c"], outputs: ["r"]),
            .init("Conv", name: "/conv2/Conv", inputs: ["r", "conv2.weight"], outputs: ["y"], same),
        ]
        fixture.outputs = [.init("y", shape: nil)]
        return fixture
    }

    /// The facets' and the poster's pictures of a film of all kinds of facets.
    private func pictures(channels: Int) throws -> [Bitmap] {
        let folder = try ONNXFixture.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try Self.network(channels: channels).write(into: folder)
        try Data(#"{"mean": 0.5, "standardDeviation": 0.25, "size": 32}"#.utf8).write(
            to: URL(filePath: "\(folder)/network.json"))
        try PNG.write(Bitmap(width: 32, height: 32, color: (200, 100, 50)), to: "\(folder)/orange.png", text: [])
        let library = NetworkLibrary(folders: [folder])
        let manifest = #"""
            {"name": "grey", "network": "network", "layer": "conv2", "unit": 1, "image": {"size": 32},
             "facets": [{"name": "pixels", "steps": 4},
                        {"name": "blurred", "steps": 4, "gaussianBlur": {"kernel": 3, "sigma": 1},
                         "totalVariation": 1e-4},
                        {"name": "set", "count": 2, "steps": 3, "parameterization": "fourier"},
                        {"name": "start", "from": "\#(folder)/orange.png", "steps": 2},
                        {"name": "picture", "image": "\#(folder)/orange.png"}],
             "neb": {"pivots": 3, "levels": [], "steps": 2, "interpolations": 1}, "video": {"graph": false}}
            """#
        let reel = try #require(
            try ManifestReader.read(bytes: Array(manifest.utf8), file: "\(folder)/m.json", networks: library.provider)
                .reels().first)
        let context = RenderContext(
            networks: library, outputFolder: "\(folder)/films", pool: WorkerPool(workerCount: 1))
        let failure = Guarded<String?>(nil)
        context.pool.run(1) { _, worker in
            do {
                _ = try ReelRenderer(task: try ReelTask(reel: reel, index: 0, context: context)).render(on: worker)
            } catch {
                failure.update { $0 = "\(error)" }
            }
        }
        #expect(failure.value == nil)
        let film = "\(folder)/films/\(reel.folder)"
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(film)/facets").sorted()
        #expect(names.count == 6)
        return try names.map { try PNG.read(path: "\(film)/facets/\($0)") } + [PNG.read(path: "\(film)/poster.png")]
    }

    private func isGrey(_ picture: Bitmap) -> Bool {
        for place in stride(from: 0, to: picture.pixels.count, by: 3) {
            let first: UInt8 = picture.pixels[place]
            if picture.pixels[place + 1] != first || picture.pixels[place + 2] != first { return false }
        }
        return true
    }

    @Test func `they are grey, and those of other networks are not`() throws {
        for picture in try pictures(channels: 1) {
            #expect(isGrey(picture))
            #expect(Set(picture.pixels).count > 1 || picture.pixels[0] == 117, "it shows something")
        }
        #expect(try pictures(channels: 3).allSatisfy { !isGrey($0) })
    }
}
