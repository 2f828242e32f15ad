import Foundation
import FoundationXML
import Testing

@testable import Records

@Suite struct RunReportTests {
    private static let nasty = "facet \"a\" <b> & c\n]]> \u{1}\u{FFFE} \u{1F40D}"

    private static func flag(_ value: Double) -> FilmFlag? {
        FilmFlag(
            FilmRecord.Verdict(shortfalls: [
                FilmRecord.Verdict.Shortfall(path: 1, measure: "minimumRatio", value: value, bar: 0.98)
            ]), facets: ["a<b", "c"])
    }

    private static let report = {
        func entry(
            _ unit: Int, _ outcome: RunReport.Outcome, message: String? = nil, log: String? = nil, flag: FilmFlag? = nil
        )
            -> RunReport.Entry
        {
            RunReport.Entry(
                reel: "eyes/block_1_add/\(unit)", outcome: outcome, seconds: 61.235, evaluations: 7, message: message,
                log: log, flag: flag)
        }
        var report = RunReport()
        report.started = "2023-11-14T22:13:20.500Z"
        report.reels = [
            entry(0, .rendered, log: "o/0.jsonl", flag: flag(0.97)), entry(1, .upToDate, flag: flag(0.5)),
            entry(2, .byAnotherProcess),
            entry(3, .failed, message: nasty, log: "nowhere.jsonl"), entry(4, .failed, message: "first"),
            entry(5, .stopped), entry(6, .notStarted, message: "the output folder is full"),
        ]
        report.counts = RunReport.Counts(of: report.reels)
        report.firstFailure = RunReport.Failure(reel: "eyes/block_1_add/4", message: "first")
        return report
    }()

    @Test func `it reads back as it was written`() throws {
        #expect(try JSONDecoder().decode(RunReport.self, from: Self.report.json()) == Self.report)
        #expect(Self.report.counts.left == 2 && Self.report.failures.map(\.message) == [Self.nasty, "first"])
    }

