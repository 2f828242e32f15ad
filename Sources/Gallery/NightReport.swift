import Foundation

/// `report.json` of the last run, as far as the page shows it. Keys may be missing.
struct NightReport: Decodable, Sendable {
    var engineRevision: String?
    var started: String?
    var ended: String?
    var seconds: Double?
    var manifests: [String]?
    var workers: Int?
    var stopped: String?
    var counts: [String: Int]?
    var evaluations: Int?
    var evaluationsPerSecond: Double?
    var firstFailure: Failure?
    var reels: [Entry]?

    struct Failure: Decodable, Sendable {
        var reel: String?
        var message: String?
    }

    struct Entry: Decodable, Sendable {
        var reel: String?
        var outcome: String?
        var seconds: Double?
        var evaluations: Int?
        var message: String?
        var log: String?
    }

    var failures: [Entry] { (reels ?? []).filter { $0.outcome == "failed" } }

    /// Nil where there is no report; throws where there is one that cannot be read.
    static func load(_ path: String) throws(FilmFile.Unreadable) -> NightReport? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FilmFile.Unreadable(reason: "report.json cannot be read; check its permissions")
        }
        do {
            return try JSONDecoder().decode(NightReport.self, from: data)
        } catch {
            throw FilmFile.Unreadable(reason: "report.json is damaged, or not a run's report")
        }
    }
}

/// One run in the history.
struct Night: Codable, Sendable, Equatable {
    var started: String
    var seconds: Double
    var rendered: Int
    var failed: Int
    var evaluations: Int
    var evaluationsPerSecond: Double

    /// More than two years of nights.
    static let limit = 800

    /// Nil for a report without a beginning.
    init?(_ report: NightReport) {
        guard let started = report.started else { return nil }
        self.started = started
        seconds = report.seconds ?? 0
        rendered = (report.reels ?? []).count { $0.outcome == "rendered" }
        failed = report.failures.count
        evaluations = report.evaluations ?? 0
        evaluationsPerSecond = report.evaluationsPerSecond ?? 0
    }
}
