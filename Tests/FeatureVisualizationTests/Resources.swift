import ConvNet
import Foundation
import Networks
import Testing

/// Where tests find what lies beside the sources, and images to test with.
enum Resources {
    /// The package's root, from this file's place in it.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// PyTorch, OpenCV and NumPy on one 48 x 48 image; its metadata says what each tensor means.
    static let goldenPath = root.deletingLastPathComponent().appending(
        path: "shared/golden/regularizers_48.safetensors"
    ).path
    static let hasGolden = FileManager.default.fileExists(atPath: goldenPath)
    static let noGolden: Comment = "the golden numbers (../shared/golden) are absent"

    static let weightsPath = root.appending(path: "Weights/mobilenet_v2.onnx").path
    static let hasWeights = FileManager.default.fileExists(atPath: weightsPath)
    static let noWeights: Comment = "Weights/mobilenet_v2.onnx is absent: run `make weights`"

    /// Opened and packed once for all tests.
    private static let shared = Result {
        try Network(model: NetworkModel(path: weightsPath, reference: .standard))
    }

    static func network() throws -> Network { try shared.get() }

    static let runsLongTests = ProcessInfo.processInfo.environment["FACETREEL_LONG_TESTS"] != nil
    static let longTest: Comment = "a long test: make test-long"

    static func golden(_ name: String) throws -> Tensor { try SafetensorsFile(path: goldenPath).tensor(named: name) }

    static func goldenImage(_ name: String) throws -> Image {
        let tensor = try golden(name)
        try #require(tensor.shape.count == 3 && tensor.shape[2] == 3, "\(name) is an image, \(tensor.shape)")
        return Image(height: tensor.shape[0], width: tensor.shape[1], pixels: tensor.values)
    }
}
