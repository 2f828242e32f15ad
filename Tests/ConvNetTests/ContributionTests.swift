import Foundation
import Networks
import Testing

@testable import ConvNet

/// Gradient times activation for all classes at once, beside numbers that PyTorch computed for each of them
/// (Tests/TrustTests/golden.py).
@Suite struct ContributionTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let image: String
            let layer: String
            let unit: Int
            let meanActivation: Double
            let top: [Value]
            let bottom: [Value]
            let atIndices: [Double]
        }

        struct Value: Decodable {
            let index: Int
            let value: Double
        }

        let cases: [Case]
        let indices: [Int]
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let network = root.appending(path: "Weights/efficientnet_lite0.onnx").path
    static let hasNetwork = FileManager.default.fileExists(atPath: network)

    /// The formulas stand in the file of numbers.
    private static func image(_ name: String) -> Image {
        var image = Image(height: 224, width: 224)
        for y in 0..<224 {
            for x in 0..<224 {
                for c in 0..<3 {
                    let k =
                        name == "steps"
                        ? 7 * y + 13 * x + 29 * c + 37 * (y / 16) * (x / 16)
                        : y * y / 32 + 3 * x + 85 * c + 11 * (x * y / 64)
                    image.pixels[(y * 224 + x) * 3 + c] = Float(k % 255) / 127.5 - 1
                }
            }
        }
        return image
    }

    @Test(.enabled(if: hasNetwork, "EfficientNet-Lite0 is not there; `make weights` makes it"))
    func `what units speak for, beside numbers of PyTorch`() throws {
        let file = Self.root.appending(path: "Tests/TrustTests/Golden/classes.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        #expect(golden.cases.count == 12)
        let network = try Network(
            model: NetworkModel(path: Self.network, reference: NetworkReference("efficientnet_lite0")))
        for (layer, cases) in Dictionary(grouping: golden.cases, by: \.layer) {
            let evaluator = try Evaluator(
                network: network, layer: "classifier", height: 224, width: 224, taps: [layer], isForwardOnly: true)
            for test in cases {
                let image = Self.image(test.image)
                let found = try evaluator.contributions(of: [test.unit], tap: layer, at: image)[0].map { Double($0) }
                let mean = try evaluator.summaries(of: image, layers: [layer]).means[test.unit]
                #expect(abs(Double(mean) - test.meanActivation) < 1e-3, "\(test.layer) \(test.unit): \(mean)")
                let largest = (test.top + test.bottom).map { abs($0.value) }.max() ?? 0
                let expected =
                    (test.top + test.bottom).map { ($0.index, $0.value) } + zip(golden.indices, test.atIndices)
                let worst = expected.map { abs(found[$0] - $1) / largest }.max() ?? 1
                print("\(test.image) \(test.layer) \(test.unit): off by \(worst) of the largest")
                // Rectified layers bend between the two passes; 32-bit sums do the rest.
                #expect(worst < 0.03, "\(test.image) \(test.layer) \(test.unit)")
                let best = found.indices.max { found[$0] < found[$1] }
                #expect(best == test.top[0].index)
            }
        }
    }
}
