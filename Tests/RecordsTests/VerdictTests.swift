import Foundation
import Testing

@testable import Records

@Suite struct VerdictTests {
    private typealias Verdict = FilmRecord.Verdict
    private typealias Shortfall = FilmRecord.Verdict.Shortfall

    private static let good: MeasuredValues = [
        .minimumRatio: 0.98, .robustMinimum: 0.95, .contrastMinimum: 0.97, .featureStepRatio: 1.15,
        .brightnessMinimum: 0.2, .brightnessMaximum: 0.8,
    ]

    private func path(_ change: (inout MeasuredValues) -> Void = { _ in }) -> FilmRecord.BandEntry {
        var measures = Self.good
        change(&measures)
        return FilmRecord.BandEntry(
            pivots: 4, steps: 1, refinementSteps: 0, evaluations: 2, stop: "settled", refinementStop: nil,
            minimumActivation: 1, lowerEndActivation: 1, measures: measures)
    }

    @Test func `the bars are those that films are held to, and a value on its bar keeps it`() {
        let bars = Dictionary(
            uniqueKeysWithValues: Measure.ofPaths.compactMap { measure in measure.bar.map { (measure.key, $0) } })
        #expect(
            bars == [
                .minimumRatio: 0.98, .robustMinimum: 0.95, .contrastMinimum: 0.97, .featureStepRatio: 1.15,
                .brightnessMinimum: 0.2, .brightnessMaximum: 0.8,
            ])
        #expect(Verdict(of: [path(), path()]).isGood)
        let none = Verdict(of: [])
        #expect(none.isGood && none.attempts == 1 && none.remarks.isEmpty && none.sentence(facets: []) == nil)
    }

    @Test func `every path is held to every bar, and what is not known is worst`() {
        let verdict = Verdict(
            of: [
                path {
                    $0[.minimumRatio] = 0.956
                    $0[.climb] = 9
                },
                path(),
                path {
                    $0[.robustMinimum] = nil
                    $0[.featureStepRatio] = 1.5
                    $0[.contrastMinimum] = .infinity
                },
            ], attempts: 2)
        #expect(
            verdict.shortfalls == [
                Shortfall(path: 3, measure: "robustMinimum", value: nil, bar: 0.95),
                Shortfall(path: 3, measure: "contrastMinimum", value: nil, bar: 0.97),
                Shortfall(path: 3, measure: "featureStepRatio", value: 1.5, bar: 1.15),
                Shortfall(path: 1, measure: "minimumRatio", value: 0.956, bar: 0.98),
            ])
        #expect(verdict.attempts == 2 && !verdict.isGood)
    }

    @Test func `how bad it is, is relative to the bar`() {
        // .1 of .2 is half of the bar, .1 of .98 a tenth.
        let verdict = Verdict(of: [path { $0[.minimumRatio] = 0.88 }, path { $0[.brightnessMinimum] = 0.1 }])
        #expect(verdict.shortfalls.map(\.path) == [2, 1])
        #expect(abs((verdict.shortfalls[0].excess ?? 0) - 0.5) < 1e-12)
    }

    @Test func `measures that mean nothing for a film are excused`() {
        let dark = path {
            $0[.brightnessMinimum] = 0.01
            $0[.brightnessMaximum] = nil
        }
        #expect(Verdict(of: [dark]).shortfalls.count == 2)
        #expect(Verdict(of: [dark], excusing: [.brightnessMinimum, .brightnessMaximum]).isGood)
    }

    @Test(
        arguments: [
            ("minimumRatio", 0.956, 0.98, "lowest activation 95 %, bar 98 %"),
            // Rounded to the worse side: what misses its bar does not read as the bar.
            ("minimumRatio", 0.97999, 0.98, "lowest activation 97 %, bar 98 %"),
            ("featureStepRatio", 1.1501, 1.15, "step max/min 1.16×, bar 1.15×"),
            ("brightnessMaximum", 0.801, 0.8, "brightest frame 81 %, bar 80 %"),
            ("minimumRatio", -0.5, 0.98, "lowest activation -50 %, bar 98 %"),
            ("flicker", 0.5, nil, "flicker 0.50"),
            ("minimumRatio", nil, 0.98, "lowest activation not known, bar 98 %"),
            ("minimumRatio", -1e29, 0.98, "lowest activation -1e+29, bar 98 %"),
            ("of tomorrow", 0.25, 0.5, "of tomorrow 0.25, bar 0.5"),
        ] as [(String, Double?, Double?, String)])
    func `a sentence says what is where and how much of it`(
        measure: String, value: Double?, bar: Double?, words: String
    ) {
        let shortfall = Shortfall(path: 2, measure: measure, value: value, bar: bar)
        #expect(shortfall.sentence(facets: ["a", "b", "c"]) == "path 2 (b to c): \(words)")
        #expect(shortfall.sentence(facets: ["a", "b"]) == "path 2: \(words)")
        let verdict = Verdict(shortfalls: [shortfall, shortfall])
        #expect(verdict.sentence(facets: []) == "path 2: \(words); 1 more")
    }

    @Test func `it reads back as it was written, with null for what is not known`() throws {
        let verdict = Verdict(
            of: [
                path {
                    $0[.minimumRatio] = nil
                    $0[.flicker] = 1
                    $0[.robustMinimum] = 0.9
                }
            ],
            remarks: [
                Verdict.Remark(kind: .meanColor, text: "It is grey."),
                Verdict.Remark(kind: .alike, text: String(repeating: "x", count: 2000)),
            ], attempts: 3)
        let data = try JSONEncoder().encode(verdict)
        #expect(try JSONDecoder().decode(Verdict.self, from: data) == verdict)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""value":null"#) && text.contains(#""kind":"meanColor""#), "\(text)")
        #expect(verdict.remarks[1].text.count == 1000 && verdict.remarks[1].text.hasSuffix("…"))
    }

    private func read(_ verdict: String) throws -> Verdict? {
        try FilmFile<UnreadJob>(Data(#"{"verdict": \#(verdict)}"#.utf8), with: .all).verdict
    }

    @Test func `what a film json says of a verdict may be anything of the right kind`() throws {
        #expect(try FilmFile<UnreadJob>(Data("{}".utf8), with: .all).verdict == nil)
        #expect(try read("null") == nil)
        #expect(try read("{}") == Verdict(shortfalls: []))
        #expect(try read(#"{"shortfalls": null, "remarks": [], "more": [7]}"#) == Verdict(shortfalls: []))
        let strange = try #require(
            try read(
                #"""
                {"attempts": -9223372036854775808, "remarks": [{}, {"kind": "odd", "text": "<b>"}],
                 "shortfalls": [{}, {"path": -9223372036854775808, "measure": "odd", "value": 1e300, "bar": 0},
                  {"path": 9223372036854775807, "measure": "minimumRatio", "value": 1e29, "bar": -1e300},
                  {"path": 1, "measure": "odd", "value": 3, "bar": 0}]}
                """#))
        #expect(strange.attempts == 1 && strange.remarks.map(\.kind.rawValue) == ["", "odd"])
        #expect(strange.shortfalls.map(\.measure) == ["", "odd", "odd", "minimumRatio"], "\(strange)")
        #expect(strange.shortfalls.map(\.path) == [0, 0, 1, 1_000_000])
        for shortfall in strange.shortfalls { #expect(!shortfall.sentence(facets: ["a", "b"]).isEmpty) }
        #expect(throws: Never.self) { try JSONEncoder().encode(strange) }
    }

    @Test(arguments: [
        "7", "[]", #"{"shortfalls": {}}"#, #"{"shortfalls": [7]}"#, #"{"shortfalls": [{"path": "one"}]}"#,
        #"{"shortfalls": [{"value": "high"}]}"#, #"{"shortfalls": [{"bar": 1e999}]}"#, #"{"remarks": [{"text": 7}]}"#,
        #"{"attempts": 1.5}"#,
    ])
    func `a value of another kind makes the film json unreadable`(text: String) {
        #expect(throws: DecodingError.self) { try read(text) }
    }

    @Test func `of what is too long only the beginning is read`() throws {
        // One character of a million scalars.
        let long = "e" + String(repeating: "\u{301}", count: 1_000_000)
        let shortfalls = (0..<5000).map { _ in #"{"path": 1, "measure": "\#("m")", "value": 0, "bar": 1}"# }
        let verdict = try #require(
            try read(
                #"{"shortfalls": [\#(shortfalls.joined(separator: ","))], "remarks": [{"kind": "\#(long)", "text": "\#(long)"}]}"#
            ))
        #expect(verdict.shortfalls.count == 1000)
        #expect(verdict.remarks[0].text.unicodeScalars.count == 1000)
        #expect(verdict.remarks[0].kind.rawValue.unicodeScalars.count == 100)
        let named = Shortfall(path: 1, measure: "flicker", value: 1, bar: 0).sentence(facets: [long, long])
        #expect(named.unicodeScalars.count < 150, "\(named.unicodeScalars.count)")
    }

    @Test func `lists have the worst film first, then the others as they were`() throws {
        func flag(_ value: Double?) -> FilmFlag? {
            FilmFlag(
                Verdict(shortfalls: [Shortfall(path: 1, measure: "minimumRatio", value: value, bar: 0.98)]), facets: [])
        }
        let films: [(name: String, flag: FilmFlag?)] = [
            ("good", nil), ("near", flag(0.97)), ("far", flag(0.5)), ("unknown", flag(nil)), ("fine", nil),
            ("near too", flag(0.97)),
        ]
        #expect(
            films.sortedByFlag(\.flag).map(\.name) == ["unknown", "far", "near", "near too", "good", "fine"])
        #expect(FilmFlag(Verdict(shortfalls: []), facets: []) == nil && FilmFlag(nil, facets: []) == nil)
        let read = try JSONDecoder().decode(FilmFlag.self, from: JSONEncoder().encode(flag(nil)))
        #expect(read == flag(nil))
    }

    @Test func `flags are read from the films, and names lead to no file elsewhere`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "facetreel-flags-\(UInt64.random(in: 0...UInt64.max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bad = #"{"facets": [{"name": "a"}, {}], "verdict": {"shortfalls": [{"path": 1, "measure": "flicker"}]}}"#
        for (name, text) in [
            ("out/n/l/1", bad), ("out/n/l/2", #"{"verdict": {}}"#), ("out/n/l/3", "{}"), ("out/n/l/4", "{"),
            ("n/l/5", bad),
        ] {
            let film = folder.appending(path: name)
            try FileManager.default.createDirectory(at: film, withIntermediateDirectories: true)
            try text.write(to: film.appending(path: "film.json"), atomically: true, encoding: .utf8)
        }
        let films = (1...4).map { "n/l/\($0)" } + ["../n/l/5", "n/../n/l/1", "", "n/l"]
        let flags = FilmJudgement.all(of: films, in: folder.appending(path: "out").path).map(\.flag)
        #expect(
            flags.map(\.?.sentence) == ["path 1 (a to facet 2): flicker not known"] + Array(repeating: nil, count: 7))
    }
}
