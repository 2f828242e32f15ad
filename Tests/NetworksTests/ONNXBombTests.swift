import Foundation
import NetworksSupport
import Testing

@testable import Networks

/// Small files that would be large in memory, or take long, are refused before they are.
@Suite struct ONNXBombTests {
    private static func model(_ graph: [UInt8], more: [UInt8] = []) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.integer(1, 8)
        writer.message(8) { $0.integer(2, 17) }
        writer.data(7, graph)
        return writer.bytes + more
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(bytes.count * count)
        for _ in 0..<count { all += bytes }
        return all
    }

    private static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.data(field, bytes)
        return writer.bytes
    }

    /// Each of some megabytes.
    private static func bombs() -> [(name: String, bytes: [UInt8])] {
        let tensor: [UInt8] = [0x42, 1, 0x77, 0x10, 1]
        return [
            ("nodes", model(repeated([0x0A, 0], 5_000_000))),
            ("weights", model(repeated([0x2A, 4, 0x08, 0, 0x10, 1], 2_000_000))),
            ("inputs", model(repeated([0x5A, 0], 2_000_000))),
            ("inputs of a node", model(message(1, repeated([0x0A, 0], 2_000_000)))),
            ("attributes", model(message(1, repeated([0x2A, 0], 2_000_000)))),
            ("numbers", model(message(1, message(5, message(8, repeated([0], 5_000_000)))))),
            ("numbers one by one", model(message(1, message(5, repeated([0x40, 0], 5_000_000))))),
            ("texts", model(message(1, message(5, repeated([0x4A, 0], 2_000_000))))),
            ("long texts", model(message(1, repeated(message(1, [UInt8](repeating: 0x78, count: 4000)), 12_000)))),
            ("dimensions", model(message(5, tensor + message(1, repeated([1], 5_000_000))))),
            ("external", model(message(5, tensor + repeated([0x6A, 0], 2_000_000)))),
            ("lists in pieces", model(message(5, tensor + repeated(message(4, repeated([1], 24_000_000)), 2)))),
            ("functions", model([], more: repeated([0xCA, 0x01, 0], 2_000_000))),
            ("versions", model([], more: repeated([0x42, 0], 2_000_000))),
            ("unknown fields", model([], more: repeated([0x48, 0], 21_000_000))),
        ]
    }

    @Test func `bombs are refused in seconds and little memory`() throws {
        for (name, bytes) in Self.bombs() {
            let path = try ONNXFixture.makeFolder() + "/network.onnx"
            try Data(bytes).write(to: URL(filePath: path))
            defer { unlink(path) }
            let start = ContinuousClock.now
            let error = try #require(throws: NetworkError.self) { try ONNXModel(path: path) }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            #expect(
                error.reason.contains("more than") || error.reason.contains("MiB") || error.reason.contains("a name"),
                "\(name): \(error)")
            #expect(seconds < 5, "\(name): \(seconds) s")
        }
    }

    @Test func `a large network is none`() throws {
        // As many nodes and weights as the largest networks that are known, and as many again.
        var fixture = ONNXFixture.small
        fixture.initializers = (0..<4000).map { .floats("a.module.with.a.long.name.\($0).weight", [1], [1]) }
        fixture.nodes += (0..<8000).map { index in
            .init(
                "Add", name: "/a/module/with/a/long/name.\(index)/Add",
                inputs: ["y", "a.module.with.a.long.name.1.weight"],
                outputs: ["/a/module/with/a/long/name.\(index)/Add_output_0"],
                ["axis": .integer(1), "pads": .integers([1, 1])])
        }
        #expect(try ONNXModel(path: fixture.write()).nodes.count == 8002)
    }
}
