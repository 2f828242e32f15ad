import ConvNet
import Disk
import Foundation
import JobManifest
import Records
import Testing

@testable import Cluster
@testable import Pipeline
@testable import PipelineSupport

/// Scripts for Slurm, and what a batch of shards leaves.
@Suite struct ClusterTests {
    private func batch(
        manifests: [String] = ["Jobs/nightly"], output: String = "Output/nightly", partition: String? = nil,
        only: String? = nil, hasReport: Bool = true, summary: String = "1504 films"
    ) throws -> SlurmBatch {
        try SlurmBatch(
            program: "/opt/facetreel/facetreel", workingDirectory: "/home/me/films", manifests: manifests,
            output: output, networks: "my networks", shards: 64, only: only, partition: partition,
            time: try SlurmTime("02:00:00"), processors: 4, hasReport: hasReport, summary: summary)
    }

    /// Runs a script with stand-ins for Slurm's commands; returns what it prints and what the stand-in was given.
    private func run(_ script: String) throws -> (status: Int32, output: String, calls: String) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-slurm-\(UInt64.random(in: 0...UInt64.max))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Folder.make("\(folder)/films")
        // Prints its arguments, one a line, and then the script that it is fed.
        let standIn =
            "#!/bin/bash\nprintf '<%s>\\n' \"$@\" >> \(folder)/calls\ncat >> \(folder)/calls\necho '77;main'\n"
        try Data(standIn.utf8).write(to: URL(fileURLWithPath: "\(folder)/sbatch"))
        chmod("\(folder)/sbatch", 0o755)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script.replacingOccurrences(of: "/home/me/films", with: "\(folder)/films")]
        process.environment = ["PATH": "\(folder):/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let calls = FileManager.default.contents(atPath: "\(folder)/calls") ?? Data()
        return (process.terminationStatus, output, String(decoding: calls, as: UTF8.self))
    }

    @Test func `the script submits an array and a job after it`() throws {
        let (status, output, calls) = try run(try batch(partition: "short,long").script)
        #expect(status == 0 && output == "77\n77;main\n", "\(output)")
        for line in [
            "#SBATCH --array=0-63", "#SBATCH --cpus-per-task=4", "#SBATCH --time=02:00:00",
            "#SBATCH --signal=B:TERM@60",
            "#SBATCH --requeue", "#SBATCH --partition=short,long", "<--dependency=afterany:77>",
            "<--export=ALL,FACETREEL_BATCH=77>", "<--output=Output/nightly/.cache/slurm/%A_%a.log>",
            "exec /opt/facetreel/facetreel render --output=Output/nightly --shard \"$SLURM_ARRAY_TASK_ID/64\" --requeue --progress plain '--networks=my networks' -- Jobs/nightly",
            "exec /opt/facetreel/facetreel report --batch \"$FACETREEL_BATCH\" -- Output/nightly",
        ] {
            #expect(calls.split(separator: "\n").contains { $0 == line }, "\(line)\n\(calls)")
        }
        let alone = try run(try batch(hasReport: false).script)
        #expect(alone.output == "77\n" && !alone.calls.contains("afterany") && !alone.calls.contains("partition"))
    }

    /// Whatever a file is called, the program is given its name, and the shell does nothing else.
    @Test(arguments: [
        "plain.json", "two words.json", "it's.json", "a\"b.json", "$(touch gone).json", "`touch gone`", "a;b&c|d.json",
        "-n.json", "tab\there\nTASK\nnext", "\\back\\slash", "ü ☃.json", "*", "~", "#", "", "%j %% .json",
        "\u{7F}'\u{1}1",
    ])
    func `odd names reach the program as they are`(name: String) throws {
        let script = try batch(manifests: [name, "second"], only: name).script
        let (status, _, calls) = try run(script)
        #expect(status == 0, "\(script)")
        let line = try #require(
            calls.split(separator: "\n").first { $0.hasPrefix("exec /opt") && $0.contains(" render ") })
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "set -- " + line.dropFirst("exec ".count) + "; printf '%s\\0' \"$@\""]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(words.suffix(3) == ["--", name, "second"], "\(line)")
        #expect(words.contains("--only=\(name)"), "\(line)")
    }

    @Test func `odd folders are quoted for the shell and for Slurm's patterns`() throws {
        let (status, _, calls) = try run(try batch(output: "my films/100%j").script)
        #expect(status == 0)
        #expect(calls.contains("<--output=my films/100%%j/.cache/slurm/%A_%a.log>\n"), "\(calls)")
        #expect(throws: ClusterError.self) { try batch(output: "back\\slash") }
        for partition in ["", "-p", "a b", "a;b", "$(x)", "a\nb"] {
            #expect(throws: ClusterError.self, "\(partition)") { try batch(partition: partition) }
        }
        let script = try batch(summary: "two\nlines").script
        #expect(script.contains("# two lines\n"))
    }

    @Test(arguments: [
        ("90", 5400), ("90:30", 5430), ("02:00:00", 7200), ("1-0", 86400), ("1-12:30", 131_400), ("0-00:03:00", 180),
    ])
    func `times are read as Slurm reads them`(text: String, seconds: Int) throws {
        #expect(try SlurmTime(text).seconds == seconds)
    }

    @Test(arguments: [
        "", "soon", "2h", "-1", "1:2:3:4", "1-", "-", "2", "0:30", "101-0", "1-1-1", "99999999", "९०", "1:", " 90",
    ])
    func `what is no time of Slurm's is refused`(text: String) {
        #expect(throws: MalformedArgument.self) { try SlurmTime(text) }
    }

    // MARK: Reports

    private func report(
        _ shard: String, _ reels: [(String, RunReport.Outcome)], started: String = "2026-01-01T00:00:00.000Z",
        seconds: Double = 10
    ) -> RunReport {
        let result = RunResult(
            reels: reels.map { ReelResult(reel: $0.0, outcome: .stopped) }, started: Date(), seconds: seconds,
            workers: 2, stop: nil, halt: nil, firstFailed: nil)
        var report = RunReport(result, manifests: ["m.json"])
        report.started = started
        report.ended = started
        report.evaluations = 100
        report.reels = reels.map {
            RunReport.Entry(
                reel: $0.0, outcome: $0.1, seconds: 1, evaluations: 50, message: $0.1 == .failed ? "bad" : nil)
        }
        if let failed = reels.first(where: { $0.1 == .failed }) {
            report.firstFailure = RunReport.Failure(reel: failed.0, message: "bad")
        }
        report.shard = shard
        report.batch = "77"
        return report
    }

    /// A task that was queued again says less of what it had done before; whose report is the later one nobody can know.
    @Test func `the reports of a batch become one, whatever the clocks say`() {
        let first = report(
            "0/2", [("n/l/0", .rendered), ("n/l/1", .stopped), ("n/l/2", .failed)], started: "2031-01-01T00:00:00.000Z")
        let again = report("0/2", [("n/l/0", .upToDate), ("n/l/1", .rendered), ("n/l/2", .notStarted)])
        let other = report("1/2", [("n/l/3", .byAnotherProcess)])
        let films = ["n/l/3", "n/l/2", "n/l/1", "n/l/0", "n/l/4"]
        for reports in [[first, again, other], [other, again, first]] {
            let whole = BatchReport.merged(reports, films: films)
            #expect(whole.reels.map(\.reel) == films, "in the order of the manifests")
            #expect(whole.reels.map(\.outcome) == [.byAnotherProcess, .failed, .rendered, .rendered, .notStarted])
            #expect(whole.counts.all == 5 && whole.counts.rendered == 2 && whole.counts.failed == 1)
            #expect(whole.counts.left == 1 && whole.stopped != nil)
            #expect(whole.workers == 4 && whole.evaluations == 300)
            #expect(whole.firstFailure?.reel == "n/l/2")
            #expect(whole.seconds >= 10 && whole.shard == nil && whole.batch == "77")
            #expect(whole.reels[3].seconds == 2 && whole.reels[3].evaluations == 100)
        }
    }

    @Test func `the latest batch is merged unless another is named, and old ones go`() throws {
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-batch-\(UInt64.random(in: 0...UInt64.max))").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        #expect(throws: ClusterError.self) { try BatchReport.merged(in: output, batch: nil) }
        for number in 1...33 {
            try report("0/1", [("n/l/\(number)", .rendered)])
                .write(to: output, batch: "b\(number)", shard: Shard("0/1"))
            utimes(
                "\(output)/.cache/batches/b\(number)",
                [timeval(tv_sec: 1_000_000 + number, tv_usec: 0), timeval(tv_sec: 1_000_000 + number, tv_usec: 0)])
        }
        #expect(try BatchReport.merged(in: output, batch: nil).batch == "b33")
        #expect(try BatchReport.merged(in: output, batch: "b2").reels.map(\.reel) == ["n/l/2"])
        for batch in ["b99", "../b2", "", "a/b"] {
            #expect(throws: ClusterError.self, "\(batch)") { try BatchReport.merged(in: output, batch: batch) }
        }
        // A damaged report of one shard does not hide the others.
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(output)/.cache/batches/b33/half.json"))
        #expect(try BatchReport.merged(in: output, batch: nil).counts.rendered == 1)
        BatchReport.sweep(in: output)
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(output)/.cache/batches")
        #expect(left.count == 30 && !left.contains("b1"), "\(left.sorted())")
    }

    // MARK: Status

    @Test func `the state of each film is told from the files alone`() throws {
        let fixture = try RunFixture(count: 6)
        let folder = RunFolder(output: fixture.output)
        let plan = BatchPlan(
            fixture.reels, manifests: ["run.json"], only: nil, digest: { _ in "w" },
            label: { $0.unit == 2 ? "goldfinch" : nil })
        #expect(!OutputStatus(output: fixture.output).isPlanned)
        try plan.write(to: fixture.output)
        #expect(OutputStatus(output: fixture.output).total.missing == 6)
        // 0 done, 1 running on another machine, 2 failed, 3 stopped, 4 of another network, 5 never begun.
        for (index, digest) in [(0, "w"), (4, "old")] {
            let reel = try ReelFolder(path: "\(fixture.output)/\(fixture.reels[index].folder)")
            try reel.write(Data("film".utf8), "film.mp4")
            try reel.write(
                Data(
                    #"{"network": {"digest": "\#(digest)"}, "digests": {"job": "\#(fixture.reels[index].digest)"}, "engineRevision": "\#(Network.engineRevision)", "facets": [], "outputs": [{"path": "film.mp4", "bytes": 4, "sha256": ""}]}"#
                        .utf8), FilmRecord.fileName)
            try reel.publish(["film.mp4"])
        }
        let other = ProcessIdentity(host: "node7", process: 7, space: nil, startTicks: nil, task: "12_3")
        let presence = try Presence(in: folder, as: other)
        let claim = try #require(
            try ReelClaim.take(folder.claim(ofReel: fixture.reels[1].folder), for: other, Liveness(folder)))
        for (index, event) in [(1, "failed"), (2, "failed"), (3, "stopped")] {
            ReelLog(path: folder.log(ofReel: fixture.reels[index].folder), reel: "r").ended(event, message: "bad")
        }
        let status = OutputStatus(output: fixture.output)
        #expect(status.isPlanned && status.reels.map(\.reel) == fixture.reels.map(\.folder))
        #expect(status.reels[0].state == .done)
        #expect(status.reels.map(\.label) == [nil, nil, "goldfinch", nil, nil, nil])
        guard case .running("node7", 7, "12_3", _) = status.reels[1].state else {
            Issue.record("\(status.reels[1])")
            return
        }
        #expect(status.reels[2].state == .failed(message: "bad", log: folder.log(ofReel: fixture.reels[2].folder)))
        #expect(status.reels[3].state == .missing(stopped: true))
        #expect(status.reels[4].state == .missing(stopped: false) && status.reels[5].state == .missing(stopped: false))
        let layer = try #require(status.layers.first)
        #expect(
            status.layers.count == 1
                && layer
                    == {
                        var expected = OutputStatus.Layer(name: "run", layer: "block_16_project_BN")
                        (expected.films, expected.done, expected.running, expected.failed, expected.missing) = (
                            6, 1, 1, 1, 3
                        )
                        return expected
                    }()
        )
        // A film that is not whole any more is not done.
        try Data().write(to: URL(fileURLWithPath: "\(fixture.output)/\(fixture.reels[0].folder)/film.mp4"))
        #expect(OutputStatus(output: fixture.output).total.done == 0)
        withExtendedLifetime((presence, claim)) {}
    }

    @Test func `a later run of the same manifests replaces its plan, and a damaged plan does no harm`() throws {
        let fixture = try RunFixture(count: 3)
        let folder = RunFolder(output: fixture.output)
        let key = try BatchPlan(fixture.reels, manifests: ["run.json"], only: nil, digest: { _ in "w" }).write(
            to: fixture.output)
        let fewer = BatchPlan(Array(fixture.reels.prefix(2)), manifests: ["run.json"], only: nil, digest: { _ in "w" })
        #expect(try fewer.write(to: fixture.output) == key && fewer.key != "")
        #expect(OutputStatus(output: fixture.output).total.films == 2)
        for text in [
            "{", #"{"manifests": [], "networks": {}, "engineRevision": "", "films": [{"reel": "../../x", "job": ""}]}"#,
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.plan("damaged")))
            #expect(OutputStatus(output: fixture.output).total.films == 2, "\(text)")
        }
    }
}