    @Test func `flagged films are counted, the worst first, and may be anything in a report`() throws {
        #expect(Self.report.counts.flagged == 2)
        #expect(Self.report.flagged.map(\.reel.reel) == ["eyes/block_1_add/1", "eyes/block_1_add/0"])
        let json = String(decoding: try Self.report.json(), as: UTF8.self)
        #expect(json.contains(#""flagged" : 2"#) && json.contains(#""sentence" : "path 1 (a<b to c)"#), "\(json)")
        let text = #"""
            {"reels": [{"outcome": "rendered", "flag": {}}, {"outcome": "rendered", "flag": null},
             {"outcome": "upToDate", "flag": {"shortfalls": -7, "worst": {"measure": "odd", "value": -1e29}}}]}
            """#
        let report = try JSONDecoder().decode(RunReport.self, from: Data(text.utf8))
        #expect(report.counts.flagged == 2 && report.flagged.count == 2, "\(report)")
        #expect(report.flagged[1].flag.shortfalls == 1)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RunReport.self, from: Data(#"{"reels": [{"flag": 7}]}"#.utf8))
        }
    }

    @Test func `a report asks the films themselves`() throws {
        let output = FileManager.default.temporaryDirectory
            .appending(path: "facetreel-flags-\(UInt64.random(in: 0...UInt64.max))")
        defer { try? FileManager.default.removeItem(at: output) }
        for (unit, shortfalls) in [(0, ""), (2, #"{"path": 1, "measure": "flicker"}"#), (3, #"{"path": 1}"#)] {
            let film = output.appending(path: "eyes/block_1_add/\(unit)")
            try FileManager.default.createDirectory(at: film, withIntermediateDirectories: true)
            try #"{"verdict": {"shortfalls": [\#(shortfalls)]}}"#.write(
                to: film.appending(path: "film.json"), atomically: true, encoding: .utf8)
        }
        var report = Self.report
        report.readJudgements(in: output.path)
        // Films that failed are not asked, whatever lies there.
        #expect(report.flagged.map(\.reel.reel) == ["eyes/block_1_add/2"], "\(report.flagged)")
        #expect(report.counts.flagged == 1 && report.counts.rendered == 1)
    }

    @Test func `counts that no run can have are held to what sums of them can bear`() throws {
        let text = #"""
            {"evaluations": 9223372036854775807, "workers": -9223372036854775808, "seconds": 1e308,
             "reels": [{"evaluations": 9223372036854775807, "seconds": -1e308}]}
            """#
        let report = try JSONDecoder().decode(RunReport.self, from: Data(text.utf8))
        #expect(report.evaluations == 1_000_000_000_000 && report.workers == 0 && report.seconds == 1e12, "\(report)")
        #expect(report.reels.map(\.evaluations) == [1_000_000_000_000] && report.reels[0].seconds == 0, "\(report)")
        // Merged reports write what they have read.
        #expect(throws: Never.self) { try report.json() }
    }

    @Test func `a time of start that is none is text in the XML like any other`() throws {
        var report = Self.report
        report.started = Self.nasty
        #expect(XMLParser(data: report.junit { _ in [] }).parse())
    }

    @Test func `what a report does not say is nothing, and an outcome that nobody knows is not done`() throws {
        let text =
            #"{"reels": [{}, {"reel": "a/b/1", "outcome": "vanished"}, {"outcome": "failed", "network": "n"}], "more": 7}"#
        let report = try JSONDecoder().decode(RunReport.self, from: Data(text.utf8))
        #expect(report.reels.map(\.outcome) == [.notStarted, .notStarted, .failed], "\(report)")
        #expect(report.reels.map(\.network) == [nil, nil, "n"])
        #expect(report.counts.all == 3 && report.counts.left == 2 && report.started.isEmpty, "\(report)")
        for text in ["", "{", "7", #"{"reels": 7}"#, #"{"seconds": "long"}"#] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunReport.self, from: Data(text.utf8)) }
        }
    }

    @Test func `JUnit is XML with one test case a reel`() throws {
        final class Reader: NSObject, XMLParserDelegate {
            var elements: [(name: String, attributes: [String: String])] = []
            var text = ""
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) { elements.append((name, attributes)) }
            func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
        }
        let data = Self.report.junit { ["the end of \($0)"] }
        let (parser, reader) = (XMLParser(data: data), Reader())
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError)) \(String(decoding: data, as: UTF8.self))")
        let suite = try #require(reader.elements.first { $0.name == "testsuite" }).attributes
        #expect([suite["tests"], suite["failures"], suite["errors"], suite["skipped"]] == ["7", "2", "0", "2"])
        let cases = reader.elements.filter { $0.name == "testcase" }.map(\.attributes)
        #expect(cases.map { $0["name"] } == Self.report.reels.map(\.reel))
        #expect(cases.allSatisfy { $0["classname"] == "eyes.block_1_add" })
        #expect(cases[0]["time"] == "61.235")
        let messages = reader.elements.filter { $0.name == "failure" }.map { $0.attributes["message"] }
        // XML has no way to say two of the characters.
        let readable = Self.nasty.replacingOccurrences(of: "\u{1}", with: "\u{FFFD}")
            .replacingOccurrences(of: "\u{FFFE}", with: "\u{FFFD}")
        #expect(messages == [readable, "first"])
        #expect(reader.text.contains("log: nowhere.jsonl\nthe end of nowhere.jsonl"))
        let skipped = reader.elements.filter { $0.name == "skipped" }.map { $0.attributes["message"] }
        #expect(skipped == ["stopped", "the output folder is full"])
        // No failure, but said.
        #expect(reader.elements.count { $0.name == "system-out" } == 2)
        #expect(reader.text.contains("flagged: path 1 (a<b to c): lowest activation 97 %, bar 98 %"))
    }
}
