import ConvNet
import Foundation
import Records
import Testing

@testable import Pipeline
@testable import PipelineSupport

@Suite struct RunReportTests {
    private static let nasty = "facet \"a\" <b> & c\n]]> \u{1}\u{FFFE} \u{1F40D}"

    private static func flag(_ value: Double) -> FilmFlag? {
        FilmFlag(
            FilmRecord.Verdict(shortfalls: [
                FilmRecord.Verdict.Shortfall(path: 1, measure: "minimumRatio", value: value, bar: 0.98)
            ]), facets: [])
    }

    private static let result = RunResult(
        reels: [
            ReelResult(
                reel: "eyes/block_1_add/0", outcome: .finished(film: "o/film.mp4"), seconds: 61.2345, evaluations: 5300,
                log: "o/0.jsonl", flag: flag(0.9)),
            ReelResult(
                reel: "eyes/block_1_add/1", outcome: .upToDate(film: "o/film.mp4"), flag: flag(0.5),
                grade: FilmGrade(letter: .d, sentence: "D: over-drive 22.00×, bar 8.00×", reasons: 1)),
            ReelResult(reel: "eyes/block_1_add/2", outcome: .finishedElsewhere(film: "o/film.mp4")),
            ReelResult(
                reel: "eyes/block_1_add/3", outcome: .failed(message: nasty), seconds: 2, evaluations: 700,
                log: "nowhere.jsonl", label: "goldfinch, Carduelis carduelis", network: "mine.onnx"),
            ReelResult(reel: "eyes/block_1_add/4", outcome: .failed(message: "first"), seconds: 1),
            ReelResult(reel: "eyes/block_1_add/5", outcome: .stopped, seconds: 1),
            ReelResult(reel: "eyes/block_1_add/6", outcome: .notStarted(reason: "the output folder is full")),
        ],
        started: Date(timeIntervalSince1970: 1_700_000_000.5), seconds: 7391, workers: 2, stop: nil,
        halt: "stopped: the output folder is full", firstFailed: 4)

