import Foundation
import Testing

/// A process that ends at any moment, whatever ends it, costs time and nothing else.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct KillTests {
    /// Seeded moments, so that a failure can be had again (as far as a machine's clock allows).
    private static let moments: Int = {
        let environment = ProcessInfo.processInfo.environment
        if let asked = environment["FACETREEL_KILLS"].flatMap(Int.init) { return asked }
        return environment["FACETREEL_LONG_TESTS"] == nil ? 5 : 48
    }()

    /// What ends a run.
    private enum End: CaseIterable {
        /// No clean-up whatever.
        case kill
        /// The window of its terminal is closed.
        case tornTerminal
        /// The reader of its progress goes away; the run itself does not end.
        case lostReader
        /// Two signals: the second ends it while it obeys the first.
        case twoSignals
    }

    private static let arguments = [
        "render", "tiny.json", "--jobs", "2",
        // A checkpoint of every step, so that every end meets one.
        "--checkpoint-interval", "0",
    ]

    /// Runs the command in `scratch` and lets it end so after some microseconds; returns whether it came to its own end.
    private func run(_ end: End, after microseconds: UInt32, in scratch: Scratch) throws -> Bool {
        guard end == .tornTerminal || end == .lostReader else {
            let running = try Command.start(Self.arguments + ["--progress", "off"], in: scratch)
            usleep(microseconds)
            for signal in end == .kill ? [SIGKILL] : [SIGHUP, SIGTERM] {
                kill(running.process.processIdentifier, signal)
            }
            Shell.endOrKill(running.process)
            return running.wait().status == 0
        }
        let status: Int32
        if end == .tornTerminal, let terminal = try? PseudoTerminal(columns: 80, rows: 24) {
            // The inner shell outlives its terminal, to say how the command ended.
            let inner = #"trap : HUP; echo started; "$facetreel" "$@"; echo $? > .std-status"#
            let process = process("exec setsid --ctty --wait bash -c '\(inner)' bash \"$@\"", in: scratch)
            try terminal.start(process, withOutput: true, withInput: true)
            _ = terminal.read(until: "started")
            usleep(microseconds)
            terminal.hangUp()
            Shell.endOrKill(process)
            process.waitUntilExit()
            let text = String(decoding: try scratch.read(".std-status"), as: UTF8.self)
            status = try #require(Int32(text.dropLast()))
        } else {
            let process = process(#"exec "$facetreel" "$@" --progress json"#, in: scratch)
            let pipe = Pipe()
            process.standardError = pipe
            process.standardOutput = FileHandle.nullDevice
            try Shell.withOpenSignals { try process.run() }
            try pipe.fileHandleForWriting.close()
            usleep(microseconds)
            try pipe.fileHandleForReading.close()
            Shell.endOrKill(process)
            process.waitUntilExit()
            status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        }
        #expect(status == 0 || end == .tornTerminal && status == 128 + SIGHUP, "\(end)")
        return status == 0
    }

    private func process(_ line: String, in scratch: Scratch) -> Process {
        let process = Shell.process(line, in: scratch, environment: ["TERM": "xterm"])
        process.arguments = (process.arguments ?? []) + ["bash"] + Self.arguments
        return process
    }

    private static let manifest = """
        { "jobs": [\(Manifests.tiny()), \(Manifests.tiny(name: "set").replacingOccurrences(
            of: #"{ "name": "naive", "steps": 6 }"#,
            with: #"{ "name": "f", "count": 2, "steps": 6, "parameterization": "fourier" }"#))] }
        """

    /// Every file of the films, film.json without its timing. The reports of a run are its own, and so are the pages, which
    /// tell how long a film took.
    private func films(_ scratch: Scratch) throws -> [String: NSObject] {
        var films: [String: NSObject] = [:]
        for entry in scratch.entries()
        where (entry.hasPrefix("Output/tiny/") || entry.hasPrefix("Output/set/")) && !entry.hasSuffix("/index.html") {
            if entry.hasSuffix("film.json") {
                var record = try #require(
                    try JSONSerialization.jsonObject(with: scratch.read(entry)) as? [String: Any])
                #expect(record.removeValue(forKey: "timing") != nil)
                films[entry] = record as NSDictionary
            } else {
                films[entry] = (try? scratch.read(entry)).map { $0 as NSData } ?? NSNull()
            }
        }
        return films
    }

    @Test func `a run that ends at any moment is finished by the next`() throws {
        let whole = try Scratch()
        try whole.write(Self.manifest, "tiny.json")
        let start = ContinuousClock.now
        #expect(try Command.start(Self.arguments + ["--progress", "off"], in: whole).wait().status == 0)
        let duration = (ContinuousClock.now - start) / .milliseconds(1)
        let expected = try films(whole)
        #expect(expected.keys.count { $0.hasSuffix("film.json") } == 2, "\(expected.keys.sorted())")

        let scratch = try Scratch()
        try scratch.write(Self.manifest, "tiny.json")
        var random: UInt64 = 11
        var (kills, ends) = (0, 0)
        for moment in 0..<Self.moments {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // A run that finds a cache takes less than the first one did.
            let isWhole = try run(
                End.allCases[moment % End.allCases.count],
                after: UInt32(Double(random >> 40) / Double(1 << 24) * duration * 600), in: scratch)
            if isWhole { ends += 1 } else { kills += 1 }
            // Where a film says that it is whole, it is.
            let found = try films(scratch)
            for name in found.keys where name.hasSuffix("film.json") {
                let folder = (name as NSString).deletingLastPathComponent
                for (file, content) in expected where file.hasPrefix(folder + "/") {
                    #expect(found[file] == content, "\(file)")
                }
            }
            if isWhole || found.keys.count(where: { $0.hasSuffix("film.json") }) == 2 {
                // All is done: from the beginning, with the cache of every other time.
                try FileManager.default.removeItem(atPath: "\(scratch.path)/Output/\(ends % 2 == 0 ? "" : "tiny")")
            }
        }
        let last = try Command.start(Self.arguments + ["--progress", "off"], in: scratch).wait()
        #expect(last.status == 0 && last.messages.isEmpty, "\(last)")
        #expect(try films(scratch) == expected)
        let stale = scratch.entries().filter {
            $0.contains(".partial") || $0.hasSuffix(".checkpoint") || $0.hasSuffix(".lock") || $0.hasSuffix(".owner")
        }
        #expect(stale.isEmpty, "\(stale)")
        print("\(kills) ends within \(duration) ms, \(ends) runs that were done before")
        #expect(kills > 0)
    }
}
