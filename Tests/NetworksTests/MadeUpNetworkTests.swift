import JobManifest
import Networks
import Testing

@testable import Measurement
@testable import Pipeline

/// A network that nobody has ever trained: what everybody but the engine knows of it.
@Suite struct MadeUpNetworkTests {
    private static let network: NetworkDescription = {
        let layers = [
            Layer(name: "conv", unitCount: 8, stride: 2, receptiveField: 3, work: [.init(stride: 2, perPixel: 216)]),
            Layer(
                name: "layer1.0", unitCount: 5, stride: 4, receptiveField: 48,
                work: [.init(stride: 2, perPixel: 216), .init(stride: 4, perPixel: 3000)]),
            Layer(
                name: "classifier", unitCount: 5, stride: 32, isLogits: true,
                work: [
                    .init(stride: 2, perPixel: 216), .init(stride: 4, perPixel: 3000), .init(stride: 32, perPixel: 9),
                ]
            ),
        ]
        return NetworkDescription(
            name: "made up", labels: ["ant", "Bee", "bee", "crane", "crane"], layers: layers,
            selections: [NetworkDescription.Selection(name: "late", layers: Array(layers.dropFirst()))],
            perceptualLayers: ["conv", "layer1.0"],
            benchmarkLayers: ["classifier"],
            standardLayer: "layer1.0")
    }()

    private func reels(_ more: String) throws -> [Reel] {
        try ManifestReader.read(
            bytes: Array(#"{"name": "n", \#(more)}"#.utf8), file: "a.json",
            networks: NetworkProvider { _ in Self.network }
        ).reels()
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
            (#""layer": "late", "units": "0-5""#, "expected units of layer1.0, which has units 0...4"),
        ] {
            let errors = try #require(throws: ManifestErrors.self) { try reels(wrong) }
            #expect(errors.diagnostics.count == 1 && "\(errors)".contains(message), "\(errors)")
        }
    }

    @Test func `films cost by its layers`() throws {
        let all = try Self.network.layers.map { try reels(#""layer": "\#($0.name)", "unit": 1"#)[0] }
        let costs = CostForecast.workUnits(all, describing: { _ in Self.network })
        #expect(costs.count == 3 && costs == costs.sorted() && Set(costs).count == 3, "\(costs)")
        // One of a network that is not there cannot be rendered.
        #expect(CostForecast(all, describing: { _ in nil }).seconds == [0, 0, 0])
        // On the line from nothing to the first depth of the typical machine, for twice the pixels.
        let layer = try #require(Self.network.layer("layer1.0"))
        let share = layer.multiplyAccumulates(height: 224, width: 224) / 50_075_648
        let found = Calibration.typical.milliseconds(to: layer, height: 448, width: 224)
        #expect(abs(found.gradient - 2 * 1.45 * share) < 1e-9 && abs(found.forward - 2 * 0.75 * share) < 1e-9)
    }

    @Test func `patterns and lists ask for layers in their order, each once`() throws {
        #expect(try reels(#""layer": "*", "unit": 4"#).map(\.layer) == ["conv", "layer1.0", "classifier"])
        #expect(try reels(#""layer": "layer?.*", "unit": 4"#).map(\.layer) == ["layer1.0"])
        #expect(try reels(#""layer": ["late", "c*"], "unit": 4"#).map(\.layer) == ["layer1.0", "classifier", "conv"])
        let errors = try #require(throws: ManifestErrors.self) { try reels(#""layer": "?", "unit": 4"#) }
        #expect("\(errors)".contains("expected a pattern of the network's layers"), "\(errors)")
    }

    @Test func `a class is a unit of the last logits by its label`() throws {
        #expect(try reels(#""class": "ant""#).map(\.folder) == ["n/classifier/0"])
        #expect(try reels(#""class": "ANT", "layer": "classifier""#).map(\.unit) == [0])
        #expect(try reels(#""class": "bee""#).map(\.unit) == [2], "spelt exactly so")
        for (wrong, message) in [
            (#""class": "crane""#, "which is that of the units 3, 4: write \"unit\""),
            (#""class": "BEE""#, "which is that of the units 1 (\"Bee\"), 2 (\"bee\")"),
            (#""class": "crne""#, "did you mean \"crane\"?"),
            (#""class": "ant", "layer": "conv""#, "the units of conv are no classes"),
            (#""class": "ant", "unit": 1"#, "found both: remove one of them"),
            (#""layer": "classifier""#, "expected the key \"unit\", \"units\" or \"class\", found none"),
            (#""unit": 1"#, "expected the key \"layer\" or \"layers\", found neither"),
        ] {
            let errors = try #require(throws: ManifestErrors.self) { try reels(wrong) }
            #expect(errors.diagnostics.count == 1 && "\(errors)".contains(message), "\(errors)")
        }
        #expect(Self.network.label(ofUnit: 1, layer: "classifier") == "Bee")
        #expect(Self.network.label(ofUnit: 1, layer: "conv") == nil)
        #expect(Self.network.label(ofUnit: 5, layer: "classifier") == nil)
    }

    @Test func `facets of logits are kept apart at the last layer with positions`() throws {
        let layers = Self.network.layers
        #expect(layers.map { Self.network.diversityLayer(for: $0).name } == ["conv", "layer1.0", "layer1.0"])
    }

    @Test
    func `images are held near a picture at the last perceptual layer of at most half the cost, or by themselves`() {
        #expect(Self.network.layers.map { Self.network.nearnessLayer(for: $0)?.name } == [nil, "conv", "conv"])
    }

    @Test func `what layers see is said in words`() {
        #expect(Self.network.layers.map(\.stage) == ["edges and colours", "textures", "classes"])
    }
}
