import ConvNet
import Foundation
import JobManifest
import Testing

@testable import Measurement
@testable import Pipeline
@testable import PipelineSupport

/// What a reel is expected to ask for, beside what reels have asked for.
@Suite struct ForecastTests {
    /// Bands that take all their steps: what is counted is what is done.
    @Test(
        .enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: [
            (
                #"{"name": "a", "steps": 6}, {"name": "b", "steps": 4, "optimizer": "sign"}"#,
                #""pivots": 3, "levels": [], "interpolations": 1, "steps": 4, "extraSteps": 0, "space": "pixel", "#
                    + #""mix": "linear", "stop": "stepLimit", "retiming": false, "transforms": "none", "stepControl": false"#
            ),
            (
                #"{"name": "f", "count": 3, "parameterization": "fourier", "steps": 5, "transforms": "lucid"}"#,
                #""pivots": 5, "levels": [2], "interpolations": 2, "steps": 3, "stop": "stepLimit", "#
                    + #""transformsPerStep": 2, "extraSteps": 0, "stepControl": false"#
            ),
        ])
    func `evaluations of facets and of bands of fixed length are counted exactly`(_ facets: String, _ neb: String)
        throws
    {
        let reel = try Rendering.reel(TinyReels.manifest(facets, neb, more: #""trust": false,"#))
        let rendering = Rendering()
        #expect(try rendering.render(reel).film != nil)
        let record = try rendering.film(reel).record
        let ofFacets = record.facets.reduce(0) { $0 + $1.evaluations - 1 }
        let ofBands = record.bands.reduce(0) { $0 + $1.gradientEvaluations }
        let work = ReelWork(reel, in: try #require(Rendering.describe(.standard).layer(reel.layer)))
        #expect(Int(work.gradients) == ofFacets + ofBands)
        let pixels = reel.video.graph ? 1224 * 504 : reel.image.width * reel.image.height
        #expect(Int(work.filmPixels) == record.frames.count * pixels)
    }

    @Test func `deeper layers and larger images cost more`() throws {
        func seconds(_ layer: String, _ size: Int) throws -> Double {
            let manifest =
                #"{ "name": "n", "layer": "\#(layer)", "unit": 1, "preset": "classic", "image": { "size": \#(size) } }"#
            return CostForecast([try Rendering.reel(manifest)], describing: { Rendering.describe($0) }).seconds[0]
        }
        let layers = Rendering.describe(.standard).layers.map(\.name).filter { $0.hasSuffix("project_BN") }
        let costs = try layers.map { try seconds($0, 224) }
        #expect(zip(costs, costs.dropFirst()).allSatisfy(<), "\(costs)")
        let (small, large) = (try seconds("block_12_add", 224), try seconds("block_12_add", 448))
        // The film's frames are as large as before.
        #expect(large > 3 * small && large < 4 * small, "\(small), \(large)")
    }

    @Test func `the table says film of one and films of several`() throws {
        let reels = try [("block_4_add", 1), ("block_12_add", 1), ("block_12_add", 2)].map { layer, unit in
            try Rendering.reel(#"{ "name": "n", "layer": "\#(layer)", "unit": \#(unit) }"#)
        }
        let table = CostForecast(reels, describing: { Rendering.describe($0) }).table
        #expect(table.count == 2 && table[0].contains(" 1 film of ") && table[1].contains(" 2 films of "), "\(table)")
    }

    @Test func `a typical machine takes at each layer what was measured there`() throws {
        for (name, forward, gradient) in [
            ("block_1_project_BN", 0.75, 1.45), ("block_4_add", 1.2, 2.5), ("block_8_add", 1.6, 3.4),
            ("block_12_add", 2.2, 4.7), ("block_16_project_BN", 2.9, 6.2),
        ] {
            let layer = try #require(Rendering.describe(.standard).layer(name))
            let found = Calibration.typical.milliseconds(to: layer, height: 224, width: 224)
            #expect(abs(found.forward - forward) < 1e-9 && abs(found.gradient - gradient) < 1e-9, "\(name): \(found)")
        }
    }

    @Test(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a calibration is kept, and one that is damaged or foreign is measured anew`() throws {
        let network = try #require(Rendering.network)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "facetreel-calibration-\(UInt64.random(in: 0...UInt64.max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: ".cache/calibration.json")
        let measured = try Calibration.kept(in: file.path, network: network)
        #expect(measured.depths.allSatisfy { $0.gradient > $0.forward }, "\(measured)")
        #expect(try Calibration.kept(in: file.path, network: network) == measured)
        let text = try String(contentsOf: file, encoding: .utf8)
        for damaged in [
            "", "{", String(text.dropLast(9)), text.replacingOccurrences(of: #""size":224"#, with: #""size":-1"#),
            text.replacingOccurrences(of: Network.engineRevision, with: "another engine"),
            text.replacingOccurrences(of: "102271232", with: "102271233"),
        ] {
            try damaged.write(to: file, atomically: true, encoding: .utf8)
            let anew = try Calibration.kept(in: file.path, network: network)
            #expect(anew != measured && anew.depths.count == measured.depths.count, "\(damaged)")
        }
    }
}
