import Foundation
import NetworksSupport
import Testing

@testable import Networks

/// The golden networks become graphs that compute what the golden files say.
@Suite(.enabled(if: GoldenNetworks.isHere, "needs ../shared/golden/onnx")) struct GoldenLoweringTests {
    /// A double-precision evaluation differs from the golden numbers by their rounding to float alone.
    private static let tolerance = 1e-6

    @Test(arguments: GoldenNetworks.names)
    func `every golden layer is found, has its units and says what it should`(name: String) throws {
        let folder = try ONNXFixture.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try NetworkModel(
            path: GoldenNetworks.write(name, into: folder), reference: NetworkReference("\(name).onnx"))
        let all = try GoldenNetworks.numbers(of: name)
        #expect(all.count >= 2)
        for numbers in all {
            let lowered = try model.lowered(height: numbers.height, width: numbers.width)
            var targets: [(layer: String, value: Int)] = []
            for (layer, tensor) in numbers.layers(of: name) {
                let units = numbers.meanActivation(layer).count
                #expect(model.description.layer(layer)?.unitCount == units, "\(layer)")
                // The numbers of a softmax at the end are its own; users mean the logits before it.
                #expect(lowered.names.tensor(layer, passingSoftmax: false) == tensor, "\(layer)")
                targets.append((layer, try lowered.value(ofLayer: layer, passingSoftmax: false)))
            }
            #expect(targets.count >= 6)
            let small = lowered.graph.simplified(to: targets.map(\.value))
            #expect(small.graph.nodes.count <= lowered.graph.nodes.count)
            for (graph, places) in [
                (lowered.graph, targets), (small.graph, try targets.map { ($0, try #require(small.values[$1])) }),
            ] {
                let values = try ReferenceGraph(graph: graph).values(
                    of: places.map(\.1), image: numbers.normalizedImage)
                for (layer, value) in places {
                    let error = Self.error(values[value], graph.shape(of: value), numbers.meanActivation(layer))
                    #expect(error < Self.tolerance, "\(numbers.name) \(layer): \(error)")
                }
            }
        }
    }

    /// The largest difference of a unit's mean, as a part of the largest mean.
    private static func error(_ map: [Double], _ shape: MapShape, _ expected: [Float]) -> Double {
        guard shape.channels == expected.count else { return .infinity }
        let scale = expected.map { abs(Double($0)) }.max() ?? 1
        return expected.indices.map { unit in
            let mean = map[unit * shape.pixels..<(unit + 1) * shape.pixels].reduce(0, +) / Double(shape.pixels)
            return abs(mean - Double(expected[unit])) / scale
        }.max() ?? 0
    }

    @Test func `a head for one size alone blocks nothing before it`() throws {
        let folder = try ONNXFixture.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try NetworkModel(
            path: GoldenNetworks.write("vgg11_bn-legacy13", into: folder), reference: NetworkReference("vgg.onnx"))
        let lowered = try model.lowered(height: 56, width: 88)
        #expect(throws: Never.self) { try lowered.value(ofLayer: "features.28") }
        let error = try #require(throws: NetworkError.self) { try lowered.value(ofLayer: "classifier.3") }
        #expect("\(error)".contains("/classifier/classifier.0/Gemm") && "\(error)".contains("[1, 272]"), "\(error)")
    }

    @Test(arguments: [
        ("stride_zero", "stride"), ("unknown_operator", "Blur"), ("microsoft_domain", "com.microsoft"),
        ("missing_tensor", "ghost"), ("two_images", "x2"),
    ])
    func `what cannot be computed is refused in words`(file: String, words: String) throws {
        let path = "\(GoldenNetworks.folder ?? "")/hostile/\(file).onnx"
        let error = try #require(throws: NetworkError.self) {
            let model = try NetworkModel(path: path, reference: NetworkReference(path))
            _ = try model.layer("y")
        }
        #expect("\(error)".contains(words), "\(error)")
    }
}
