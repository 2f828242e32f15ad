import Foundation
import Testing

/// Batches on a cluster, as far as they can be seen without one: Slurm's commands are stand-ins. `make test-slurm` has the
/// real ones.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct ClusterCommandTests {
    private func manifest(_ count: Int, steps: Int = 4) -> String {
        """
        {
          "name": "tiny", "layer": "block_2_add", "units": "0-\(count - 1)", "image": { "size": 32 },
          "facets": [{ "name": "naive", "steps": \(steps) }, { "name": "other", "steps": 4 }],
          "neb": { "pivots": 2, "levels": [], "interpolations": 0, "steps": 2 }, "video": { "graph": false }
        }
        """
    }

    private func start(
        _ arguments: String..., in scratch: Scratch, environment: [String: String] = [:]
    ) throws -> Command.Running {
        try Command.start(
            ["render", "tiny.json", "--progress", "json"] + arguments, in: scratch,
            environment: environment)
    }

    private func wait(_ running: Command.Running, for text: String) {
        for _ in 0..<6000 where !running.messagesSoFar.contains(text) && running.process.isRunning { usleep(5_000) }
    }

    private struct Status: Decodable {
        struct Running: Decodable {
            let reel: String
            let host: String
            let process: Int32
            let task: String?
            let since: String
        }
        let counts: [String: Int]
        let running: [Running]
        let failed: [[String: String]]
    }

    private func status(_ scratch: Scratch) throws -> Status {
        let outcome = try Command.run("status", "Output", "--json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
    }

    private func films(_ scratch: Scratch, _ count: Int) -> [Data] {
        (0..<count).map { (try? scratch.read("Output/tiny/block_2_add/\($0)/film.mp4")) ?? Data() }
    }

    /// A stand-in for a command of Slurm's, which also says how it was called.
    private func standIn(_ name: String, _ script: String, in scratch: Scratch) throws {
        try scratch.write("#!/bin/bash\necho \"\(name) $*\" >> \(scratch.path)/calls\n\(script)\n", "bin/\(name)")
        chmod("\(scratch.path)/bin/\(name)", 0o755)
    }

    private func path(_ scratch: Scratch) -> [String: String] { ["PATH": "\(scratch.path)/bin:/usr/bin:/bin"] }

    // MARK: Without locks

    /// What an NFS without lockd does to `flock`: everybody has every lock. Claims alone part the films.
    @Test func `processes share the films even where locks do nothing`() throws {
        let (alone, scratch) = (try Scratch(), try Scratch())
        for folder in [alone, scratch] { try folder.write(manifest(8, steps: 60), "tiny.json") }
        #expect(try start(in: alone).wait().status == 0)
        let running = try (0..<3).map { _ in
            try start("--jobs", "1", in: scratch, environment: ["FACETREEL_WITHOUT_LOCKS": "1"])
        }
        let outcomes = running.map { $0.wait() }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes)")
        let rendered = outcomes.map {
            $0.messages.split(separator: "\n").count { $0.contains("\"event\":\"finished\"") }
        }
        print("3 processes without locks rendered \(rendered) of 8 films")
        #expect(rendered.reduce(0, +) == 8)
        #expect(films(scratch, 8) == films(alone, 8) && films(alone, 8).allSatisfy { $0.count > 1000 })
        #expect(try status(scratch).counts == ["films": 8, "done": 8, "running": 0, "failed": 0, "missing": 0])
        let stale = scratch.entries().filter {
            $0.contains("partial") || $0.hasSuffix(".lock") || $0.hasSuffix(".owner")
        }
        #expect(stale == [])
    }

    // MARK: Status

    @Test func `status says who renders what and what has failed`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(3, steps: 100_000), "tiny.json")
        // A file where the second film's folder should be.
        try scratch.write("in the way", "Output/tiny/block_2_add/1")
        let running = try start("--jobs", "1", in: scratch, environment: ["SLURM_JOB_ID": "77"])
        wait(running, for: "\"facets\"")
        let now = try status(scratch)
        #expect(now.counts == ["films": 3, "done": 0, "running": 1, "failed": 0, "missing": 2])
        let film = try #require(now.running.first)
        #expect(film.reel == "tiny/block_2_add/0" && film.process == running.process.processIdentifier)
        #expect(!film.host.isEmpty && film.task == "77" && film.since.hasPrefix("20"))
        kill(running.process.processIdentifier, SIGKILL)
        _ = running.wait()
        #expect(
            try status(scratch).counts["running"] == 0, "a process of this machine that is no more is known at once")

        try scratch.write(manifest(3), "tiny.json")
        #expect(try start(in: scratch).wait().status == 1)
        let end = try Command.run("status", "Output", in: scratch)
        #expect(end.output.contains("tiny/block_2_add       3       2        0       1        0\n"), "\(end)")
        #expect(end.output.contains("failed   tiny/block_2_add/1  "), "\(end)")
        let missing = try Command.run("status", "Nowhere", in: scratch)
        #expect(missing.status == 2 && missing.messages.contains("Nowhere: no such folder"), "\(missing)")
    }

    // MARK: Reports of shards

    @Test func `the reports of shards become one, and the pages are made`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(4), "tiny.json")
        #expect(try start("--shard", "0/2", "--batch", "night", in: scratch).wait().status == 0)
        #expect(!scratch.entries().contains("Output/report.json"), "a shard's report is no report of the whole")
        let half = try Command.run("report", "Output", in: scratch)
        #expect(
            half.status == 1 && half.messages.contains("4 films, 2 rendered, ")
                && half.messages.contains(" flagged, 0 there before, 0 failed, 2 left"),
            "\(half)")
        #expect(try start("--shard", "1/2", "--batch", "night", in: scratch).wait().status == 0)
        let whole = try Command.run("report", "Output", "--batch", "night", in: scratch)
        #expect(whole.status == 0, "\(whole)")
        struct Report: Decodable {
            struct Reel: Decodable { let reel: String }
            let reels: [Reel]
            let counts: [String: Int]
            let batch: String?
        }
        let report = try JSONDecoder().decode(Report.self, from: scratch.read("Output/report.json"))
        #expect(report.reels.map(\.reel) == (0..<4).map { "tiny/block_2_add/\($0)" })
        #expect(report.counts["rendered"] == 4 && report.batch == "night")
        // Four steps make no good film: the worst comes first, before the summary, and is no failure.
        let lines = whole.messages.split(separator: "\n")
        let flagged = lines.prefix { $0.hasPrefix("flagged: tiny/block_2_add/") }
        #expect(!flagged.isEmpty && flagged.count == report.counts["flagged"], "\(whole)")
        let summary = lines.dropFirst(flagged.count).first { !$0.hasPrefix("grade") }
        #expect(
            summary?.contains("4 films, 4 rendered, \(flagged.count) flagged, 0 there") == true, "\(whole)")
        #expect(
            try String(decoding: scratch.read("Output/junit.xml"), as: UTF8.self).components(
                separatedBy: "<system-out>flagged: path 1"
            ).count == flagged.count + 1)
        #expect(scratch.entries().contains("Output/index.html") && scratch.entries().contains("Output/junit.xml"))
        let none = try Command.run("report", "Output", "--batch", "other", in: scratch)
        #expect(none.status == 1 && none.messages.contains("batch other has left a report"), "\(none)")
    }

    // MARK: Slurm

    @Test func `submit prints what it would run, and says when Slurm is missing`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(6), "tiny.json")
        let printed = try Command.run("submit", "tiny.json", "--shards", "64", "--cpus", "2", "--print", in: scratch)
        #expect(printed.status == 0 && printed.messages.contains("6 tasks, not 64"), "\(printed)")
        #expect(printed.output.contains("#SBATCH --array=0-5\n") && !printed.output.contains("afterany"), "\(printed)")
        #expect(printed.output.contains(" render --output=Output "), "\(printed)")
        #expect(scratch.entries() == ["tiny.json"], "nothing is made")
        let missing = try Command.run("submit", "tiny.json", in: scratch, environment: ["PATH": "/nowhere"])
        #expect(missing.status == 1 && missing.messages.contains("sbatch is not on the PATH"), "\(missing)")
        let invalid = try Command.run("submit", "none.json", "--print", in: scratch)
        #expect(invalid.status == 2, "\(invalid)")
        let partition = try Command.run("submit", "tiny.json", "--partition", "a;b", "--print", in: scratch)
        #expect(partition.status == 64 && partition.messages.contains("--partition a;b"), "\(partition)")
    }

    @Test func `what Slurm says reaches the user`() throws {
        let scratch = try Scratch()
        try scratch.write(manifest(6), "tiny.json")
        try standIn("sbatch", "echo 'sbatch: error: invalid partition specified: x' >&2; exit 1", in: scratch)
        let refused = try Command.run("submit", "tiny.json", in: scratch, environment: path(scratch))
        #expect(refused.status == 1 && refused.messages.contains("invalid partition specified: x"), "\(refused)")
        try standIn("scontrol", "echo 'MaxArraySize            = 5'", in: scratch)
        let large = try Command.run("submit", "tiny.json", in: scratch, environment: path(scratch))
        #expect(large.status == 1 && large.messages.contains("at most 5 tasks (MaxArraySize)"), "\(large)")
        try standIn("sbatch", "cat > /dev/null; echo 77", in: scratch)
        let taken = try Command.run(
            "submit", "tiny.json", "--shards", "4", "--after-report", in: scratch, environment: path(scratch))
        #expect(taken.status == 0 && taken.output == "77\n77\n", "\(taken)")
    }

    /// A task that Slurm is ending for another reason, as that somebody has cancelled it, does not ask to come back.
    @Test(arguments: [("RUNNING", true), ("COMPLETING", false)])
    func `a stopped task asks to be queued again, unless Slurm is ending it anyway`(state: String, requeues: Bool)
        throws
    {
        let scratch = try Scratch()
        try scratch.write(manifest(2, steps: 100_000), "tiny.json")
        try standIn("scontrol", "echo 'JobId=9 ArrayJobId=7 JobState=\(state) Reason=None'", in: scratch)
        let environment = ["SLURM_JOB_ID": "9", "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "0"]
        let running = try start(
            "--requeue", "--shard", "0/1", in: scratch, environment: environment.merging(path(scratch)) { $1 })
        wait(running, for: "\"facets\"")
        kill(running.process.processIdentifier, SIGTERM)
        let outcome = running.wait()
        #expect(outcome.status == 75, "\(outcome)")
        let calls = String(decoding: try scratch.read("calls"), as: UTF8.self)
        #expect(calls.contains("scontrol requeue 7_0\n") == requeues, "\(calls)")
        #expect(
            scratch.entries().contains { $0.hasPrefix("Output/.cache/batches/7/0-of-1~") }, "its report comes first")
    }
}
