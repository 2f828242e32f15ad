import ArgumentParser
import Cluster
import Disk
import Pipeline
import Records

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say which films of an output folder are done, running, failed or missing.",
        discussion: """
            From the folder's files alone, whoever renders into it and wherever: what runs have wanted there, what is \
            finished, who has claimed which film and still gives signs of life, and how attempts ended.

            EXAMPLE: facetreel status Output/nightly

            EXIT STATUS: 0, 1 where a part of the folder may not be read, 2 where there is no such folder, or it may not be read.
            """)

    @Argument(help: ArgumentHelp("The folder that films are rendered to.", valueName: "output"), completion: .directory)
    var output = "Output"

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Document: Encodable {
        struct Running: Encodable {
            var reel: String
            var `class`: String?
            var host: String
            var process: Int32
            var task: String?
            var since: String
        }
        struct Failed: Encodable {
            var reel: String
            var `class`: String?
            var message: String
            var log: String
        }
        struct Missing: Encodable {
            var reel: String
            var `class`: String?
            /// Whether it was begun; the next run goes on from its checkpoint.
            var stopped: Bool
        }
        var output: String
        var isPlanned: Bool
        var counts: [String: Int]
        var layers: [OutputStatus.Layer]
        var running: [Running] = []
        var failed: [Failed] = []
        var missing: [Missing] = []
        /// What may not be read.
        var unreadable: [String] = []
    }

    func run() throws {
        try OutputFolder.check(output)
        let folder = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        let status = OutputStatus(output: folder)
        if json { try printJSON(status, folder) } else { printText(status) }
        for error in status.unreadable { Message.error(error.description) }
        if !status.unreadable.isEmpty { throw ExitCode.failure }
    }

    private func printText(_ status: OutputStatus) {
        if !status.isPlanned {
            Message.line("no run has said what films this folder is to hold: only what is there is shown")
        }
        Results.print(table(status).joined(separator: "\n"))
        for reel in status.reels {
            let title = reel.reel + (reel.label.map { " (\(ClassLabel.short($0)))" } ?? "")
            switch reel.state {
            case .running(let host, let process, let task, let since):
                Results.print(
                    "running  \(title)  on \(host) (process \(process)\(task.map { ", task \($0)" } ?? "")) since \(since)"
                        .printable)
            case .failed(let message, let log):
                Results.print("failed   \(title)  \(message) (log: \(log))".printable)
            case .done, .missing: break
            }
        }
    }

    private func table(_ status: OutputStatus) -> [String] {
        let heads = ["films", "done", "running", "failed", "missing"]
        let rows = status.layers.map { ("\($0.name)/\($0.layer)", $0) } + [("all", status.total)]
        let width = rows.map(\.0.count).max() ?? 0
        func line(_ name: String, _ cells: [String]) -> String {
            name.padding(toLength: width, withPad: " ", startingAt: 0)
                + zip(heads, cells).map { head, cell in
                    String(repeating: " ", count: max(2, max(head.count, 6) + 2 - cell.count)) + cell
                }.joined()
        }
        return [line("", heads)]
            + rows.map { name, layer in
                line(name, [layer.films, layer.done, layer.running, layer.failed, layer.missing].map(String.init))
            }
    }

    private func printJSON(_ status: OutputStatus, _ folder: String) throws {
        let total = status.total
        var document = Document(
            output: folder, isPlanned: status.isPlanned,
            counts: [
                "films": total.films, "done": total.done, "running": total.running, "failed": total.failed,
                "missing": total.missing,
            ], layers: status.layers)
        for reel in status.reels {
            switch reel.state {
            case .done: break
            case .running(let host, let process, let task, let since):
                document.running.append(
                    .init(reel: reel.reel, class: reel.label, host: host, process: process, task: task, since: since))
            case .failed(let message, let log):
                document.failed.append(.init(reel: reel.reel, class: reel.label, message: message, log: log))
            case .missing(let stopped):
                document.missing.append(.init(reel: reel.reel, class: reel.label, stopped: stopped))
            }
        }
        document.unreadable = status.unreadable.map(\.description)
        Results.print(try document.stableJSONText(isIndented: true))
    }
}
