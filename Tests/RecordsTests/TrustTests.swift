import Foundation
import Testing

@testable import Records

/// Grades of films, and what film.json says of trust.
@Suite struct TrustTests {
    @Test(arguments: Measure.ofTrust) func `a row of the report holds together`(measure: Measure) throws {
        let trust = try #require(measure.trust)
        #expect(!trust.title.isEmpty && trust.sentence.contains("{\(measure.key.rawValue)}"))
        #expect(measure.bar == trust.bounds?.b)
        guard let bounds = trust.bounds else { return #expect(measure.grade(of: 0.5) == nil) }
        let order = [bounds.a, bounds.b, bounds.c]
        #expect(order == (measure.better == .higher ? order.sorted(by: >) : order.sorted()))
        #expect(measure.grade(of: bounds.a) == .a)
        let far = measure.better == .higher ? bounds.c - 1 : bounds.c + 1
        #expect(measure.grade(of: far) == (bounds.c.isFinite ? .d : .c))
        if bounds.b != bounds.a { #expect(measure.grade(of: bounds.b) == .b) }
        if bounds.c != bounds.b, bounds.c.isFinite { #expect(measure.grade(of: bounds.c) == .c) }
    }

    @Test func `a film has the grade of its worst part, and says which`() throws {
        let good = FilmRecord.Trust(measures: [.alive: 1, .survivesBlur: 1, .clarity: 0.1])
        #expect(good.grade == .a && good.worst.isEmpty && good.sentence == "A")
        let bounds = try #require(Measure.Key.survivesBlur.measure.trust?.bounds)
        let poor = FilmRecord.Trust(measures: [
            .alive: 1, .survivesBlur: bounds.c - 0.01, .survivesJPEG: 1, .spectrumDistance: 99,
        ])
        #expect(poor.grade == .d && poor.worst == ["survivesBlur", "spectrumDistance"])
        let sentence = try #require(poor.sentence)
        #expect(sentence.hasPrefix("D: activation that survives a blur ") && sentence.contains("; distance from"))
        #expect(FilmRecord.Trust(measures: [:]).grade == nil)
        #expect(FilmRecord.Trust(measures: [.clarity: 0.5]).grade == nil, "clarity is no reason to distrust")
        #expect(FilmRecord.Trust.Grade.allCases.sorted() == [.a, .b, .c, .d])
    }

    @Test func `film.json keeps all of it`() throws {
        let photograph = FilmRecord.Photograph(
            path: "a/b.jpg", activation: 2.5, file: "photographs/strongest-01.jpg", width: 9, height: 8,
            outline: [[0, 0, 1, 0, 1, 1]])
        let trust = FilmRecord.Trust(
            measures: [.alive: 1, .filmShare: 0.7], notMeasured: ["overDrive": "because"], evaluations: 12,
            photographs: FilmRecord.Photographs(
                folder: "photos", digest: "abc", count: 3, strongest: [photograph], weakest: [photograph]),
            route: [.init(layer: "block_1", share: 0.5)],
            classes: [FilmRecord.ClassContribution(index: 3, label: "goldfinch", contribution: 0.25)])
        let read = try JSONDecoder().decode(FilmRecord.Trust.self, from: JSONEncoder().encode(trust))
        #expect(read == trust)
    }

    @Test func `a report from anybody is read as far as it makes sense`() throws {
        let empty = try JSONDecoder().decode(FilmRecord.Trust.self, from: Data("{}".utf8))
        #expect(empty == FilmRecord.Trust(measures: [:]))
        let long = String(repeating: "x", count: 5000)
        let text = """
            {"grade": "A", "worst": ["none"], "measures": {"survivesBlur": -1e300, "alive": 0, "unknown": 3},
             "evaluations": -5, "notMeasured": {"\(long)": "\(long)"},
             "photographs": {"count": -1, "folder": "\(long)", "strongest": [{"width": -4, "outline": [[1e300, -1e300]]}]},
             "classes": [{"index": -2, "label": "\(long)", "contribution": 1e300}]}
            """
        let trust = try JSONDecoder().decode(FilmRecord.Trust.self, from: Data(text.utf8))
        // The file's own grade does not count.
        #expect(trust.grade == .d && trust.worst == ["alive"] && trust.evaluations == 0)
        #expect(trust.notMeasured.keys.allSatisfy { $0.count <= 100 } && trust.classes[0].index == 0)
        let photograph = try #require(trust.photographs?.strongest.first)
        #expect(photograph.width == 1 && photograph.outline[0].allSatisfy { (-1...2).contains($0) })
        #expect(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(FilmRecord.Trust.self, from: Data(#"{"measures": 3}"#.utf8))
        }
    }
}

/// Documentation/trust.md has the table's rows.
@Suite struct TrustDocumentTests {
    private static let document = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Documentation/trust.md")

    @Test func `the document has every row with its bounds`() throws {
        let text = try String(contentsOf: Self.document, encoding: .utf8)
        for measure in Measure.ofTrust {
            let trust = try #require(measure.trust)
            let sign = measure.better == .higher ? "" : "up to "
            let bounds = [trust.bounds?.a, trust.bounds?.b, trust.bounds?.c].map { bound in
                guard let bound else { return "" }
                return bound.isFinite ? sign + measure.text(bound) : "any"
            }
            let row =
                "| \(trust.title) (`\(measure.key.rawValue)`) | \(measure.words) | \(bounds.joined(separator: " | ")) |"
            #expect(text.contains(row), "Documentation/trust.md lacks: \(row)")
        }
    }
}
