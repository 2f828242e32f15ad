import Foundation
import Testing

@testable import Records

@Suite struct FilmRecordTests {
    private struct Job: Codable, Sendable, Equatable {
        var name = "tiny"
        var seed = UInt64.max
    }

    private func record(
        activation: Double = 1.25, verdict: FilmRecord.Verdict? = FilmRecord.Verdict(shortfalls: [])
    ) -> FilmRecord {
        FilmRecord(
            subject: FilmRecord.Subject(
                network: FilmRecord.Network(
                    name: "Net", file: "net.onnx", digest: "a", perceptualLayers: ["early", "late"]),
                label: "goldfinch",
                depth: FilmRecord.Depth(place: 9, stage: "textures")),
            seeds: FilmRecord.Seeds(job: .max, robustActivation: 0),
            digests: FilmRecord.Digests(job: "b"),
            engineRevision: "1",
            frames: [
                FilmRecord.Frame(index: 0, path: 0, position: 0, activation: activation, facet: "naive"),
                FilmRecord.Frame(index: 1, path: 0, position: 0.5, activation: 1e-30, facet: nil),
            ],
            facets: [
                FilmRecord.FacetEntry(
                    name: "naive", activation: activation, robustActivation: 0.5, steps: 3, evaluations: 4)
            ],
            bands: [
                FilmRecord.BandEntry(
                    pivots: 1, steps: 2, refinementSteps: 0, evaluations: 3, stop: "reachedEnds", refinementStop: nil,
                    minimumActivation: 1, lowerEndActivation: 0, measures: [.contrastMinimum: 0.5, .flicker: 0])
            ],
            verdict: verdict,
            timing: FilmRecord.Timing(facets: 1, bands: 2, film: 4, total: 7, workers: 2))
    }

    @Test func `it reads back as it was written`() throws {
        let record = record()
        let data = try record.json(job: Job())
        #expect(try JSONDecoder().decode(FilmRecord.self, from: data) == record)
        #expect(try record.json(job: Job()) == data, "the same record gives the same bytes")
        let file = try FilmFile<Job>(data, with: .all)
        #expect(file.job == Job() && file.seeds?.job == .max && file.digests?.job == "b")
        #expect(file.networkDigest == "a" && file.network?.file == "net.onnx" && file.label == "goldfinch")
        #expect(file.depth?.place == 9 && file.depth?.stage == "textures")
        #expect(file.frames?.map(\.activation) == [1.25, 1e-30] && file.frames?.map(\.facet) == ["naive", nil])
        #expect(file.facets?.map(\.measures) == [[.activation: 1.25, .robustActivation: 0.5]])
        #expect(file.bands?.map(\.measures) == record.bands.map(\.measures))
        #expect(file.outputs == record.outputs && file.timing?.total == 7)
    }

    @Test func `keys are sorted, and unmeasured values are null`() throws {
        let text = String(decoding: try record().json(job: Job()), as: UTF8.self)
        let topLevel = text.split(separator: "\n").compactMap { line -> String? in
            line.hasPrefix("  \"") ? String(line.dropFirst(3).prefix { $0 != "\"" }) : nil
        }
        #expect(
            topLevel == [
                "bands", "baseline", "class", "depth", "digests", "engineRevision", "facets", "frames", "job",
                "network", "outputs",
                "seeds", "timing", "verdict",
            ], "\(text)")
        for key in ["minimumRatio", "robustMinimum", "featureStepRatio", "refinementStop", "lowestFrame", "facet"] {
            #expect(text.contains("\"\(key)\" : null"), "\(key) in \(text)")
        }
        #expect(text.contains("18446744073709551615"), "the seed keeps all its digits")
        #expect(text.hasSuffix("}\n"))
    }

    @Test func `a verdict is always written, and a film of an earlier version has none`() throws {
        let bad = FilmRecord.Verdict(of: record().bands)
        #expect(bad.shortfalls.count == 6)
        for verdict in [nil, FilmRecord.Verdict(shortfalls: []), bad] {
            let record = record(verdict: verdict)
            let data = try record.json(job: Job())
            #expect(try JSONDecoder().decode(FilmRecord.self, from: data) == record)
            #expect(try FilmFile<Job>(data, with: []).verdict == verdict)
        }
    }

    @Test func `the reason for a missing lowest frame is written only where there is one, and read again`() throws {
        var record = record()
        #expect(!String(decoding: try record.json(job: Job()), as: UTF8.self).contains("lowestFrameReason"))
        record.bands[0].lowestFrameReason = "it falls"
        let data = try record.json(job: Job())
        #expect(try JSONDecoder().decode(FilmRecord.self, from: data) == record)
        #expect(try FilmFile<Job>(data, with: .bands).bands?[0].lowestFrameReason == "it falls")
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that is not finite is an error and no file`(activation: Double) throws {
        let record = record(activation: activation)
        #expect(throws: EncodingError.self) { try record.json(job: Job()) }
    }

    /// Every row of the table stands in film.json under its key, and caches of earlier versions have the same keys.
    @Test func `a path's entry has the keys of the table, flat`() throws {
        let earlier = """
            {"blurMinimum":0.9,"contrastMinimum":0.8,"evaluations":3,"featureStepRatio":1.1,"featureStepVariation":0.1,
             "flicker":0.2,"gradientEvaluations":1,"jpegMinimum":0.7,"levelSteps":[1,2],"lowerEndActivation":2,
             "lowestFrame":null,"minimumActivation":1,"minimumRatio":0.5,"pivots":4,"refinementSteps":0,
             "refinementStop":null,"robustMean":0.6,"robustMinimum":null,"steps":3,"stop":"settled","timingRounds":2,
             "totalVariationMaximum":1.2,"totalVariationMinimum":0.95}
            """
        let entry = try JSONDecoder().decode(FilmRecord.BandEntry.self, from: Data(earlier.utf8))
        #expect(entry.measures[.minimumRatio] == 0.5 && entry.measures[.robustMinimum] == nil)
        func object(_ data: Data) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        let (written, expected) = (try object(JSONEncoder().encode(entry)), try object(Data(earlier.utf8)))
        // Measures that came later are null.
        let added = written.filter { expected[$0.key] == nil }
        #expect(added.values.allSatisfy { $0 is NSNull }, "\(added)")
        let kept = written.filter { expected[$0.key] != nil }
        #expect(NSDictionary(dictionary: kept) == NSDictionary(dictionary: expected))
        for measure in Measure.ofPaths {
            #expect(written.keys.contains(measure.key.rawValue), "\(measure.key)")
        }
        let facet = try JSONEncoder().encode(record().facets[0])
        for measure in Measure.all where measure.scope == .facet {
            #expect(String(decoding: facet, as: UTF8.self).contains("\"\(measure.key.rawValue)\":"), "\(measure.key)")
        }
    }
}
