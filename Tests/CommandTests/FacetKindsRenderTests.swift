import Disk
import Film
import Foundation
import Testing

/// Sets, pictures and objectives, and facets that go wrong, with the real weights, end to end.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct FacetKindsRenderTests {
    private static let band = #""neb": { "pivots": 2, "interpolations": 0, "steps": 1, "refinementSteps": 0 }"#
    private static let fourier = #""parameterization": "fourier", "transforms": "lucid", "steps": 6"#

    private func manifest(
        _ name: String, layer: String = "block_2_add", units: String = "[3]", facets: String, more: String = ""
    ) -> String {
        """
        { "name": "\(name)", "layer": "\(layer)", "units": \(units), "seed": 7, "image": { "size": 32 }, \(more)
          "facets": \(facets), \(Self.band) }
        """
    }

    private func record(_ scratch: Scratch, _ path: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: scratch.read("Output/\(path)/film.json")) as? [String: Any])
    }

    private func render(_ arguments: String..., in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["render"] + arguments, in: scratch).wait()
    }

    /// A picture of another size and shape than the film.
    private func writePicture(_ scratch: Scratch) throws {
        var picture = Bitmap(width: 61, height: 40, color: (200, 120, 30))
        for index in picture.pixels.indices where index % 7 < 3 { picture.pixels[index] = UInt8(index % 256) }
        try PNG.write(picture, to: "\(scratch.path)/eye.png")
    }

    @Test func `a set, a picture and a single facet make the same film with any number of workers`() throws {
        var films: [Data] = []
        var records: [NSDictionary] = []
        for jobs in ["1", "2", "3"] {
            let scratch = try Scratch()
            try writePicture(scratch)
            let facets =
                #"[{"name": "set", "count": 3, \#(Self.fourier)}, {"image": "eye.png"}, {"steps": 4, "from": "eye.png"}]"#
            try scratch.write(manifest("mixed", facets: facets), "mixed.json")
            let outcome = try render("mixed.json", "--jobs", jobs, in: scratch)
            #expect(outcome.status == 0, "\(outcome)")
            films.append(try scratch.read("Output/mixed/block_2_add/3/film.mp4"))
            var entries = try record(scratch, "mixed/block_2_add/3")
            entries["timing"] = nil
            let facetEntries = try #require(entries["facets"] as? [[String: Any]])
            #expect(facetEntries.map { $0["name"] as? String } == ["set-1", "set-2", "set-3", "image", "from-picture"])
            let diversity = facetEntries.compactMap { $0["diversity"] as? [String: Double] }
            #expect(diversity.count == 3 && diversity.map { $0["weight"] } == [0, 1, 1], "\(diversity)")
            let free = facetEntries[0]["activation"] as? Double
            #expect(diversity.allSatisfy { $0["activationWithout"] == free && ($0["likeness"] ?? 2) <= 1 })
            let source = try #require(facetEntries[3]["source"] as? [String: String])
            #expect(source == ["path": "eye.png", "sha256": SHA256.hexDigest(of: try scratch.read("eye.png"))])
            #expect(facetEntries[3]["steps"] as? Int == 0 && facetEntries[4]["steps"] as? Int == 4)
            #expect(facetEntries[4]["source"] as? [String: String] == source)
            records.append(entries as NSDictionary)
        }
        #expect(films[0] == films[1] && films[0] == films[2], "\(films.map(\.count))")
        #expect(records[0] == records[1] && records[0] == records[2])
    }

    @Test(arguments: [
        (#""neuron""#, "block_2_add"), (#""position""#, "block_3_expand_relu"),
        (#"{"kind": "direction", "weights": [{"unit": 5, "weight": -0.5}]}"#, "block_4_depthwise_relu"),
        (#"{"kind": "cosine", "weights": [{"unit": 5, "weight": 2}]}"#, "block_2_add"),
    ])
    func `every objective makes a film`(objective: String, layer: String) throws {
        let scratch = try Scratch()
        let facets = #"[{"steps": 4}, {"count": 2, \#(Self.fourier)}]"#
        try scratch.write(
            manifest("o", layer: layer, facets: facets, more: #""objective": \#(objective),"#), "o.json")
        let outcome = try render("o.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let job = try #require(try record(scratch, "o/\(layer)/3")["job"] as? [String: Any])
        #expect(job["objective"] != nil)
    }

    /// Unit 8's gradient stays zero, redirected or not; its neighbours' do not.
    @Test func `a dead unit fails its own film only, and says where and what to try`() throws {
        let scratch = try Scratch()
        try scratch.write(
            manifest(
                "relu", layer: "block_1_depthwise_relu", units: "[7, 8, 9]", facets: #"[{"steps": 20}, {"steps": 2}]"#),
            "relu.json")
        let outcome = try render("relu.json", in: scratch)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(
            outcome.output == [7, 9].map { "Output/relu/block_1_depthwise_relu/\($0)/film.mp4\n" }.joined(),
            "\(outcome)")
        for part in [
            "relu/block_1_depthwise_relu/8: failed", ": facet naive:", "step 17", "seed 7", "try another seed",
            "1 of 3",
        ] {
            #expect(outcome.messages.contains(part), "\(part): \(outcome)")
        }
        #expect(!scratch.entries().contains { $0.hasPrefix("Output/relu/block_1_depthwise_relu/8/") })
    }

    @Test(arguments: [
        (Data("no picture".utf8), "is no picture that can be read"), (Data(), "is empty"),
        (Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]), "is no readable PNG"),
        (
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAIAEAAAABCAIAAAAW69wJAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC")
                ?? Data(), "is no whole picture"
        ),
    ])
    func `a picture that cannot be read is an error at its place, and nothing is begun`(bytes: Data, reason: String)
        throws
    {
        for key in ["image", "from"] { try refuse(bytes, reason, as: key) }
    }

    private func refuse(_ bytes: Data, _ reason: String, as key: String) throws {
        let scratch = try Scratch()
        try scratch.write(bytes, "Jobs/eye.png")
        try scratch.write(
            manifest("bad", facets: #"[{"name": "photo", "\#(key)": "eye.png"}, {"steps": 2}]"#), "Jobs/a.json")
        try scratch.write(manifest("good", facets: #"[{"steps": 2}, {"steps": 2}]"#), "Jobs/b.json")
        let outcomes = [try Command.run("validate", "Jobs", in: scratch), try render("Jobs", in: scratch)]
        for outcome in outcomes {
            #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
            let line = outcome.messages.split(separator: "\n").first.map(String.init) ?? ""
            let column = key == "image" ? 41 : 40
            #expect(
                line.hasPrefix("Jobs/a.json:2:\(column): /facets/0/\(key): expected a picture, found "), "\(outcome)")
            #expect(line.contains("eye.png\": ") && line.contains(reason), "\(outcome)")
        }
        #expect(!scratch.entries().contains("Output"))
    }

    /// What a page says makes the same film again, with pictures of one name from two folders.
    @Test func `a page's recipe tells pictures of one name apart, and takes no others for them`() throws {
        let scratch = try Scratch()
        try writePicture(scratch)
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/In/cats", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/In/dogs", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(scratch.path)/eye.png", toPath: "\(scratch.path)/In/cats/1.png")
        try PNG.write(Bitmap(width: 32, height: 32, color: (9, 99, 199)), to: "\(scratch.path)/In/dogs/1.png")
        let facets =
            #"[{"name": "cat", "image": "cats/1.png"}, {"name": "dog", "from": "dogs/1.png", "count": 2, "steps": 2}]"#
        try scratch.write(manifest("pets", facets: facets), "In/pets.json")
        let outcome = try render("In/pets.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let sources = try #require(try record(scratch, "pets/block_2_add/3")["facets"] as? [[String: Any]])
            .compactMap { $0["source"] as? [String: String] }
        #expect(sources.map { $0["path"] } == ["cats/1.png", "dogs/1.png", "dogs/1.png"])

        let page = String(decoding: try scratch.read("Output/pets/block_2_add/3/index.html"), as: UTF8.self)
        #expect(page.contains("read from cats/1.png") && page.contains("optimised from dogs/1.png"))
        #expect(page.contains("It needs its pictures beside the manifest: cats/1.png, dogs/1.png."))
        let command = try #require(
            page.components(separatedBy: "<code id=\"command\">").last?.components(separatedBy: "</code>").first)
        let lines = command.replacingOccurrences(of: "&quot;", with: "\"").split(separator: "\n")
        try #require(lines.count == 4)
        try scratch.write(String(lines[1]), "In/reel.json")
        let again = try render("In/reel.json", "--output", "Again", in: scratch)
        #expect(again.status == 0, "\(again)")
        let films = try ["Output", "Again"].map { try scratch.read("\($0)/pets/block_2_add/3/film.mp4") }
        #expect(films[0] == films[1])
        let upToDate = try render("In/reel.json", in: scratch)
        #expect(upToDate.messages.contains("up to date"), "\(upToDate)")

        try FileManager.default.removeItem(atPath: "\(scratch.path)/In/dogs/1.png")
        try FileManager.default.copyItem(
            atPath: "\(scratch.path)/In/cats/1.png", toPath: "\(scratch.path)/In/dogs/1.png")
        for command in [["validate", "In/reel.json"], ["render", "In/reel.json"]] {
            let refused = try Command.start(command, in: scratch).wait()
            #expect(refused.status == 2, "\(refused)")
            for part in [
                "In/reel.json:1:", "/facets/1/sha256: expected the picture whose SHA-256 begins with ",
                sources[1]["sha256"]?.prefix(12).description ?? "none",
                "found \(sources[0]["sha256"]?.prefix(12) ?? "none")",
                "remove \"sha256\"",
            ] { #expect(refused.messages.contains(part), "\(part): \(refused)") }
        }
    }
}
