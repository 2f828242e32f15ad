import Foundation
import Testing

@testable import Records

/// What lists and reports say of how far films can be trusted.
@Suite struct FilmGradeTests {
    private func grade(_ measures: MeasuredValues) -> FilmGrade? { FilmGrade(FilmRecord.Trust(measures: measures)) }

    @Test func `a grade has its reasons, and the one with more of them is worse`() throws {
        let one = try #require(grade([.overDrive: 22, .survivesBlur: 0.9]))
        #expect(one.letter == .d && one.reasons == 1 && one.sentence == "D: over-drive 22.00×, bar 8.00×")
        let two = try #require(grade([.overDrive: 22, .survivesBlur: 0.1]))
        let good = try #require(grade([.overDrive: 2]))
        #expect(good.sentence == "A" && good.reasons == 0)
        #expect(
            two.isWorse(than: one) && one.isWorse(than: good) && !good.isWorse(than: one) && !one.isWorse(than: one))
        #expect([good, nil, one, two, one].sortedByGrade { $0 } == [two, one, one, good, nil])
        // What no row grades has no grade, and nor has a film of an earlier version.
        #expect(grade([.clarity: 0.5]) == nil && FilmGrade(nil) == nil)
        #expect(try JSONDecoder().decode(FilmGrade.self, from: JSONEncoder().encode(two)) == two)
    }

    @Test func `films are counted by their grades`() {
        let counts = GradeCounts([grade([.overDrive: 2]), nil, grade([.overDrive: 22]), grade([.overDrive: 2])])
        #expect(counts[.a] == 2 && counts[.b] == 0 && counts[.d] == 1 && counts.all == 3)
        #expect(counts.text == "A 2, B 0, C 0, D 1" && GradeCounts([nil]).text == nil)
    }

    @Test func `a report counts and sorts grades, whatever it says of them`() throws {
        let text = #"""
            {"reels": [{"reel": "a/b/1", "outcome": "rendered", "grade": {"letter": "C", "reasons": -7}},
             {"reel": "a/b/2", "outcome": "upToDate", "grade": {"letter": "D", "sentence": "D: odd"}},
             {"outcome": "rendered", "grade": {"letter": "Z"}}, {"outcome": "rendered", "grade": 7},
             {"outcome": "rendered", "grade": null}, {"outcome": "rendered", "grade": {"letter": "B"}}]}
            """#
        let report = try JSONDecoder().decode(RunReport.self, from: Data(text.utf8))
        #expect(report.doubtful.map(\.reel.reel) == ["a/b/2", "a/b/1"], "\(report.doubtful)")
        #expect(report.doubtful[1].grade == FilmGrade(letter: .c, sentence: "C", reasons: 0))
        #expect(report.grades.text == "A 0, B 1, C 1, D 1")
        let counts = report.counts
        #expect(counts.gradeA == 0 && counts.gradeB == 1 && counts.gradeC == 1 && counts.gradeD == 1, "\(counts)")
        #expect(try JSONDecoder().decode(RunReport.self, from: report.json()) == report)
    }

    @Test func `flag and grade are read from a film at once`() throws {
        let output = FileManager.default.temporaryDirectory
            .appending(path: "facetreel-grades-\(UInt64.random(in: 0...UInt64.max))")
        defer { try? FileManager.default.removeItem(at: output) }
        let film = output.appending(path: "n/l/1")
        try FileManager.default.createDirectory(at: film, withIntermediateDirectories: true)
        // The grade is that of the values, not that of the file.
        try #"""
        {"verdict": {"shortfalls": [{"path": 1, "measure": "flicker"}]},
         "trust": {"grade": "A", "measures": {"survivesJPEG": 0.5}}}
        """#.write(to: film.appending(path: "film.json"), atomically: true, encoding: .utf8)
        let judgements = FilmJudgement.all(of: ["n/l/1", "n/l/2", "../n/l/1"], in: output.path)
        #expect(judgements[0].grade?.sentence == "C: activation that survives JPEG 50 %, bar 60 %", "\(judgements)")
        #expect(judgements[0].flag?.sentence == "path 1: flicker not known")
        #expect(judgements.dropFirst() == [FilmJudgement(), FilmJudgement()])
        var report = RunReport()
        report.reels = [
            RunReport.Entry(reel: "n/l/1", outcome: .rendered, seconds: 1, evaluations: 1),
            RunReport.Entry(reel: "n/l/1", outcome: .failed, seconds: 1, evaluations: 1),
        ]
        report.readJudgements(in: output.path)
        #expect(report.counts.gradeC == 1 && report.counts.flagged == 1 && report.reels[1].grade == nil, "\(report)")
    }
}
