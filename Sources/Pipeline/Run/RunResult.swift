import Foundation
import Records

/// What became of a run.
public struct RunResult: Sendable {
    /// In the order of the run.
    public let reels: [ReelResult]
    public let started: Date
    /// Wall time.
    public let seconds: Double
    public let workers: Int
    /// What asked the run to stop; nil if nothing did.
    public let stop: StopSignal.Cause?
    /// Why no further reel was started: a full disk, or the first failure. Nil if the run went on.
    public let halt: String?
    /// The reel that failed before all others.
    public let firstFailed: Int?

    public var counts: RunReport.Counts {
        RunReport.Counts(
            reels.map { RunReport.Outcome($0.outcome) }, flagged: reels.count { $0.flag != nil },
            grades: GradeCounts(reels.map(\.grade)))
    }

    /// Films that are there and are not good, the worst first.
    public var flagged: [(reel: ReelResult, flag: FilmFlag)] {
        reels.compactMap { reel in reel.flag.map { (reel, $0) } }.sortedByFlag(\.1)
    }

    /// The time budget was used up before everything was done.
    public var isOutOfTime: Bool {
        reels.contains { reel in
            switch reel.outcome {
            case .stopped: stop == .timeBudget
            case .notStarted(let reason): stop == .timeBudget || reason == Self.outOfTime
            default: false
            }
        }
    }

    static let outOfTime = "it would not have ended within the time budget"

    /// Images that the network has seen.
    public var evaluations: Int { reels.reduce(0) { $0 + $1.evaluations } }

    /// The reel that failed first, and why.
    public var firstFailure: (reel: String, message: String)? {
        guard let firstFailed, case .failed(let message) = reels[firstFailed].outcome else { return nil }
        return (reels[firstFailed].reel, message)
    }

    /// One line: `12 rendered, 3 failed, 1,489 up to date in 2:03:11; 5,300 evaluations/s; 2 flagged, the worst:
    /// eyes/block_2_add/7; first failure: eyes/block_1_add/4`.
    public var summary: String {
        let counts = counts
        let parts = [
            (counts.rendered, "rendered"), (counts.failed, "failed"), (counts.upToDate, "up to date"),
            (counts.byAnotherProcess, "by another process"), (counts.stopped, "stopped"),
            (counts.notStarted, "not started"),
        ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
        var text = (parts.isEmpty ? "nothing to render" : parts.joined(separator: ", "))
        text += " in \(Durations.clock(seconds))"
        if evaluations > 0, seconds > 0 {
            text += "; \(Int((Double(evaluations) / seconds).rounded()).grouped) evaluations/s"
        }
        let flagged = flagged
        if let worst = flagged.first { text += "; \(flagged.count.grouped) flagged, the worst: \(worst.reel.reel)" }
        // Its reason has been told when it failed.
        if let firstFailure { text += "; first failure: \(firstFailure.reel)" }
        return text
    }
}
