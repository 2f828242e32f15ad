import Film
import Foundation
import Testing

/// Runs of the real program that go wrong, are stopped, or are not alone.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct RunTests {
    private struct Report: Decodable {
        struct Reel: Decodable {
            let reel: String
            let outcome: String
            let evaluations: Int
            let message: String?
            let log: String?
        }
        let counts: [String: Int]
        let reels: [Reel]
        let stopped: String?
        let manifests: [String]
    }

    /// Films of units 0 ..< `count`, each of a twentieth of a second; with more steps, of any length.
    private func manifest(_ count: Int, steps: Int = 4, name: String = "tiny") -> String {
        """
        {
          "name": "\(name)", "layer": "block_2_add", "units": "0-\(count - 1)", "image": { "size": 32 },
          "facets": [{ "name": "naive", "steps": \(steps) }, { "name": "other", "steps": 4 }],
          "neb": { "pivots": 2, "levels": [], "interpolations": 0, "steps": 2 }, "video": { "graph": false }
        }
        """
    }

    private func start(
        _ arguments: String..., in scratch: Scratch, environment: [String: String] = [:]
    ) throws -> Command.Running {
        try Command.start(
            ["render", "tiny.json"] + arguments, in: scratch, environment: environment)
    }

    private func wait(_ running: Command.Running, for text: String) {
        for _ in 0..<6000 where !running.messagesSoFar.contains(text) && running.process.isRunning { usleep(5_000) }
    }

    private func report(_ scratch: Scratch) throws -> Report {
        try JSONDecoder().decode(Report.self, from: scratch.read("Output/report.json"))
    }

    /// The bytes of all films, by unit; empty where there is none.
    private func films(_ scratch: Scratch, _ count: Int) -> [Data] {
        (0..<count).map { (try? scratch.read("Output/tiny/block_2_add/\($0)/film.mp4")) ?? Data() }
    }

    /// That no run has left anything but films, logs and reports.
    private func expectNothingStale(_ scratch: Scratch) {
        let stale = scratch.entries().filter { $0.contains("partial") || $0.hasSuffix(".lock") }
        #expect(stale == [])
    }

    // MARK: Several processes

    @Test(arguments: [2, 4])
    func `several processes share the films and render each of them once`(processes: Int) throws {
        let (alone, scratch) = (try Scratch(), try Scratch())
        let count = 12
        for folder in [alone, scratch] { try folder.write(manifest(count), "tiny.json") }
        #expect(try start(in: alone).wait().status == 0)
        // Nobody begins before all have started: the test itself holds every film.
        let held = try (0..<count).map { unit in
            let lock = "Output/.cache/locks/tiny~block_2_add~\(unit).lock"
            try scratch.write(Data(), lock)
            let descriptor = open("\(scratch.path)/\(lock)", O_RDWR | O_CLOEXEC)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return descriptor
        }
        let running = try (0..<processes).map { _ in
            try start("--jobs", "1", "--progress", "json", in: scratch)
        }
        for process in running { wait(process, for: "\"waiting\"") }
        for descriptor in held { close(descriptor) }
        let outcomes = running.map { $0.wait() }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes)")
        let rendered = outcomes.map { outcome in
            outcome.messages.split(separator: "\n").filter { $0.contains("\"event\":\"finished\"") }
                .compactMap { $0.split(separator: "\"").first { $0.hasPrefix("tiny/") }.map(String.init) }
        }
        print("\(processes) processes rendered \(rendered.map(\.count)) of \(count) films")
        #expect(rendered.flatMap(\.self).sorted() == (0..<count).map { "tiny/block_2_add/\($0)" }.sorted())
        for outcome in outcomes {
            #expect(outcome.output.split(separator: "\n").count == count, "each names all films: \(outcome)")
        }
        #expect(films(scratch, count) == films(alone, count))
        #expect(films(alone, count).allSatisfy { $0.count > 1000 })
        expectNothingStale(scratch)
    }

    @Test func `the film of a process that was killed is rendered by the other`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(2, steps: 100_000), "tiny.json")
        let first = try start("--progress", "json", "--jobs", "1", in: scratch)
        wait(first, for: "\"facets\"")
        // Units 0 and 1 again, but short now; the first is still locked.
        try scratch.write(manifest(2), "tiny.json")
        let second = try start("--progress", "json", in: scratch)
        wait(second, for: "\"waiting\"")
        #expect(second.messagesSoFar.contains("\"waiting\""), "\(second.messagesSoFar)")
        kill(first.process.processIdentifier, SIGKILL)
        #expect(first.wait().status == -SIGKILL)
        let outcome = second.wait()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try report(scratch).counts["rendered"] == 2)
        #expect(films(scratch, 2).allSatisfy { $0.count > 1000 })
        expectNothingStale(scratch)
    }

    // MARK: Signals and exit codes

    @Test(arguments: [
        (SIGTERM, false, Int32(143)), (SIGINT, false, 130), (SIGHUP, false, 129), (SIGTERM, true, 75),
        (SIGINT, true, 75),
    ])
    func `the first signal stops the run, and the report says so`(signal: Int32, slurm: Bool, status: Int32) throws {
        let scratch = try Scratch()
        try scratch.write(manifest(3, steps: 100_000), "tiny.json")
        let running = try start(
            "--progress", "json", "--jobs", "2", in: scratch, environment: slurm ? ["SLURM_JOB_ID": "7"] : [:])
        wait(running, for: "\"facets\"")
        kill(running.process.processIdentifier, signal)
        let outcome = running.wait()
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.messages.contains("3 of 3 films were not rendered"), "\(outcome)")
        let report = try report(scratch)
        #expect(report.stopped == "signal \(signal)")
        #expect(report.reels.map(\.outcome).contains("stopped"), "\(report)")
        #expect((report.counts["stopped"] ?? 0) + (report.counts["notStarted"] ?? 0) == 3)
        expectNothingStale(scratch)
        // What is left is done by the next run.
        try scratch.write(manifest(3), "tiny.json")
        #expect(try start(in: scratch).wait().status == 0)
    }

    @Test func `a second signal stops the run at once and leaves nothing half written`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(1, steps: 100_000), "tiny.json")
        let running = try start("--progress", "json", in: scratch)
        wait(running, for: "\"facets\"")
        // Stopped, it cannot take the first before the second is there: both are pending when it goes on.
        kill(running.process.processIdentifier, SIGSTOP)
        kill(running.process.processIdentifier, SIGINT)
        kill(running.process.processIdentifier, SIGTERM)
        kill(running.process.processIdentifier, SIGCONT)
        let outcome = running.wait()
        // Whichever of the two is taken first, the other ends the process.
        #expect([130, 143].contains(outcome.status), "\(outcome)")
        let visible = scratch.entries().filter { $0.hasPrefix("Output/") && !$0.contains("/.") }
        #expect(!visible.contains { $0.contains("film") || $0.contains("poster") }, "\(visible)")
        try scratch.write(manifest(1), "tiny.json")
        #expect(try start(in: scratch).wait().status == 0)
        expectNothingStale(scratch)
    }

    // MARK: Time budget and shards

    @Test func `the end of the time budget is exit code 75, and the next run goes on`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(2, steps: 100_000), "tiny.json")
        let outcome = try start("--time-budget", "1s", "--jobs", "1", in: scratch).wait()
        #expect(outcome.status == 75, "\(outcome)")
        #expect(try report(scratch).stopped == "time budget")
        #expect(try report(scratch).reels.map(\.outcome) == ["stopped", "notStarted"])
        expectNothingStale(scratch)
        try scratch.write(manifest(2), "tiny.json")
        #expect(try start("--time-budget", "1h", in: scratch).wait().status == 0)
    }

    @Test func `each shard renders its part`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(3), "tiny.json")
        let first = try start("--shard", "1/2", in: scratch).wait()
        #expect(first.output == "Output/tiny/block_2_add/1/film.mp4\n", "\(first)")
        // More shards than films: some have nothing to do.
        let empty = try start("--shard", "7/9", in: scratch).wait()
        #expect(empty.status == 0 && empty.output.isEmpty, "\(empty)")
        let others = try start("--shard", "0/2", in: scratch).wait()
        #expect(
            others.output == "Output/tiny/block_2_add/0/film.mp4\nOutput/tiny/block_2_add/2/film.mp4\n", "\(others)")
    }

    // MARK: Failures

    @Test func `a failure is told once, and names its log`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(3), "tiny.json")
        // A file where the second film's folder should be.
        try scratch.write("in the way", "Output/tiny/block_2_add/1")
        let outcome = try start("--jobs", "1", in: scratch).wait()
        #expect(outcome.status == 1, "\(outcome)")
        let log = "Output/.cache/logs/tiny~block_2_add~1.jsonl"
        #expect(outcome.messages.contains("facetreel: error: tiny/block_2_add/1 failed (log: \(log))\n"), "\(outcome)")
        let reason = "Output/tiny/block_2_add/1: is a file, and no folder"
        #expect(outcome.messages.split(separator: reason, omittingEmptySubsequences: false).count == 2, "\(outcome)")
        #expect(outcome.messages.contains("2 rendered, 1 failed in "), "\(outcome)")
        #expect(outcome.messages.hasSuffix("; first failure: tiny/block_2_add/1\n"), "\(outcome)")
        #expect(String(decoding: try scratch.read(log), as: UTF8.self).contains("is a file"))
        let report = try report(scratch)
        #expect(report.reels.map(\.outcome) == ["rendered", "failed", "rendered"])
        #expect(report.reels[1].log == log)
        #expect(report.reels[0].evaluations > 50)
        #expect(report.manifests == ["tiny.json"])
        let junit = String(decoding: try scratch.read("Output/junit.xml"), as: UTF8.self)
        #expect(junit.contains("tests=\"3\" failures=\"1\"") && junit.contains("is a file"), "\(junit)")
        #expect(films(scratch, 3).map(\.isEmpty) == [false, true, false])
    }

    @Test func `weights and pictures that vanish during a run harm only the film that needs them`() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: Command.weights, toPath: "\(scratch.path)/mobilenet_v2.onnx")
        try FileManager.default.copyItem(atPath: Command.card, toPath: "\(scratch.path)/mobilenet_v2.json")
        let withPicture = manifest(1, name: "later").replacingOccurrences(
            of: "\"name\": \"naive\", \"steps\": 4", with: "\"image\": \"fox.png\"")
        try scratch.write("{\"jobs\": [\(manifest(1, steps: 5000)), \(withPicture)]}", "two.json")
        try PNG.write(Bitmap(width: 32, height: 32, color: (9, 99, 199)), to: "\(scratch.path)/fox.png")
        let running = try Command.start(
            ["render", "two.json", "--networks", ".", "--progress", "json", "--jobs", "1"], in: scratch
        )
        wait(running, for: "\"facets\"")
        for file in ["mobilenet_v2.onnx", "mobilenet_v2.json", "fox.png"] {
            try FileManager.default.removeItem(atPath: "\(scratch.path)/\(file)")
        }
        let outcome = running.wait()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try report(scratch).reels.map(\.outcome) == ["rendered", "failed"], "\(outcome)")
        #expect(outcome.messages.contains("fox.png: cannot be opened: No such file or directory"), "\(outcome)")
    }

    @Test func `a full disk stops the run and keeps what is there, and the next run does the rest`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(5), "tiny.json")
        // Room for a film or two.
        guard let disk = SmallDisk(at: "\(scratch.path)/Output", kilobytes: 144) else {
            print("skipped: this system does not let the test mount a small disk")
            return
        }
        let outcome = try start("--jobs", "1", in: scratch).wait()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.messages.contains("stopped: the output folder is full"), "\(outcome)")
        #expect(outcome.messages.contains("No space left on device"), "\(outcome)")
        let there = films(scratch, 5).filter { !$0.isEmpty }
        print("\(there.count) of 5 films fitted: \(outcome.messages.split(separator: "\n").last ?? "")")
        #expect(there.allSatisfy { $0.count > 1000 } && !there.isEmpty && there.count < 5)
        #expect(outcome.messages.contains("1 of 5 films failed"), "only one ran into it: \(outcome)")
        #expect(!scratch.entries().contains { $0.contains("partial") }, "\(scratch.entries())")

        #expect(disk.resize(kilobytes: 8192))
        let next = try start("--jobs", "1", in: scratch).wait()
        #expect(next.status == 0, "\(next)")
        #expect(films(scratch, 5).allSatisfy { $0.count > 1000 })
        #expect(films(scratch, 5).filter { there.contains($0) }.count == there.count, "what was there is the same")
    }

    @Test func `a read-only output stops the run with a message`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(3), "tiny.json")
        guard let disk = SmallDisk(at: "\(scratch.path)/Output", kilobytes: 8192), disk.makeReadOnly() else {
            print("skipped: this system does not let the test mount a read-only disk")
            return
        }
        let outcome = try start("--jobs", "1", in: scratch).wait()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.messages.contains("Read-only file system"), "\(outcome)")
        #expect(outcome.messages.contains("stopped: the output folder cannot be written to"), "\(outcome)")
        #expect(outcome.messages.contains("2 of 3 films were not rendered"), "\(outcome)")
        #expect(outcome.messages.contains("no report of this run"), "\(outcome)")
    }
}

/// A file system in memory, as large as a test wants; gone with this object.
private final class SmallDisk {
    private let path: String

    /// Nil where the test may not mount.
    init?(at path: String, kilobytes: Int) {
        self.path = path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path) else { return nil }
    }

    deinit {
        _ = Self.run("umount", path)
    }

    func resize(kilobytes: Int) -> Bool { Self.run("mount", "-o", "remount,size=\(kilobytes)k", path) }
    func makeReadOnly() -> Bool { Self.run("mount", "-o", "remount,ro", path) }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
