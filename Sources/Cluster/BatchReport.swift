import Disk
import Foundation
import Glibc
import Pipeline
import Records

/// Makes the reports of the shards of one batch into a report of the whole batch.
///
/// Each process of a batch leaves a report of its own, so a shard that was queued again has several. Nothing is decided
/// by their times, since the clocks of machines differ.
public enum BatchReport {
    /// How many batches keep their reports: a month of nights.
    private static let keptBatches = 30

    /// Whether a text can be the name of a batch, which is also that of a folder.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    /// Merges the reports of a batch.
    ///
    /// - Parameters:
    ///   - batch: nil: the one that was written to last.
    ///   - unread: takes a report that cannot be read, and why.
    /// - Throws: `ClusterError` where there is none.
    public static func merged(
        in output: String, batch: String?, unread: (String) -> Void = { _ in }
    ) throws(ClusterError) -> RunReport {
        let folder = RunFolder(output: output)
        guard let batch = batch ?? newest(folder).first else {
            throw ClusterError(
                description:
                    "\(output): no batch has left a report here; shards do with `render --shard I/N --batch NAME`, or as tasks of a Slurm array"
            )
        }
        guard isName(batch) else { throw ClusterError(description: "\"\(batch)\" is no name of a batch") }
        let path = folder.batch(batch)
        var (reports, faults): ([RunReport], [String]) = ([], [])
        func read<Value>(_ body: () throws(DiskError) -> Value) -> Value? {
            do throws(DiskError) { return try body() } catch {
                if error.kind != .notFound { faults.append(error.description) }
                return nil
            }
        }
        let names = read { () throws(DiskError) in try Folder.entries(of: path) } ?? []
        for file in names.sorted().filter({ $0.hasSuffix(".json") }).map({ "\(path)/\($0)" }) {
            guard let data = read({ () throws(DiskError) in try WholeFile.contents(of: file) }) else { continue }
            // What says nothing of a run is none.
            if let report = try? JSONDecoder().decode(RunReport.self, from: data), !report.started.isEmpty {
                reports.append(report)
            } else {
                faults.append("\(file): is no report of a task; remove it")
            }
        }
        // One that cannot be read hides none of the others; but it is not one that was never written.
        if !reports.isEmpty { faults.forEach(unread) }
        guard !reports.isEmpty else {
            throw ClusterError(
                description: faults.first
                    ?? "\(path): no task of batch \(batch) has left a report; its logs say why")
        }
        let plans = Set(reports.compactMap(\.plan)).sorted().compactMap { BatchPlan.load(folder.plan($0)) }
        var whole = merged(reports, films: plans.flatMap { $0.films.map(\.reel) })
        whole.readJudgements(in: output)
        return whole
    }

    /// Removes the reports of old batches.
    public static func sweep(in output: String) {
        let folder = RunFolder(output: output)
        for batch in newest(folder).dropFirst(keptBatches) {
            try? FileManager.default.removeItem(atPath: folder.batch(batch))
        }
    }

    private static func newest(_ folder: RunFolder) -> [String] {
        let names = ((try? Folder.entries(of: folder.batches)) ?? []).filter(isName)
        return names.map { (name: $0, time: FileTime.modified(folder.batch($0)) ?? 0) }.sorted {
            ($0.time, $0.name) > ($1.time, $1.name)
        }.map(\.name)
    }

    /// - Parameter films: those that the batch should have made. A film that no report names was never begun.
    static func merged(_ reports: [RunReport], films: [String]) -> RunReport {
        let reported = reports.flatMap(\.reels)
        var known: Set<String> = []
        let order = (films + reported.map(\.reel)).filter { known.insert($0).inserted }
        let entries = Dictionary(reported.map { ($0.reel, $0) }) { merged($0, $1) }
        var whole = reports[0]
        whole.reels = order.map { reel in
            entries[reel]
                ?? RunReport.Entry(
                    reel: reel, outcome: .notStarted, seconds: 0, evaluations: 0,
                    message: "the shard that it is in has left no report that can be read")
        }
        whole.shard = nil
        whole.started = reports.map(\.started).min() ?? whole.started
        whole.ended = reports.map(\.ended).max() ?? whole.ended
        // The span is taken from the clocks of several machines, so it may not be less than what one process measured.
        let span = date(whole.ended).flatMap { end in date(whole.started).map { end.timeIntervalSince($0) } }
        whole.seconds = max(span ?? 0, reports.map(\.seconds).max() ?? 0)
        let workers = Dictionary(reports.map { ($0.shard ?? "", $0.workers) }) { max($0, $1) }
        whole.workers = workers.values.reduce(0, +)
        whole.evaluations = reports.reduce(0) { $0 + $1.evaluations }
        whole.evaluationsPerSecond =
            whole.seconds > 0 ? (Double(whole.evaluations) / whole.seconds * 10).rounded() / 10 : 0
        whole.counts = RunReport.Counts(of: whole.reels)
        let failed = Set(whole.reels.filter { $0.outcome == .failed }.map(\.reel))
        whole.firstFailure =
            reports.sorted { $0.started < $1.started }.compactMap(\.firstFailure).first { failed.contains($0.reel) }
        whole.stopped = whole.counts.left > 0 ? reports.compactMap(\.stopped).first ?? "tasks ended early" : nil
        return whole
    }

    private static func date(_ text: String) -> Date? {
        try? Date(text, strategy: Date.ISO8601FormatStyle.iso8601WithMilliseconds)
    }

    /// What two processes say of one reel: the better outcome, and the work of both.
    private static func merged(_ one: RunReport.Entry, _ other: RunReport.Entry) -> RunReport.Entry {
        let order: [RunReport.Outcome] = [.rendered, .byAnotherProcess, .upToDate, .failed, .stopped, .notStarted]
        let rank = { (entry: RunReport.Entry) in order.firstIndex(of: entry.outcome) ?? order.count }
        var best = rank(one) <= rank(other) ? one : other
        best.seconds = (one.seconds + other.seconds).roundedToMilliseconds
        best.evaluations = one.evaluations + other.evaluations
        return best
    }
}
