import ArgumentParser
import Disk
import Foundation
import Records

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say which films are not what they were: last night's, or another preset's.",
        discussion: """
            OLD and NEW are output folders, or snapshots that --snapshot wrote. Films go by their names, so two folders \
            of the same manifest are compared. A measure has moved when it differs by more than the tolerance: an \
            activation relative to the old one, a ratio as it is.

            EXAMPLE: facetreel compare Output --snapshot monday.jsonl
            EXAMPLE: facetreel compare monday.jsonl Output --fail-on-regression

            EXIT STATUS: 0 done, 2 an input cannot be read; with --fail-on-regression also 1 a film got worse or is gone, \
            2 a film's measures cannot be read.
            """)

    @Argument(help: ArgumentHelp("What was.", valueName: "old"), completion: .file())
    var old: String

    @Argument(help: ArgumentHelp("What is; without it nothing is compared.", valueName: "new"), completion: .file())
    var new: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How far a measure may move.", valueName: "share"))
    var tolerance = SnapshotComparison.standardTolerance

    @Option(
        help: ArgumentHelp("Write the measures of NEW (or of OLD, where that is all) to this file.", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var snapshot: String?

    @Option(
        help: ArgumentHelp("Write the comparison to this file too, as --json prints it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var report: String?

    @Flag(help: "Exit with 1 if a film got worse or is gone.")
    var failOnRegression = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard tolerance >= 0, tolerance.isFinite else { throw ValidationError("--tolerance must be 0 or more") }
        if let snapshot, snapshot == report {
            throw ValidationError("--snapshot and --report name the same file; name two")
        }
        guard new != nil || (snapshot != nil && report == nil) else {
            throw ValidationError("what is OLD to be compared with? Give NEW")
        }
    }

    func run() throws {
        let before = try readingInput { try MeasureSnapshot(old) }
        let after = try new.map { path in try readingInput { try MeasureSnapshot(path) } }
        for line in before.unreadable + (after?.unreadable ?? []) { Message.warning(line) }
        if let snapshot {
            try writing("snapshot", to: snapshot) { try (after ?? before).write(to: snapshot) }
        }
        guard let after else { return }
        let comparison = SnapshotComparison(old: before, new: after, tolerance: tolerance)
        if let report {
            try writing("report", to: report) {
                try WholeFile.write(comparison.stableJSON(isIndented: true) + Data("\n".utf8), to: report)
            }
        }
        Results.print(json ? try comparison.stableJSONText(isIndented: true) : comparison.text)
        guard failOnRegression else { return }
        // If something cannot be read, nobody knows whether it got worse.
        if !before.unreadable.isEmpty || !after.unreadable.isEmpty { throw ExitCode.invalidInput }
        if !comparison.regressions.isEmpty || !comparison.gone.isEmpty { throw ExitCode.failure }
    }

    private static func reason(_ error: DiskError) -> String {
        (error.systemReason ?? error.fault) + (error.remedy.isEmpty ? "" : "; \(error.remedy)")
    }

    private func writing(_ name: String, to path: String, _ write: () throws -> Void) throws {
        do { try write() } catch {
            Message.error(
                "\(path): the \(name) cannot be written: \((error as? DiskError).map(Self.reason) ?? "\(error)")")
            throw ExitCode.failure
        }
    }
}
