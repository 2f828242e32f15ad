import ConvNet
import Disk
import Film
import Foundation
import Networks
import Records
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// The report of a film, with photographs and without.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct TrustStageTests {
    private let rendering = Rendering()

    /// A folder of pictures, and what they do to some layers, as the pass over the folder finds it.
    private func photographs(_ count: Int) throws -> PhotographSet {
        let folder = "\(rendering.output)/photos"
        try Folder.make(folder)
        let network = try Rendering.networks.network(.standard)
        let layers = ["expanded_conv_project_BN", "block_1_project_BN", "block_2_add"]
        let evaluator = try Evaluator(
            network: network, layer: layers[2], height: 224, width: 224, taps: layers,
            isForwardOnly: true)
        var (pictures, rows, bytes): ([ExampleRecord.Picture], [[Float]], [UInt8]) = ([], [], [])
        for index in 0..<count {
            var picture = Bitmap(width: 60 + index, height: 50, color: (UInt8(index * 9 % 256), 120, 90))
            for place in picture.pixels.indices where place / (3 + index) % 3 == 0 { picture.pixels[place] = 250 }
            let name = "\(1000 + index).png"
            try PNG.write(picture, to: "\(folder)/\(name)")
            pictures.append(
                ExampleRecord.Picture(
                    path: name, digest: try SHA256.hexDigest(ofFile: "\(folder)/\(name)"),
                    size: ExampleRecord.Size(height: 50, width: 60 + index)))
            rows.append(
                try evaluator.summaries(of: Image(picture.classified(width: 224, height: 224)), layers: layers).means)
            bytes += ActivationTable.row(rows[index])
        }
        var column = 0
        let entries = try layers.map { name in
            let shape = try evaluator.activationShape(of: name)
            defer { column += shape[2] }
            let units = (column..<column + shape[2]).map { unit -> ExampleRecord.Unit in
                let values = rows.map { Double($0[unit]) }
                let mean = values.reduce(0, +) / Double(max(count, 1))
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(count, 1))
                return ExampleRecord.Unit(
                    mean: mean, standardDeviation: variance.squareRoot(), strongest: [], weakest: [])
            }
            return ExampleRecord.Layer(
                name: name, firstColumn: column, map: ExampleRecord.Size(height: shape[0], width: shape[1]),
                units: units)
        }
        let place = ExampleFolder(cache: "\(rendering.output)/.cache", key: String(repeating: "e", count: 64))
        try Folder.make(place.path)
        let header = ActivationTable.header(pictures: count, units: column, key: place.key)
        try Data(header + bytes).write(to: URL(filePath: place.activations))
        let record = ExampleRecord(
            key: place.key, engineRevision: Network.engineRevision,
            network: ExampleRecord.Network(name: "", digest: ""), image: ExampleRecord.Size(height: 224, width: 224),
            pictures: pictures, skipped: [], layers: entries, activations: "")
        return try PhotographSet(folder: folder, record: record, place: place)
    }

    private func reel(_ more: String, unit: Int = 3) throws -> Reel {
        try Rendering.reel(
            TinyReels.manifest(
                #"{"name": "set", "count": 2, "steps": 8, "parameterization": "fourier", "transforms": "lucid"}"#,
                #""pivots": 2, "levels": [], "steps": 1, "interpolations": 1"#, more: more))
    }

    @Test func `photographs are known by the example layers, and a film's own if it is none of them`() throws {
        let description = try Rendering.networks.description(of: .standard)
        func key(_ layer: String) throws -> PhotographLibrary.Key? {
            var reel = try self.reel(#""pictures": "\#(FileManager.default.temporaryDirectory.path)","#)
            reel.layer = layer
            return PhotographLibrary.Key(reel, in: description)
        }
        let (one, other, add) = (
            try key("block_1_project_BN"), try key("block_9_project_BN"), try key("block_2_add")
        )
        #expect(one == other && one?.otherLayer == nil && add?.otherLayer == "block_2_add" && add != one)
        #expect(one?.layers(in: description) == description.exampleLayers)
        #expect(add?.layers(in: description).map(\.name).contains("block_2_add") == true)
        #expect(PhotographLibrary.Key(try reel(""), in: description) == nil)
    }

    private func library(_ set: PhotographSet) throws -> PhotographLibrary {
        var library = PhotographLibrary()
        let description = try Rendering.networks.description(of: .standard)
        let reel = try reel(#""pictures": "\#(set.folder)","#)
        library.add(set, for: try #require(PhotographLibrary.Key(reel, in: description)))
        return library
    }

    @Test func `without photographs the report says what the facets withstand`() throws {
        let reel = try reel("")
        #expect(try rendering.render(reel).failure == nil)
        let trust = try #require(try rendering.film(reel).record.trust)
        for key in [
            Measure.Key.alive, .survivesTransforms, .survivesBlur, .survivesJPEG, .survivesShift, .seedAgreement,
            .parameterizationAgreement, .clarity, .polysemanticity,
        ] { #expect(trust.measures[key] != nil, "\(key)") }
        #expect(trust.measures[.photographAUC] == nil && trust.photographs == nil && trust.route.isEmpty)
        #expect(trust.grade != nil && trust.evaluations > 10)
        let files = try rendering.film(reel).files
        #expect(files["importance/01-set-1.png"] != nil && files["importance/02-set-2.png"] != nil)
        // Nobody asked for it.
        let other = try self.reel(#""trust": false,"#)
        #expect(try rendering.render(other).failure == nil)
        #expect(try rendering.film(other).record.trust == nil)
    }

    @Test func `with photographs it says more, and is the same for any number of workers, cached or not`() throws {
        let set = try photographs(24)
        let reel = try reel(#""pictures": "\#(set.folder)","#)
        #expect(try rendering.render(reel, workers: 2, photographs: try library(set)).failure == nil)
        let film = try rendering.film(reel)
        let trust = try #require(film.record.trust)
        for key in [Measure.Key.photographAUC, .photographDistance, .filmScore, .filmShare] {
            #expect(trust.measures[key] != nil, "\(key): \(trust.notMeasured)")
        }
        for measure in Measure.ofTrust {
            #expect(
                (trust.measures[measure.key] == nil) == (trust.notMeasured[measure.key.rawValue] != nil),
                "\(measure.key) has a value or a reason")
        }
        let shown = try #require(trust.photographs)
        #expect(shown.folder == "photos" && shown.count == 24 && shown.digest == set.digest)
        #expect((1...9).contains(shown.strongest.count) && (1...3).contains(shown.weakest.count))
        for photograph in shown.strongest + shown.weakest {
            let file = try #require(film.files[photograph.file])
            let picture = try Bitmap.decoding([UInt8](file), path: photograph.file) { ($0.width, $0.height) }
            #expect(picture == (photograph.width, photograph.height))
        }
        #expect(shown.strongest.map(\.activation) == shown.strongest.map(\.activation).sorted(by: >))
        let outputs = Set(film.record.outputs.map(\.path))
        #expect(shown.strongest.allSatisfy { outputs.contains($0.file) })

        let again = Rendering()
        for (workers, cached) in [(1, false), (4, true)] {
            #expect(
                try again.render(reel, workers: workers, cached: cached, photographs: try library(set)).failure == nil)
            #expect(try again.film(reel) == film, "\(workers) workers")
        }
    }

    @Test func `photographs that are only measured leave no cut, and cuts of earlier films go`() throws {
        let set = try photographs(21)
        let shown = try reel(#""pictures": "\#(set.folder)","#)
        #expect(try rendering.render(shown, photographs: try library(set)).failure == nil)
        #expect(try rendering.film(shown).files.keys.contains { $0.hasPrefix("photographs/") })
        let measured = try reel(#""pictures": {"folder": "\#(set.folder)", "shown": false},"#)
        #expect(try rendering.render(measured, photographs: try library(set)).failure == nil)
        let film = try rendering.film(measured)
        #expect(!film.files.keys.contains { $0.hasPrefix("photographs") })
        let trust = try #require(film.record.trust)
        #expect(trust.photographs?.count == 21 && trust.photographs?.strongest == [])
        #expect(trust.measures[.photographAUC] != nil)
    }

    @Test func `too few photographs, and films of something else, are held against none`() throws {
        let set = try photographs(5)
        let reel = try reel(#""pictures": "\#(set.folder)","#)
        #expect(try rendering.render(reel, photographs: try library(set)).failure == nil)
        let trust = try #require(try rendering.film(reel).record.trust)
        #expect(trust.measures[.photographAUC] == nil)
        #expect(trust.notMeasured["photographAUC"]?.contains("20 photographs, the folder has 5") == true)
        let neuron = try self.reel(#""pictures": "\#(set.folder)", "objective": "neuron","#)
        #expect(try rendering.render(neuron, photographs: try library(set)).failure == nil)
        #expect(try rendering.film(neuron).record.trust?.notMeasured["overDrive"]?.contains("unit's mean") == true)
    }

    @Test func `other photographs make the film stale, no look at them does not`() throws {
        let set = try photographs(20)
        let reel = try reel(#""pictures": "\#(set.folder)","#)
        #expect(try rendering.render(reel, photographs: try library(set)).failure == nil)
        func status(_ key: String?) throws -> ReelStatus {
            ReelStatus.of(
                reel, in: rendering.output, network: try rendering.film(reel).record.subject.network, photographs: key)
        }
        #expect(try status(nil) == .upToDate)
        #expect(try status(set.digest) == .upToDate)
        #expect(try status("other") == .stale(reason: "photographs changed"))
    }

    @Test func `a photograph that has changed or gone is not shown`() throws {
        let set = try photographs(20)
        for index in 0..<20 where index != 7 {
            try FileManager.default.removeItem(atPath: "\(set.folder)/\(1000 + index).png")
        }
        let reel = try reel(#""pictures": "\#(set.folder)","#)
        #expect(try rendering.render(reel, photographs: try library(set)).failure == nil)
        let shown = try #require(try rendering.film(reel).record.trust?.photographs)
        #expect(Set((shown.strongest + shown.weakest).map(\.path)).isSubset(of: ["1007.png"]))
    }

    @Test func `facets are transparent where the unit does not look, on request`() throws {
        let reel = try reel(#""transparentFacets": true, "trust": false,"#)
        #expect(try rendering.render(reel).failure == nil)
        let path = "\(rendering.output)/\(reel.folder)/facets/01-set-1.png"
        #expect(try PNG.isTransparent(path: path))
        let opaque = try self.reel(#""trust": false,"#)
        #expect(try rendering.render(opaque).failure == nil)
        #expect(try !PNG.isTransparent(path: path))
    }
}
