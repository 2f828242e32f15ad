import ConvNet
import Foundation
import Networks
import Testing

/// Where tests find what lies beside the sources.
enum Resources {
    /// The package's root, from this file's place in it.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let weightsPath = root.appending(path: "Weights/mobilenet_v2.onnx").path
    static let hasWeights = FileManager.default.fileExists(atPath: weightsPath)
    static let hasGolden = FileManager.default.fileExists(atPath: goldenPath("network_224"))
    static let noWeights: Comment = "Weights/mobilenet_v2.onnx is absent: run `make weights`"
    static let noGolden: Comment = "the golden numbers (../shared/golden) are absent"

    static func goldenPath(_ name: String) -> String {
        root.deletingLastPathComponent().appending(path: "shared/golden/\(name).safetensors").path
    }

    /// Opened and packed once for all tests.
    private static let shared = Result {
        try Network(model: NetworkModel(path: weightsPath, reference: .standard))
    }

    static func network() throws -> Network { try shared.get() }

    static func reference() throws -> ReferenceNetwork {
        ReferenceNetwork(model: try ONNXModel(path: weightsPath))
    }
}
