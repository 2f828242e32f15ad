import Disk
import Foundation
import JobManifest
import Records
import Testing

@testable import Film
@testable import Inspection
@testable import Pipeline
@testable import PipelineSupport

/// A finished film is found well, and one that is anything else is not.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct FilmCheckTests {
    /// A rendered film, and its folder.
    private func film(graph: Bool) throws -> (Rendering, String) {
        let rendering = Rendering()
        let reel = try Rendering.reel(
            TinyReels.manifest(
                #"{"name": "a", "steps": 6, "parameterization": "fourier"}, {"name": "b", "steps": 6}"#,
                TinyReels.thesisBand, more: #""video": { "graph": \#(graph) },"#))
        #expect(try rendering.render(reel).film != nil)
        return (rendering, "\(rendering.output)/\(reel.folder)")
    }

    /// A film.json that is changed and written again.
    private struct Written {
        var job: Reel
        var record: FilmRecord

        init(_ data: Data) throws {
            job = try #require(try FilmFile<Reel>(data, with: []).job)
            record = try JSONDecoder().decode(FilmRecord.self, from: data)
        }

        func json() throws -> Data { try record.json(job: job) }
    }

    @Test(arguments: [true, false]) func `a film in order passes the check, and its facts are told`(graph: Bool) throws
    {
        let (rendering, folder) = try film(graph: graph)
        let check = try FilmCheck(folder)
        #expect(check.frames == 9 && check.seconds == 0.3)
        #expect((check.width, check.height) == (graph ? (1224, 504) : (32, 32)))
        #expect(FilmSearch(in: rendering.output).sorted == [folder])
    }

    @Test func `what is missing or differs from the film's JSON is a fault`() throws {
        let (rendering, folder) = try film(graph: true)
        let record = try Data(contentsOf: URL(filePath: folder + "/film.json"))
        func fault(_ change: (inout Written) -> Void) throws -> String {
            var changed = try Written(record)
            change(&changed)
            try changed.json().write(to: URL(filePath: folder + "/film.json"))
            defer { try? record.write(to: URL(filePath: folder + "/film.json")) }
            do throws(FilmCheck.Fault) { _ = try FilmCheck(folder) } catch { return error.description }
            return "none"
        }
        #expect(try fault { _ in } == "none")
        #expect(try fault { $0.record.frames.removeLast() }.contains("facets' frames"))
        #expect(try fault { $0.record.bands = [] } == "0 paths between 2 facets")
        #expect(try fault { $0.record.facets[0].activation += 1 }.contains("facet a has activation"))
        #expect(try fault { $0.record.bands[0].minimumActivation -= 1 }.contains("minimumActivation"))
        #expect(try fault { $0.job.video.framesPerSecond = 25 }.contains("not 25"))
        let wide = try fault { $0.job.image.width = 1 << 62 }
        #expect(wide.hasPrefix("film.json is not readable: ") && wide.contains("/image/width: expected"), "\(wide)")
        #expect(try fault { $0.job.video.graph = false }.contains("1224x504 pixels, not 32x32"))
        #expect(try fault { $0.record.outputs[0].sha256 = "0" }.contains("is not the file that was written"))
        #expect(try fault { $0.job.image.width = 33 }.contains("pixels, not 33x32"))
        #expect(try fault { $0.record.outputs = [] } == "film.json does not list film.mp4 among its files")
        #expect(try fault { $0.record.outputs.removeAll { $0.path == "poster.png" } }.contains("not list poster.png"))
        #expect(
            try fault { $0.record.outputs.removeAll { $0.path == "facets/01-a.png" } }
                == "film.json lists 1 pictures for 2 facets")
        // Every key of ours has to be there, also where only people look at it.
        for key in ["timing", "seeds", "digests", "engineRevision", "outputs", "frames", "facets", "bands", "job"] {
            var text = String(decoding: record, as: UTF8.self)
            text = text.replacingOccurrences(of: "\n  \"\(key)\" :", with: "\n  \"other\" :")
            try text.write(toFile: folder + "/film.json", atomically: true, encoding: .utf8)
            do throws(FilmCheck.Fault) { _ = try FilmCheck(folder) } catch {
                #expect(error.description == "film.json is not readable: \(key) is missing")
                continue
            }
            Issue.record("\(key) is not missed")
        }
        try record.write(to: URL(filePath: folder + "/film.json"))
        for name in ["poster.png", "film.mp4", "facets/01-a.png", "film.json"] {
            let path = folder + "/" + name
            let bytes = try Data(contentsOf: URL(filePath: path))
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: FilmCheck.Fault.self, "\(name)") { try FilmCheck(folder) }
            try bytes.write(to: URL(filePath: path))
        }
        #expect(throws: FilmCheck.Fault.self) { try FilmCheck(folder + "/none") }
        withExtendedLifetime(rendering) {}
    }

    /// Pictures that nobody wants to look at, under a film.json that does not know.
    @Test(arguments: ["grey", "frozen"]) func `a film that is grey or frozen is a fault`(kind: String) throws {
        let (rendering, folder) = try film(graph: false)
        var written = try Written(Data(contentsOf: URL(filePath: folder + "/film.json")))
        try FileManager.default.removeItem(atPath: folder + "/film.mp4")
        let encoder = try VideoEncoder(path: folder + "/film.mp4", width: 32, height: 32, framesPerSecond: 30)
        for _ in written.record.frames {
            var frame = Bitmap(width: 32, height: 32, color: (120, 120, 120))
            if kind == "frozen" { frame.draw(Bitmap(width: 16, height: 16, color: (240, 30, 30)), x: 3, y: 8) }
            try encoder.append(frame)
        }
        try encoder.finish()
        for index in written.record.outputs.indices where written.record.outputs[index].path == "film.mp4" {
            written.record.outputs[index].sha256 = try SHA256.hexDigest(ofFile: folder + "/film.mp4")
        }
        try written.json().write(to: URL(filePath: folder + "/film.json"))
        do throws(FilmCheck.Fault) {
            _ = try FilmCheck(folder)
            Issue.record("found well")
        } catch {
            #expect(error.description.contains(kind), "\(error)")
        }
        withExtendedLifetime(rendering) {}
    }

    /// Whatever lies on the disk: an error, never a trap. Flips within the pictures' data may go unnoticed by a decoder,
    /// but not by the digests.
    @Test func `damaged files are faults and never end the program`() throws {
        let (rendering, folder) = try film(graph: false)
        var random: UInt64 = 3
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % limit
        }
        for name in ["film.mp4", "poster.png", "facets/02-b.png"] {
            let url = URL(filePath: folder + "/" + name)
            let whole = try Data(contentsOf: url)
            for round in 0..<24 {
                var damaged = whole
                if round % 3 == 0 {
                    damaged = damaged.prefix(next(whole.count))
                } else {
                    damaged[next(whole.count)] ^= 1 << UInt8(next(8))
                }
                try damaged.write(to: url)
                #expect(throws: FilmCheck.Fault.self, "\(name), round \(round)") { try FilmCheck(folder) }
                // Past the digests: whatever comes of it, no trap.
                _ = try? VideoFacts.read(path: url.path)
                try? VideoPictures.forEach(path: url.path) { _ in }
                _ = try? PNG.read(path: url.path)
            }
            try whole.write(to: url)
        }
        let url = URL(filePath: folder + "/film.json")
        let record = try Data(contentsOf: url)
        for _ in 0..<60 {
            var damaged = record
            damaged[next(record.count)] ^= 1 << UInt8(next(8))
            try damaged.write(to: url)
            _ = try? FilmCheck(folder)
            try record.prefix(next(record.count - 2)).write(to: url)
            #expect(throws: FilmCheck.Fault.self) { try FilmCheck(folder) }
        }
        withExtendedLifetime(rendering) {}
    }
}
