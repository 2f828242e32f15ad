import Foundation
import Testing

/// With the real weights, end to end.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct RenderTests {
    private static let folder = "Output/tiny/block_2_add/3"

    private func render(_ arguments: String..., in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["render"] + arguments, in: scratch).wait()
    }

    private func record(_ scratch: Scratch, _ path: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: scratch.read("\(path)/film.json")) as? [String: Any])
    }

    @Test(arguments: [(32, true), (33, true), (33, false)])
    func `the same manifest gives the same bytes with any number of workers`(size: Int, graph: Bool) throws {
        var films: [Data] = []
        var posters: [Data] = []
        var records: [NSDictionary] = []
        for jobs in ["1", "2", "3"] {
            let scratch = try Scratch()
            try scratch.write(
                Manifests.tiny(size: size).replacingOccurrences(of: "\"graph\": true", with: "\"graph\": \(graph)"),
                "tiny.json")
            let outcome = try render("tiny.json", "--jobs", jobs, in: scratch)
            #expect(outcome.status == 0, "\(outcome)")
            films.append(try scratch.read("\(Self.folder)/film.mp4"))
            posters.append(try scratch.read("\(Self.folder)/poster.png"))
            var entries = try record(scratch, Self.folder)
            #expect(entries.removeValue(forKey: "timing") != nil)
            records.append(entries as NSDictionary)
        }
        #expect(films[0].count > 1000)
        #expect(films[0] == films[1] && films[0] == films[2], "\(films.map(\.count))")
        #expect(posters[0] == posters[1] && posters[0] == posters[2])
        #expect(records[0] == records[1] && records[0] == records[2])
    }

    @Test(arguments: [
        #""preset": "thesis", "neb": {"pivots": 3, "interpolations": 1, "steps": 3, "refinementSteps": 2}"#,
        #""neb": {"pivots": 5, "levels": [2], "steps": 3, "interpolations": 2, "climbingSteps": 2}"#,
        #""neb": {"pivots": 4, "levels": [], "steps": 2, "space": "pixel", "transformsPerStep": 2, "tangent": "none"}"#,
    ])
    func `every kind of band is the same with any number of workers`(settings: String) throws {
        let manifest = """
            {
              "name": "tiny", "layer": "block_2_add", "unit": 3, "seed": 7, "image": {"size": 32}, \(settings),
              "facets": [
                {"name": "naive", "steps": 4}, {"name": "fourier", "steps": 4, "parameterization": "fourier"}
              ]
            }
            """
        var films: [Data] = []
        var records: [NSDictionary] = []
        for jobs in ["1", "2"] {
            let scratch = try Scratch()
            try scratch.write(manifest, "tiny.json")
            let outcome = try render("tiny.json", "--jobs", jobs, in: scratch)
            #expect(outcome.status == 0, "\(outcome)")
            films.append(try scratch.read("\(Self.folder)/film.mp4"))
            var entries = try record(scratch, Self.folder)
            #expect(entries.removeValue(forKey: "timing") != nil)
            records.append(entries as NSDictionary)
        }
        #expect(films[0] == films[1] && records[0] == records[1])

        let frames = try #require(records[0]["frames"] as? [[String: Any]])
        let activations = frames.compactMap { $0["activation"] as? Double }
        let band = try #require((records[0]["bands"] as? [[String: Any]])?.first)
        let levels = try #require(band["levelSteps"] as? [Int])
        print("\(levels) steps, \(band["evaluations"] ?? "") evaluations, \(band["timingRounds"] ?? "") rounds")
        #expect(band["minimumActivation"] as? Double == activations.min())
        #expect(levels.reduce(0, +) == band["steps"] as? Int && levels.count == (settings.contains("[2]") ? 2 : 1))
        let lowest = band["lowestFrame"] as? Int
        let reason = band["lowestFrameReason"] as? String
        #expect((lowest != nil || reason != nil) == settings.contains("climbingSteps"))
        #expect(lowest == nil || reason == nil)
        if let lowest {
            #expect((1..<frames.count - 1).contains(lowest))
            #expect(activations[lowest] < min(activations[0], activations[activations.count - 1]))
        }
        for key in ["blurMinimum", "jpegMinimum", "totalVariationMaximum", "featureStepVariation"] {
            #expect(band[key] != nil, "\(key)")
        }
    }

    @Test func `a path that falls from one facet to the other has no lowest place, and the film says so`() throws {
        let scratch = try Scratch()
        let facets = #"[{"name": "a", "steps": 60}, {"name": "b", "steps": 1, "seed": 5}]"#
        let neb =
            #"{"pivots": 3, "levels": [], "interpolations": 1, "steps": 4, "climbingSteps": 8, "transforms": "none"}"#
        try scratch.write(
            #"{"name": "tiny", "layer": "block_2_add", "unit": 3, "image": {"size": 32}, "facets": \#(facets), "neb": \#(neb)}"#,
            "falls.json")
        let outcome = try render("falls.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let record = try record(scratch, Self.folder)
        let band = try #require((record["bands"] as? [[String: Any]])?.first)
        #expect(band["lowestFrame"] is NSNull, "\(band)")
        let reason = try #require(band["lowestFrameReason"] as? String)
        let page = String(decoding: try scratch.read("\(Self.folder)/index.html"), as: UTF8.self)
        #expect(page.contains("No lowest place is marked in a – b: \(reason)."))
        let checked = try Command.run("check", "Output", in: scratch)
        #expect(checked.status == 0, "\(checked)")
    }

    @Test func `a reel's folder holds what the design says and nothing else`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try render("tiny.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output == "\(Self.folder)/film.mp4\n")
        #expect(
            scratch.entries().filter { $0.hasPrefix(Self.folder + "/") }.map {
                String($0.dropFirst(Self.folder.count + 1))
            }
                == [
                    "facets", "facets/01-naive.png", "facets/02-smooth.png", "facets/03-fourier.png", "film.json",
                    "film.mp4", "importance", "importance/01-naive.png", "importance/02-smooth.png",
                    "importance/03-fourier.png", "index.html", "poster.png",
                ], "\(scratch.entries())")

        let record = try record(scratch, Self.folder)
        let frames = try #require(record["frames"] as? [[String: Any]])
        // Two paths of (3 + 1) * (1 + 1) frames, and the last facet.
        #expect(frames.count == 17)
        #expect(frames.enumerated().allSatisfy { $1["index"] as? Int == $0 })
        #expect(
            frames.map { $0["facet"] as? String }
                == ["naive"] + Array(repeating: nil, count: 7) + ["smooth"] + Array(repeating: nil, count: 7)
                + ["fourier"])
        #expect(frames.allSatisfy { (0...1).contains($0["position"] as? Double ?? -1) })
        let facets = try #require(record["facets"] as? [[String: Any]])
        #expect(facets.map { $0["steps"] as? Int } == [6, 6, 6])
        let activations = facets.map { $0["activation"] as? Double }
        #expect([0, 8, 16].map { frames[$0]["activation"] as? Double } == activations, "\(activations)")
        let bands = try #require(record["bands"] as? [[String: Any]])
        #expect(bands.count == 2)
        for key in [
            "pivots", "steps", "evaluations", "stop", "minimumRatio", "robustMinimum", "contrastMinimum",
            "featureStepRatio", "flicker",
        ] {
            #expect(bands.allSatisfy { $0[key] != nil }, "\(key)")
        }
        let digests = try #require(record["digests"] as? [String: String])
        #expect(digests.values.allSatisfy { $0.count == 64 }, "\(digests)")
    }

    @Test func `one film's failure is its own, and the others are rendered`() throws {
        let scratch = try Scratch()
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"unit\": 3", with: "\"units\": \"3-5\""), "tiny.json")
        // A file where the second film's folder should be.
        try scratch.write("in the way", "Output/tiny/block_2_add/4")
        let outcome = try render("tiny.json", "--jobs", "2", in: scratch)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(
            outcome.output == "Output/tiny/block_2_add/3/film.mp4\nOutput/tiny/block_2_add/5/film.mp4\n", "\(outcome)")
        #expect(outcome.messages.contains("tiny/block_2_add/4"), "\(outcome)")
        #expect(outcome.messages.contains("1 of 3 films failed"), "\(outcome)")
    }

    @Test func `--fail-fast starts nothing after a failure`() throws {
        let scratch = try Scratch()
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"unit\": 3", with: "\"units\": \"3-6\""), "tiny.json")
        try scratch.write("in the way", "Output/tiny/block_2_add/4")
        let outcome = try render("tiny.json", "--jobs", "1", "--fail-fast", in: scratch)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.output == "Output/tiny/block_2_add/3/film.mp4\n", "\(outcome)")
        #expect(outcome.messages.contains("2 of 4 films were not rendered"), "\(outcome)")
    }

    @Test func `--only renders the films that its pattern selects`() throws {
        let scratch = try Scratch()
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"unit\": 3", with: "\"units\": \"3-5\""), "tiny.json")
        let outcome = try render("tiny.json", "--only", "tiny/*/[45]", in: scratch)
        #expect(
            outcome.output == "Output/tiny/block_2_add/4/film.mp4\nOutput/tiny/block_2_add/5/film.mp4\n", "\(outcome)")
    }

    @Test func `rendering again replaces the whole folder`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        #expect(try render("tiny.json", in: scratch).status == 0)
        let before = scratch.entries()
        try scratch.write("old", "\(Self.folder)/facets/09-gone.png")
        #expect(try render("tiny.json", "--force", in: scratch).status == 0)
        #expect(scratch.entries() == before)
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func `a signal stops the run and leaves nothing half written`(signal: Int32, status: Int32) throws {
        let scratch = try Scratch()
        // Long enough that no machine finishes it before the signal.
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"steps\": 6", with: "\"steps\": 100000"), "tiny.json")
        let running = try Command.start(
            ["render", "tiny.json", "--progress", "json", "--jobs", "2"], in: scratch)
        for _ in 0..<3000 where !running.messagesSoFar.contains("\"facets\"") && running.process.isRunning {
            usleep(10_000)
        }
        kill(running.process.processIdentifier, signal)
        let outcome = running.wait()
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.output.isEmpty)
        #expect(
            scratch.entries().allSatisfy { !$0.contains("partial") && !$0.contains("film") }, "\(scratch.entries())")
    }

    @Test func `each style of progress writes what it promises`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let off = try render("tiny.json", "--progress", "off", in: scratch)
        #expect(off.messages.isEmpty, "\(off)")
        let plain = try render("tiny.json", "--force", in: scratch)
        #expect(!plain.messages.contains("\u{1B}"))
        let lines = plain.messages.split(separator: "\n")
        // Six steps make no good film, which is said before the last line.
        #expect(lines.dropLast().last?.hasPrefix("flagged: tiny/block_2_add/3: path ") == true, "\(plain)")
        #expect(lines.last?.hasSuffix("; 1 flagged, the worst: tiny/block_2_add/3") == true, "\(plain)")
        #expect(
            lines.dropLast(3).map { $0.drop { $0 != " " } } == [
                " tiny/block_2_add/3: facets", " tiny/block_2_add/3: bands",
                " tiny/block_2_add/3: film",
            ], "\(plain)")
        let json = try render("tiny.json", "--force", "--progress", "json", in: scratch)
        for line in json.messages.split(separator: "\n") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
        }
    }
}
