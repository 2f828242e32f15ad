import Film
import Foundation
import Records
import Testing

/// Films that are held against a folder of photographs, end to end.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct TrustRenderTests {
    private static let folder = "Output/tiny/block_2_add/3"

    private func scratch(_ count: Int, pictures: String = "\"photos\"") throws -> Scratch {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/photos/below", withIntermediateDirectories: true)
        for index in 0..<count { try add(index, to: scratch) }
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"seed\": 7,", with: "\"seed\": 7, \"pictures\": \(pictures),"),
            "tiny.json")
        return scratch
    }

    private func add(_ index: Int, to scratch: Scratch) throws {
        var picture = Bitmap(width: 60, height: 50, color: (UInt8(index * 9 % 256), 120, UInt8(index * 5 % 256)))
        for place in picture.pixels.indices where place / (3 + index) % 3 == 0 { picture.pixels[place] = 250 }
        try PNG.write(picture, to: "\(scratch.path)/photos/below/\(1000 + index).png")
    }

    private func render(in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["render", "tiny.json"], in: scratch).wait()
    }

    private func trust(_ scratch: Scratch) throws -> FilmRecord.Trust {
        struct File: Decodable { var trust: FilmRecord.Trust }
        return try JSONDecoder().decode(File.self, from: scratch.read("\(Self.folder)/film.json")).trust
    }

    @Test func `photographs are looked at once, and the film is made again when they change`() throws {
        let scratch = try scratch(22)
        let first = try render(in: scratch)
        #expect(first.status == 0, "\(first)")
        #expect(first.messages.contains("photographs: 22 of "), "\(first)")
        let before = try trust(scratch)
        #expect(before.photographs?.count == 22 && before.photographs?.folder == "photos")
        #expect(before.measures[.photographAUC] != nil && before.grade != nil)
        #expect(before.photographs?.strongest.allSatisfy { $0.path.hasPrefix("below/") } == true)
        let page = String(decoding: try scratch.read("\(Self.folder)/index.html"), as: UTF8.self)
        for photograph in before.photographs?.strongest ?? [] { #expect(page.contains(photograph.file)) }

        let again = try render(in: scratch)
        #expect(again.status == 0 && again.messages.contains("1 up to date"), "\(again)")
        #expect(!again.messages.contains("photographs:"), "\(again)")
        try add(50, to: scratch)
        let changed = try render(in: scratch)
        #expect(changed.status == 0 && changed.messages.contains("1 rendered"), "\(changed)")
        #expect(try trust(scratch).photographs?.count == 23)
        let status = try Command.run("check", "Output", in: scratch)
        #expect(status.status == 0, "\(status)")
    }

    @Test func `a folder without a picture ends the run with a sentence`() throws {
        let scratch = try scratch(0)
        let empty = try render(in: scratch)
        #expect(empty.status == 2 && empty.messages.contains("photos: has no file in it"), "\(empty)")
        try scratch.write("no picture", "photos/note.txt")
        let none = try render(in: scratch)
        #expect(none.status == 2 && none.messages.contains("has no picture that can be read"), "\(none)")
        #expect(none.messages.contains("note.txt"), "\(none)")
        #expect(!scratch.entries().contains { $0.hasSuffix("film.mp4") })
    }

    @Test func `one picture is too few to say anything, and the film is made`() throws {
        let scratch = try scratch(1)
        let outcome = try render(in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let trust = try trust(scratch)
        #expect(trust.photographs?.count == 1 && trust.measures[.photographAUC] == nil)
        #expect(trust.notMeasured["photographAUC"]?.contains("the folder has 1") == true)
    }

    @Test func `pictures that are no folder are a fault of the manifest`() throws {
        let scratch = try scratch(0, pictures: "\"nowhere\"")
        let outcome = try render(in: scratch)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.messages.contains("/pictures: expected a folder of pictures, found nothing at"), "\(outcome)")
    }
}
