import Foundation
import Records
import Testing

@testable import Gallery

/// What the real writer writes, on the real pages.
@Suite struct WrittenFilmTests {
    private struct Job: Encodable {
        var preset = "standard"
        var facets = ["naive", "smooth", "fourier"]
    }

    /// No two figures of a film are the same, however they are rounded.
    private func value(_ measure: Measure, path: Int) -> Double {
        let number = Double(Measure.Key.allCases.firstIndex(of: measure.key) ?? 0)
        return (measure.format == .times ? 1 : 0) + 0.11 + 0.03 * number + 0.4 * Double(path)
    }

    /// Of both paths.
    private func worst(_ measure: Measure) -> Double { value(measure, path: measure.better == .higher ? 0 : 1) }

    private func write(_ folder: String, in output: SyntheticOutput) throws {
        let names = Job().facets
        let record = FilmRecord(
            subject: FilmRecord.Subject(
                network: FilmRecord.Network(
                    name: "Net", file: "net.onnx", digest: "0123", perceptualLayers: ["early", "late"]),
                label: "goldfinch, Carduelis carduelis",
                depth: FilmRecord.Depth(place: 9, stage: "textures")),
            seeds: FilmRecord.Seeds(job: .max, robustActivation: 3),
            digests: FilmRecord.Digests(job: "abcd"), engineRevision: "17",
            frames: (0..<5).map {
                FilmRecord.Frame(
                    index: $0, path: min($0 / 2, 1), position: Double($0 % 2) / 2, activation: 4 + 0.125 * Double($0),
                    facet: $0 % 2 == 0 ? names[$0 / 2] : nil)
            },
            facets: names.enumerated().map { number, name in
                FilmRecord.FacetEntry(
                    name: name, activation: 4 + 0.25 * Double(number), robustActivation: 3.5 + 0.25 * Double(number),
                    steps: 16, evaluations: 17)
            },
            bands: bands, verdict: FilmRecord.Verdict(of: bands, remarks: remarks, attempts: 1234),
            timing: FilmRecord.Timing(facets: 1, bands: 2, film: 4, total: 7, workers: 2))
        try output.write(record.json(job: Job()), "\(folder)/film.json")
    }

    private let remarks = [FilmRecord.Verdict.Remark(kind: .alike, text: "Facets 1 and 2 look <alike>.")]

    private var bands: [FilmRecord.BandEntry] {
        (0..<2).map { path in
            var measures: MeasuredValues = [:]
            for measure in Measure.ofPaths { measures[measure.key] = value(measure, path: path) }
            return FilmRecord.BandEntry(
                pivots: 4, steps: 12, refinementSteps: 0, evaluations: 60, stop: "settled", refinementStop: nil,
                minimumActivation: 4, lowerEndActivation: 4, measures: measures)
        }
    }

    @Test func `every shown measure of a written film stands on the pages`() throws {
        let output = try SyntheticOutput()
        for folder in ["eyes/block_4_add/6", "thesis/block_4_add/6"] { try write(folder, in: output) }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 2 && outcome.unreadable.isEmpty && outcome.problems.isEmpty, "\(outcome)")

        let unit = try output.text("eyes/block_4_add/6/index.html")
        let layer = try output.text("eyes/block_4_add/index.html")
        for measure in Measure.ofPaths {
            if let entry = measure.entry {
                let shown = [measure] + entry.with.map(\.measure)
                let figures = shown.map { Figures.text(worst($0), $0.format) }.joined(separator: ", ")
                #expect(unit.contains("<p class=\"figure\">\(figures)</p>"), "\(measure.key)")
                for key in shown.map(\.key.rawValue) { #expect(!unit.contains("{\(key)}"), "\(key) is no figure") }
            }
            if measure.places.contains(.pathTable) {
                #expect(unit.contains("<th scope=\"col\">\(measure.short)"), "\(measure.key)")
                for path in 0..<2 {
                    #expect(unit.contains("<td>\(Figures.plain(value(measure, path: path)))"), "\(measure.key)")
                }
            }
            if let sorting = measure.sorting {
                #expect(layer.contains("<option value=\"\(sorting.name)\""), "\(measure.key)")
                #expect(
                    layer.contains(" data-\(sorting.name)=\"\(Figures.ascii(worst(measure), digits: 4))\""),
                    "\(measure.key)")
            }
        }
        for text in [
            "18446744073709551615", "0123", "Net", "<h1>block_<wbr>4_<wbr>add, unit 6, goldfinch</h1>", "abcd",
            "activation 4.25, under transforms 3.75", "naive – smooth",
        ] {
            #expect(unit.contains(text), "\(text)")
        }
        // The furthest below its bar, relative to the bar.
        let verdict = FilmRecord.Verdict(of: bands)
        let lowest = try #require(verdict.shortfalls.first)
        #expect(layer.contains("<span class=\"warn\">\(lowest.row?.short ?? "")"))
        #expect(layer.contains("unit 6, goldfinch <span class=\"badge\">flagged</span>"))
        for shortfall in verdict.shortfalls {
            #expect(unit.contains("<li>\(shortfall.sentence(facets: Job().facets))</li>"), "\(shortfall)")
        }
        for text in ["Below its bars", "<p>Facets 1 and 2 look &lt;alike&gt;.</p>", "the best of 1,234 attempts"] {
            #expect(unit.contains(text), "\(text)")
        }
    }

    @Test func `the page that compares finds each measure's name, format and values by its key`() throws {
        let output = try SyntheticOutput()
        for folder in ["eyes/block_4_add/6", "thesis/block_4_add/6"] { try write(folder, in: output) }
        _ = try Gallery.build(output: output.path)
        let page = try output.text("gallery/compare.html")
        let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">")).upperBound
        let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
        struct Data: Decodable {
            struct Row: Decodable {
                var key: String
                var words: String
                var format: String
            }
            struct Unit: Decodable {
                struct Run: Decodable { var worth: [String: Double] }
                var runs: [Run]
            }
            var measures: [Row]
            var units: [Unit]
        }
        let data = try JSONDecoder().decode(Data.self, from: Foundation.Data(page[start..<end].utf8))
        let shown = Measure.ofPaths.filter { $0.places.contains(.comparePage) }
        #expect(data.measures.map(\.key) == shown.map(\.key.rawValue) + ["meanActivation"])
        #expect(data.measures.map(\.words) == shown.map(\.words) + ["mean activation"])
        #expect(data.measures.map(\.format) == shown.map(\.format.rawValue) + ["plain"])
        let worth = try #require(data.units.first?.runs.first?.worth)
        #expect(Set(worth.keys) == Set(data.measures.map(\.key)), "\(worth)")
        for measure in shown {
            let shown = try #require(worth[measure.key.rawValue])
            #expect(abs(shown - worst(measure)) < 1e-4, "\(measure.key)")
        }
        #expect(worth["meanActivation"] == 4.25)
    }
}
