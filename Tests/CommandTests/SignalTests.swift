import Foundation
import Testing

/// How a render hears signals, whatever started it, and what is lost with its terminal: nothing.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct SignalTests {
    /// Far longer than any test waits.
    private static let long = Manifests.several(3, steps: 100_000)
    private static let render = [
        "render", "tiny.json", "--jobs", "1", "--checkpoint-interval", "0.02",
    ]
    private static let line =
        #""$facetreel" render tiny.json --jobs 1 --checkpoint-interval 0.02 --progress json"#

    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write(Self.long, "tiny.json")
        return scratch
    }

    /// Waits until a run has kept something.
    private func waitForCheckpoint(_ scratch: Scratch, _ process: Process) {
        for _ in 0..<6000 where process.isRunning {
            var found = glob_t()
            defer { globfree(&found) }
            if glob("\(scratch.path)/Output/.cache/*/*.checkpoint", 0, nil, &found) == 0 { return }
            usleep(5_000)
        }
    }

    /// That a run has left what the next goes on from, and a report, and nothing that would hold the next up.
    private func expectUnfinished(_ scratch: Scratch, _ signal: Int32, _ comment: String) throws {
        let entries = scratch.entries()
        #expect(entries.contains { $0.hasSuffix(".checkpoint") }, "\(comment): \(entries)")
        let stale = entries.filter { $0.contains(".partial") || $0.hasSuffix(".lock") || $0.hasSuffix(".owner") }
        #expect(stale.isEmpty, "\(comment): \(stale)")
        let report = try? JSONSerialization.jsonObject(with: scratch.read("Output/report.json")) as? [String: Any]
        #expect(report?["stopped"] as? String == "signal \(signal)", "\(comment): \(entries)")
    }

    /// A shell that is closed passes its SIGHUP on, and the kernel sends one more; a session that ends adds SIGTERM.
    @Test(arguments: [[SIGHUP, SIGHUP], [SIGHUP, SIGTERM], [SIGTERM, SIGTERM, SIGHUP]], [UInt32(0), 2_000, 30_000])
    func `signals that come together are one request`(signals: [Int32], pause: UInt32) throws {
        let scratch = try folder()
        let running = try Command.start(Self.render + ["--progress", "off"], in: scratch)
        waitForCheckpoint(scratch, running.process)
        for signal in signals {
            kill(running.process.processIdentifier, signal)
            usleep(pause)
        }
        let outcome = running.wait()
        #expect(signals.map { 128 + $0 }.contains(outcome.status), "\(outcome)")
        try expectUnfinished(scratch, outcome.status - 128, "\(signals)")
    }

    // MARK: Terminals

    /// A render that has a terminal for its session, as under a shell in a window.
    private func start(_ terminal: PseudoTerminal, _ line: String, in scratch: Scratch) throws -> Process {
        let process = Shell.process(
            #"exec setsid --ctty --wait bash -c '\#(line)'"#, in: scratch, environment: ["TERM": "xterm"])
        try terminal.start(process, withOutput: true, withInput: true)
        return process
    }

    private static let isTerminalHad = (try? PseudoTerminal(columns: 80, rows: 24)) != nil
    private static let inSession = #"exec "$facetreel" render tiny.json --jobs 1"#

    @Test(
        .enabled(if: isTerminalHad, "skipped: this system gives the test no pseudo-terminal"),
        arguments: ["auto", "plain", "json"])
    func `a terminal that is closed stops a render in order`(progress: String) throws {
        let scratch = try folder()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let process = try start(
            terminal, Self.inSession + " --checkpoint-interval 0.02 --progress \(progress)", in: scratch)
        _ = terminal.read(until: "facets")
        waitForCheckpoint(scratch, process)
        terminal.hangUp()
        Shell.endOrKill(process)
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGHUP)
        try expectUnfinished(scratch, SIGHUP, progress)
    }

    @Test(.enabled(if: isTerminalHad, "skipped: this system gives the test no pseudo-terminal"))
    func `a render that ignores SIGHUP from the beginning outlives its terminal`() throws {
        let scratch = try Scratch()
        // Long enough for the terminal to go first.
        try scratch.write(Manifests.several(2, steps: 4000), "tiny.json")
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let process = try start(terminal, #"trap "" HUP; \#(Self.inSession)"#, in: scratch)
        _ = terminal.read(until: "facets")
        terminal.hangUp()
        Shell.endOrKill(process)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(scratch.entries().count { $0.hasSuffix("film.mp4") } == 2, "\(scratch.entries())")
        #expect(scratch.entries().contains("Output/report.json"))
    }

    @Test(.enabled(if: isTerminalHad, "skipped: this system gives the test no pseudo-terminal"))
    func `the message of a stop does not shift the bars`() throws {
        let scratch = try folder()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let process = Command.process(Self.render, in: scratch, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        process.standardOutput = FileHandle.nullDevice
        try terminal.start(process)
        var text = terminal.read(until: "step 2")
        kill(process.processIdentifier, SIGTERM)
        text += terminal.read()
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGTERM)
        let screen = Screen(text).lines
        let stopping = "stopping at the next step; once more stops at once"
        #expect(screen.first == stopping, "\(screen)")
        #expect(screen.count { $0.contains("stopping") } == 1 && !screen.contains { $0.contains("[") }, "\(screen)")
    }

    // MARK: How it was started

    @Test func `Ctrl-C ends a render and the reader of its log, and keeps what there is`() throws {
        let scratch = try folder()
        // The keys reach all of the group; this shell itself is only to wait.
        let running = try Shell.start(
            "trap : INT; \(Self.line) 2>&1 | tee log; echo ${PIPESTATUS[@]} > statuses", in: scratch)
        waitForCheckpoint(scratch, running.process)
        kill(-running.process.processIdentifier, SIGINT)
        Shell.endOrKill(running.process)
        let outcome = running.wait()
        let statuses = String(decoding: try scratch.read("statuses"), as: UTF8.self)
        #expect(statuses == "\(128 + SIGINT) \(128 + SIGINT)\n", "\(outcome)")
        try expectUnfinished(scratch, SIGINT, statuses)
    }

    @Test(arguments: [SIGINT, SIGHUP])
    func `a signal that was ignored at the start stays ignored`(ignored: Int32) throws {
        let scratch = try folder()
        let running = try Shell.start("trap '' \(ignored); exec \(Self.line)", in: scratch)
        waitForCheckpoint(scratch, running.process)
        kill(running.process.processIdentifier, ignored)
        usleep(50_000)
        #expect(!running.messagesSoFar.contains("stopping"))
        kill(running.process.processIdentifier, SIGTERM)
        Shell.endOrKill(running.process)
        let outcome = running.wait()
        #expect(outcome.status == 128 + SIGTERM, "\(outcome)")
        try expectUnfinished(scratch, SIGTERM, "\(outcome)")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal that was blocked at the start is heard`(blocked: Int32) throws {
        let scratch = try folder()
        let running = try Shell.withSignals(blocked: [SIGINT, SIGTERM, SIGHUP]) {
            try Command.start(Self.render + ["--progress", "json"], in: scratch)
        }
        waitForCheckpoint(scratch, running.process)
        kill(running.process.processIdentifier, blocked)
        Shell.endOrKill(running.process)
        let outcome = running.wait()
        #expect(outcome.status == 128 + blocked, "\(outcome)")
        try expectUnfinished(scratch, blocked, "\(outcome)")
        let lines = outcome.messages.split(separator: "\n")
        for line in lines {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any], "\(line)")
        }
        #expect(lines.count { $0.contains("\"stopping\"") } == 1, "\(outcome)")
    }
}

/// What a terminal shows after a text, as far as the sequences go that progress is drawn with.
private struct Screen {
    private(set) var lines: [String] = [""]

    init(_ text: String) {
        var row = 0
        var rest = text[...]
        while let character = rest.first {
            if let sequence = rest.prefixMatch(of: /\u{1B}\[([0-9]*)([A-Z])/) {
                if sequence.2 == "A" { row = max(row - (Int(sequence.1) ?? 1), 0) }
                // Always from the beginning of a line.
                if sequence.2 == "J" { lines = Array(lines[..<row]) + [""] }
                rest = rest[sequence.range.upperBound...]
                continue
            }
            if character == "\n" {
                row += 1
                if row == lines.count { lines.append("") }
            } else if character != "\r" {
                lines[row].append(character)
            }
            rest = rest.dropFirst()
        }
    }
}
