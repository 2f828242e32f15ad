import ConvNet
import Foundation
import Testing

/// Where tests find what lies beside the sources.
enum Resources {
    /// The package's root, from this file's place in it.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let weightsPath = root.appending(path: "Weights/mobilenet_v2.safetensors").path
    static let hasWeights = FileManager.default.fileExists(atPath: weightsPath)
    static let hasGolden = FileManager.default.fileExists(atPath: goldenPath("network_224"))
    static let noWeights: Comment = "Weights/mobilenet_v2.safetensors is absent: run `make weights`"
    static let noGolden: Comment = "the golden numbers (../shared/golden) are absent"

    static func goldenPath(_ name: String) -> String {
        root.deletingLastPathComponent().appending(path: "shared/golden/\(name).safetensors").path
    }

    static func network() throws -> Network { try Network(weights: SafetensorsFile(path: weightsPath)) }

    /// A smooth image with detail, the same every time, that wakes units at every depth.
    static func testImage(height: Int, width: Int) -> Image {
        var image = Image(height: height, width: width, repeating: 0)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let (u, v) = (Float(x), Float(y))
                    image.pixels[(y * width + x) * 3 + channel] =
                        0.5 * sin(0.35 * u + 0.11 * v * Float(channel + 1)) + 0.4
                        * cos(0.9 * v - 0.2 * u * Float(channel))
                }
            }
        }
        return image
    }
}
