import ConvNet
import Foundation
import JobManifest
import Testing

@testable import Pipeline

@Suite struct FilmRecordTests {
    private func record(activation: Double = 1.25) throws -> FilmRecord {
        let text = """
            {"name": "tiny", "layer": "block_2_add", "unit": 3, "seed": 18446744073709551615, "preset": "thesis"}
            """
        let manifest = try ManifestReader.read(
            bytes: Array(text.utf8), file: "t.json", network: MobileNetV2.description)
        return FilmRecord(
            job: try #require(manifest.reels().first),
            seeds: FilmRecord.Seeds(job: .max, robustActivation: 0),
            digests: FilmRecord.Digests(weights: "a", job: "b"),
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
                    minimumActivation: 1, lowerEndActivation: 0, minimumRatio: nil, robustMinimum: nil,
                    robustMean: nil, contrastMinimum: 0.5, featureStepRatio: nil, flicker: 0)
            ],
            timing: FilmRecord.Timing(facets: 1, bands: 2, film: 4, total: 7, workers: 2))
    }

    @Test func itReadsBackAsItWasWritten() throws {
        let record = try record()
        let data = try record.json()
        #expect(try JSONDecoder().decode(FilmRecord.self, from: data) == record)
        #expect(try record.json() == data, "the same record gives the same bytes")
    }

    @Test func keysAreSortedAndUnmeasuredValuesAreNull() throws {
        let text = String(decoding: try record().json(), as: UTF8.self)
        let topLevel = text.split(separator: "\n").compactMap { line -> String? in
            line.hasPrefix("  \"") ? String(line.dropFirst(3).prefix { $0 != "\"" }) : nil
        }
        #expect(
            topLevel == [
                "bands", "digests", "engineRevision", "facets", "frames", "job", "outputs", "seeds", "timing",
            ], "\(text)")
        for key in ["minimumRatio", "robustMinimum", "featureStepRatio", "refinementStop", "facet"] {
            #expect(text.contains("\"\(key)\" : null"), "\(key) in \(text)")
        }
        #expect(text.contains("18446744073709551615"), "the seed keeps all its digits")
        #expect(text.hasSuffix("}\n"))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aNumberThatIsNotFiniteIsAnErrorAndNoFile(activation: Double) throws {
        let record = try record(activation: activation)
        #expect(throws: EncodingError.self) { try record.json() }
    }
}
