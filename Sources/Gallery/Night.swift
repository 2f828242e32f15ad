import Records

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

    /// Nil for a report without a start time.
    init?(_ report: RunReport) {
        guard !report.started.isEmpty else { return nil }
        started = report.started
        seconds = report.seconds
        rendered = report.counts.rendered
        failed = report.counts.failed
        evaluations = report.evaluations
        evaluationsPerSecond = report.evaluationsPerSecond
    }
}