    @Test func `the report says what became of each reel`() throws {
        let report = RunReport(Self.result, manifests: ["Jobs", "more.json"])
        let json = try report.json()
        #expect(try JSONDecoder().decode(RunReport.self, from: json) == report)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object["version"] as? Int == 1)
        #expect(object["started"] as? String == "2023-11-14T22:13:20.500Z")
        #expect(object["ended"] as? String == "2023-11-15T00:16:31.500Z")
        #expect(object["manifests"] as? [String] == ["Jobs", "more.json"])
        #expect(object["stopped"] as? String == "stopped: the output folder is full")
        #expect(object["evaluations"] as? Int == 6000)
        #expect(object["evaluationsPerSecond"] as? Double == 0.8)
        #expect(object["firstFailure"] as? [String: String] == ["reel": "eyes/block_1_add/4", "message": "first"])
        #expect(
            object["counts"] as? [String: Int] == [
                "all": 7, "rendered": 1, "upToDate": 1, "byAnotherProcess": 1, "failed": 2, "stopped": 1,
                "notStarted": 1, "flagged": 2, "gradeA": 0, "gradeB": 0, "gradeC": 0, "gradeD": 1,
            ])
        let reels = try #require(object["reels"] as? [[String: Any]])
        #expect(
            reels.map { $0["outcome"] as? String } == [
                "rendered", "upToDate", "byAnotherProcess", "failed", "failed", "stopped", "notStarted",
            ])
        #expect(reels[0]["seconds"] as? Double == 61.235)
        #expect(reels[3]["message"] as? String == Self.nasty)
        #expect(reels[3]["log"] as? String == "nowhere.jsonl")
        #expect(reels[3]["class"] as? String == "goldfinch, Carduelis carduelis" && reels[0]["class"] == nil)
        let flag = try #require(reels[0]["flag"] as? [String: Any])
        #expect(flag["sentence"] as? String == "path 1: lowest activation 90 %, bar 98 %" && reels[3]["flag"] == nil)
        #expect((flag["worst"] as? [String: Any])?["value"] as? Double == 0.9 && flag["shortfalls"] as? Int == 1)
        let grade = try #require(reels[1]["grade"] as? [String: Any])
        #expect(grade["letter"] as? String == "D" && grade["reasons"] as? Int == 1 && reels[0]["grade"] == nil)
        #expect(reels[3]["network"] as? String == "mine.onnx" && reels[0].keys.contains("network") == false)
        #expect(report.reels.map(\.title).suffix(4).first == "eyes/block_1_add/3 (goldfinch)")
    }

    @Test func `the summary is one line`() {
        #expect(
            Self.result.summary
                == "1 rendered, 2 failed, 1 up to date, 1 by another process, 1 stopped, 1 not started in "
                + "2:03:11; 1 evaluations/s; 2 flagged, the worst: eyes/block_1_add/1; first failure: eyes/block_1_add/4"
        )
        let night = RunResult(
            reels: (0..<1489).map { ReelResult(reel: "\($0)", outcome: .upToDate(film: "f")) }
                + [ReelResult(reel: "x", outcome: .finished(film: "f"), evaluations: 53_000)],
            started: Date(), seconds: 10, workers: 2, stop: nil, halt: nil, firstFailed: nil)
        #expect(night.summary == "1 rendered, 1,489 up to date in 0:10; 5,300 evaluations/s")
    }

    @Test func `reports appear whole and leave nothing else`() throws {
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-report-\(UInt64.random(in: 0...UInt64.max))").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let report = RunReport(Self.result, manifests: [])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<10 { #expect(throws: Never.self) { try report.write(to: output) } }
        }
        let files = FileManager.default.enumerator(atPath: output)?.compactMap { $0 as? String }.sorted()
        #expect(files == [".cache", ".cache/locks", "junit.xml", "report.json"])
        let read = try Data(contentsOf: URL(fileURLWithPath: "\(output)/report.json"))
        #expect(try JSONDecoder().decode(RunReport.self, from: read) == report)
    }

    @Test func `a log says how long each stage took`() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-log-\(UInt64.random(in: 0...UInt64.max))/deep/1.jsonl").path
        defer {
            try? FileManager.default.removeItem(
                atPath: ((path as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent)
        }
        let time = FakeTime()
        for round in 1...2 {
            let log = ReelLog(path: path, reel: "eyes/l/1", clock: time.clock)
            time.pass(1)
            log.progressed(StageProgress(stage: .facets, fraction: 0, step: 0))
            time.pass(2)
            log.progressed(StageProgress(stage: .facets, fraction: 1, step: 8, lowestActivation: 3.5))
            log.progressed(StageProgress(stage: .bands, fraction: 0, step: 0, lowestActivation: .nan))
            time.pass(4.0625)
            log.warned("a \"warning\"")
            log.ended(round == 1 ? "stopped" : "failed", message: round == 1 ? nil : "why\nindeed")
            #expect(log.isWritten)
        }
        let lines = ReelLog.tail(of: path, lines: 100)
        let read = try lines.map { try JSONDecoder().decode(ReelLog.Line.self, from: Data($0.utf8)) }
        #expect(read.map(\.event) == ["started", "stage", "warning", "stage", "failed"], "\(lines)")
        #expect(read.map(\.stage) == [nil, .facets, nil, .bands, nil])
        #expect(read.map(\.seconds) == [nil, 2, nil, 4.063, 7.063])
        #expect(read.map(\.steps) == [nil, 8, nil, 0, nil])
        #expect(read.map(\.lowestActivation) == [nil, 3.5, nil, nil, nil])
        #expect(read[0].reel == "eyes/l/1")
        #expect(read[4].message == "why\nindeed")
        #expect(ReelLog.tail(of: path, lines: 2) == lines.suffix(2))
        #expect(lines.allSatisfy { $0.contains(#""time":"20"#) })
    }
}
