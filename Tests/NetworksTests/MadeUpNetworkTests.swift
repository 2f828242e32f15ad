import JobManifest
import Networks
import Testing

@testable import Gallery
@testable import Measurement
@testable import Pipeline

/// A network that nobody has ever trained: what everybody but the engine knows of it.
@Suite struct MadeUpNetworkTests {
    private static let network = description()

    private static func description(milliseconds: Double = 1) -> NetworkDescription {
        let layers = [
            Layer(name: "conv", unitCount: 8, stride: 2, work: [.init(stride: 2, perPixel: 216)]),
            Layer(
                name: "layer1.0", unitCount: 5, stride: 4,
                work: [.init(stride: 2, perPixel: 216), .init(stride: 4, perPixel: 3000)]),
            Layer(
                name: "classifier", unitCount: 5, stride: 32,
                work: [
                    .init(stride: 2, perPixel: 216), .init(stride: 4, perPixel: 3000), .init(stride: 32, perPixel: 9),
                ]
            ),
        ]
        return NetworkDescription(
            name: "made up", layers: layers,
            selections: [NetworkDescription.Selection(name: "late", layers: Array(layers.dropFirst()))],
            perceptualLayers: ["conv", "layer1.0"],
            calibrationLayers: [("layer1.0", forward: milliseconds, gradient: 2 * milliseconds)],
            benchmarkLayers: ["classifier"], standardLayer: "layer1.0")
    }

    private func reels(_ more: String) throws -> [Reel] {
        try ManifestReader.read(bytes: Array(#"{"name": "n", \#(more)}"#.utf8), file: "a.json", network: Self.network)
            .reels()
    }

    @Test func `multiply-accumulates are those of all maps on the way, whose sides round up`() throws {
        let layer = try #require(Self.network.layer("layer1.0"))
        #expect(layer.multiplyAccumulates(height: 224, width: 224) == 112 * 112 * 216 + 56 * 56 * 3000)
        #expect(layer.multiplyAccumulates(height: 57, width: 33) == 29 * 17 * 216 + 15 * 9 * 3000)
        #expect(Self.network.layer("projection") == nil)
    }

    @Test func `manifests ask for its layers, units and selections`() throws {
        #expect(try reels(#""layer": "conv", "units": "all""#).map(\.folder) == (0..<8).map { "n/conv/\($0)" })
        let late = try reels(#""layer": "late", "unit": 4"#)
        #expect(late.map(\.folder) == ["n/layer1.0/4", "n/classifier/4"])
        for (wrong, message) in [
            (#""layer": "classifer", "unit": 0"#, "did you mean \"classifier\"?"),
            (#""layer": "lat", "unit": 0"#, "did you mean \"late\"?"),
            (#""layer": "projection", "unit": 0"#, "expected a layer of the network, found \"projection\""),
            (#""layer": ["late"], "unit": 0"#, "expected a layer of the network, found \"late\""),
            (#""layer": "late", "units": "0-5""#, "expected units of layer1.0, which has units 0...4"),
        ] {
            let errors = try #require(throws: ManifestErrors.self) { try reels(wrong) }
            #expect(errors.diagnostics.count == 1 && "\(errors)".contains(message), "\(errors)")
        }
    }

    @Test func `films cost by its layers`() throws {
        let all = try Self.network.layers.map { try reels(#""layer": "\#($0.name)", "unit": 1"#)[0] }
        let costs = CostForecast.workUnits(all, of: Self.network)
        #expect(costs.count == 3 && costs == costs.sorted() && Set(costs).count == 3, "\(costs)")
        let slower = CostForecast(all, of: Self.description(milliseconds: 100)).seconds
        // What is beside the network is as fast as before.
        #expect(zip(slower, CostForecast(all, of: Self.network).seconds).allSatisfy { $0 > 10 * $1 && $0 < 100 * $1 })
        let typical = Calibration(typicalFor: Self.network)
        let layer = try #require(Self.network.layer("layer1.0"))
        #expect(typical.milliseconds(to: layer, height: 448, width: 224) == (gradient: 4, forward: 2))
    }

    @Test func `pages follow its order, and say what its layers see`() {
        let order = LayerOrder(Self.network)
        #expect(
            ["block_12_add", "classifier", "conv", "layer1.0", "3"].sorted(by: order.precedes) == [
                "conv", "layer1.0", "classifier", "3", "block_12_add",
            ])
        #expect(order.stage("layer1.0") == "shapes" && order.stage("block_12_add") == nil)
    }
}
