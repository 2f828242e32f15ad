import Foundation
import Networks
import Testing

/// The shared hostile files, as far as the reader alone decides. (What concerns operators is looked at later.)
@Suite struct HostileFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/golden/onnx/hostile").path
    private static let isThere = FileManager.default.fileExists(atPath: folder)

    private func read(_ name: String) throws -> ONNXModel { try ONNXModel(path: "\(Self.folder)/\(name).onnx") }

    @Test(
        .enabled(if: isThere, "needs ../shared/golden/onnx"),
        arguments: [
            ("short_weights", "weight \"w\": holds 20 bytes"),
            ("negative_dimension", "weight \"w\": has the shape [-2"),
            ("external_elsewhere", "weight \"w\": its values lie at the location \"../../etc/hostname\""),
            ("cut_off", "is cut off"),
        ])
    func `hostile files are refused`(name: String, words: String) throws {
        let error = try #require(throws: NetworkError.self) { try read(name) }
        #expect(error.description.contains(words), "\(error)")
    }

    @Test(.enabled(if: isThere, "needs ../shared/golden/onnx"))
    func `a weight that is no number is named when it is read`() throws {
        let tensor = try #require(read("not_a_number").initializers["w"])
        let error = try #require(throws: NetworkError.self) { try tensor.floats() }
        #expect(error.description.contains("not_a_number.onnx: weight \"w\": holds a NaN"), "\(error)")
    }

    @Test(
        .enabled(if: isThere, "needs ../shared/golden/onnx"), arguments: ["unpacked_reversed", "half_precision"])
    func `unusual files are read`(name: String) throws {
        let model = try read(name)
        let plain = try read("stride_zero")
        #expect(model.nodes.map(\.type) == ["Conv", "Relu"] && model.inputs.map(\.name) == ["x"])
        #expect(model.nodes.map(\.outputs) == plain.nodes.map(\.outputs))
        for (name, tensor) in model.initializers {
            #expect(try tensor.floats() == plain.initializers[name]?.floats(), "\(name)")
            #expect(tensor.shape == plain.initializers[name]?.shape)
        }
        #expect(!model.initializers.isEmpty)
    }

    @Test(.enabled(if: isThere, "needs ../shared/golden/onnx"))
    func `all other files are read, and left to who looks at operators`() throws {
        for name in ["missing_tensor", "two_images", "stride_zero", "unknown_operator", "microsoft_domain"] {
            #expect(try !read(name).nodes.isEmpty)
        }
    }
}
