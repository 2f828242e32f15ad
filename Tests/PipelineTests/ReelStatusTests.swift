import ConvNet
import Disk
import Film
import Foundation
import JobManifest
import Records
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// Why a film is rendered again, in the user's words.
@Suite struct ReelStatusTests {
    private let output = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-status-\(UInt64.random(in: 0...UInt64.max))").path

    private func reel(_ settings: String = "") throws -> Reel {
        try Rendering.reel(#"{"name": "eyes", "layer": "block_12_add", "unit": 1\#(settings)}"#)
    }

    /// The record of a film as long as a real one.
    private func record(
        of reel: Reel, source: FilmRecord.FacetEntry.Source? = nil, label: String? = nil
    ) -> FilmRecord {
        FilmRecord(
            subject: FilmRecord.Subject(
                network: Self.network, label: label,
                depth: FilmRecord.Depth(place: 3, stage: "textures")),
            seeds: FilmRecord.Seeds(job: reel.seed, robustActivation: 0),
            digests: FilmRecord.Digests(job: reel.digest), engineRevision: Network.engineRevision,
            frames: (0..<241).map {
                FilmRecord.Frame(
                    index: $0, path: $0 / 80, position: Double($0 % 80) / 80, activation: 7.123456789 + Double($0),
                    facet: $0 % 80 == 0 ? "facet" : nil)
            },
            facets: (0..<4).map {
                FilmRecord.FacetEntry(
                    name: "f\($0)", activation: 1, robustActivation: 1, steps: 1, evaluations: 1,
                    source: $0 == 0 ? source : nil)
            },
            bands: [], verdict: FilmRecord.Verdict(of: []),
            outputs: [
                FilmRecord.Output(path: "facets/01-f.png", bytes: 3, sha256: String(repeating: "0", count: 64)),
                FilmRecord.Output(path: "film.mp4", bytes: 10, sha256: String(repeating: "0", count: 64)),
                FilmRecord.Output(path: "poster.png", bytes: 5, sha256: String(repeating: "0", count: 64)),
            ],
            timing: FilmRecord.Timing(facets: 1, bands: 2, film: 4, total: 7, workers: 2))
    }

    private func write(_ record: FilmRecord, of reel: Reel) throws {
        let folder = "\(output)/\(reel.folder)"
        try FileManager.default.createDirectory(atPath: "\(folder)/facets", withIntermediateDirectories: true)
        for output in record.outputs {
            try Data(repeating: 1, count: output.bytes).write(to: URL(filePath: "\(folder)/\(output.path)"))
        }
        try record.json(job: reel).write(to: URL(filePath: "\(folder)/film.json"))
    }

    private static let network = FilmRecord.Network(name: "N", file: "n", digest: "w", perceptualLayers: ["a", "b"])

    private func status(
        _ reel: Reel, label: String? = nil, _ change: (inout FilmRecord.Network) -> Void = { _ in }
    ) -> ReelStatus {
        var network = Self.network
        change(&network)
        return ReelStatus.of(reel, in: output, network: network, label: label)
    }

    @Test func `a film is up to date until something that it was made from changes`() throws {
        defer { try? FileManager.default.removeItem(atPath: output) }
        let reel = try reel()
        #expect(status(reel) == .stale(reason: "never rendered"))
        try write(record(of: reel), of: reel)
        #expect(status(reel) == .upToDate)
        #expect(status(reel) { $0.digest = "v" } == .stale(reason: "network changed"))
        // What a card says and no weight depends on.
        #expect(status(reel) { $0.name = "M" } == .stale(reason: "network's name changed: N -> M"))
        for layers in [["a"], ["b", "a"]] {
            #expect(
                status(reel) { $0.perceptualLayers = layers }
                    == .stale(reason: "network's perceptualLayers changed"))
        }
        #expect(status(reel) { $0.file = "elsewhere" } == .upToDate)
        #expect(status(reel, label: "eye") == .stale(reason: "label changed: none -> eye"))
        for (settings, pointers) in [
            (#", "neb": {"pivots": 12}"#, "/neb/pivots"),
            (#", "seed": 3, "neb": {"steps": 12}, "video": {"graph": false}"#, "/seed, /neb/steps, /video/graph"),
            (
                #", "seed": 3, "image": {"size": 64}, "neb": {"steps": 12}"#,
                "/seed, /image/width, /image/height and 1 more"
            ),
            (#", "facets": [{"name": "a"}, {"name": "b"}]"#, "/facets"),
            (
                #", "facets": [{"name": "fourier", "count": 4, "parameterization": "fourier", "steps": 9, "#
                    + #""transforms": "lucid"}]"#, "/facets/0/steps"
            ),
        ] {
            #expect(status(try self.reel(settings)) == .stale(reason: "manifest changed: \(pointers)"))
        }
        var old = record(of: reel)
        old.engineRevision = "0"
        try write(old, of: reel)
        #expect(status(reel) == .stale(reason: "engine changed: 0 -> \(Network.engineRevision)"))
    }

    @Test func `a missing or damaged output is named`() throws {
        defer { try? FileManager.default.removeItem(atPath: output) }
        let reel = try reel()
        try write(record(of: reel), of: reel)
        let folder = "\(output)/\(reel.folder)"
        try Data(repeating: 0, count: 12).write(to: URL(filePath: "\(folder)/poster.png"))
        #expect(status(reel) == .stale(reason: "output damaged: poster.png has 12 bytes instead of 5"))
        try FileManager.default.removeItem(atPath: "\(folder)/film.mp4")
        #expect(status(reel) == .stale(reason: "output missing: film.mp4"))
        try FileManager.default.removeItem(atPath: "\(folder)/facets")
        #expect(status(reel) == .stale(reason: "output missing: facets/01-f.png"))
        for bad in ["", "{", "[]", #"{"job": 3}"#, "\u{0}"] {
            try Data(bad.utf8).write(to: URL(filePath: "\(folder)/film.json"))
            #expect(status(reel) == .stale(reason: "output damaged: film.json is not readable"), "\(bad)")
        }
        let json = String(decoding: try record(of: reel).json(job: reel), as: UTF8.self)
        try Data(json.replacingOccurrences(of: "\"outputs\"", with: "\"files\"").utf8).write(
            to: URL(filePath: "\(folder)/film.json"))
        #expect(
            status(reel)
                == .stale(reason: "output damaged: film.json lists no files, as those of earlier versions"))
        // A list that leads elsewhere is no proof.
        var elsewhere = record(of: reel)
        elsewhere.outputs[0].path = "../../../../../etc/passwd"
        try elsewhere.json(job: reel).write(to: URL(filePath: "\(folder)/film.json"))
        #expect(status(reel) == .stale(reason: "output missing: ../../../../../etc/passwd"))
    }

    @Test func `a picture that has changed is named`() throws {
        defer { try? FileManager.default.removeItem(atPath: output) }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let path = "\(output)/fox.png"
        try Data("fox".utf8).write(to: URL(filePath: path))
        let reel = try reel(#", "facets": [{ "image": "\#(path)" }, {}]"#)
        let digest = try SHA256.hexDigest(ofFile: path)
        try write(record(of: reel, source: FilmRecord.FacetEntry.Source(path: "fox.png", sha256: digest)), of: reel)
        let pictures = PictureDigests()
        func status() -> ReelStatus { ReelStatus.of(reel, in: output, network: Self.network, pictures: pictures) }
        #expect(status() == .upToDate && status() == .upToDate)
        try Data("foxes".utf8).write(to: URL(filePath: path))
        #expect(status() == .stale(reason: "image changed: \(path)"))
        try FileManager.default.removeItem(atPath: path)
        #expect(status() == .stale(reason: "image changed: \(path)"))
    }

    /// Times depend on the machine and on what else runs on it: printed, not judged.
    @Test func `a whole night of films can be checked at once, and forced`() throws {
        defer { try? FileManager.default.removeItem(atPath: output) }
        let manifest = #"{"name": "night", "layers": "projection", "units": "all"}"#
        let reels = try ManifestReader.read(
            bytes: Array(manifest.utf8), file: "night.json", networks: Rendering.provider
        ).reels()
        #expect(reels.count == 1504)
        func seconds(_ body: () -> Void) -> Double {
            let duration = ContinuousClock().measure(body).components
            return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
        }
        let statusOf: @Sendable (Reel) -> ReelStatus = { [output] reel in
            ReelStatus.of(reel, in: output, network: Self.network)
        }
        var plan: RenderPlan?
        let unrendered = seconds { plan = RenderPlan(reels: reels, status: statusOf) }
        #expect(plan?.statuses.allSatisfy { $0 == .stale(reason: "never rendered") } == true)
        for reel in reels { try write(record(of: reel), of: reel) }
        let bytes = try record(of: reels[0]).json(job: reels[0]).count
        let rendered = seconds { plan = RenderPlan(reels: reels, status: statusOf) }
        #expect(plan?.statuses.allSatisfy { $0 == .upToDate } == true)
        print("1504 films: \(unrendered) s unrendered, \(rendered) s finished with film.json of \(bytes) bytes")
        let forced = RenderPlan(reels: reels, isForced: true, status: statusOf)
        #expect(forced.statuses.allSatisfy { $0 == .stale(reason: "forced") })
    }
}
