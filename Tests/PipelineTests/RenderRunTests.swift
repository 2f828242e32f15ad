import ConvNet
import Foundation
import Records
import Testing

@testable import Pipeline
@testable import PipelineSupport

@Suite struct RenderRunTests {
    private struct BadInput: Error {}

    private func names(_ result: RunResult) -> [RunReport.Outcome] {
        result.reels.map { RunReport.Outcome($0.outcome) }
    }

    // MARK: Failures

    @Test(arguments: 1...3)
    func `one reel's failure is its own`(workers: Int) throws {
        let fixture = try RunFixture(count: 5)
        let result = fixture.run(workers: workers) { index, _ in if index == 2 { throw BadInput() } }
        #expect(names(result) == [.rendered, .rendered, .failed, .rendered, .rendered])
        #expect(fixture.begun.value.sorted() == [0, 1, 2, 3, 4])
        #expect(result.halt == nil)
        #expect(result.firstFailure?.reel == fixture.reels[2].folder)
    }

    @Test func `a run that does not keep going starts no reel after a failure`() throws {
        let fixture = try RunFixture(count: 5)
        let result = fixture.run(workers: 1, policy: RunPolicy(keepsGoing: false)) { index, _ in
            if index == 1 { throw BadInput() }
        }
        #expect(names(result) == [.rendered, .failed, .notStarted, .notStarted, .notStarted])
        #expect(result.reels[4].outcome == .notStarted(reason: "stopped: \(fixture.reels[1].folder) failed"))
    }

    @Test(arguments: [EINTR, EAGAIN, EIO, ESTALE, ETIMEDOUT, EBUSY])
    func `an error that may be over in a moment is tried twice more`(number: Int32) throws {
        let fixture = try RunFixture(count: 2)
        let result = fixture.run(workers: 1) { index, before in if index == 0, before < 2 { throw fault(number) } }
        #expect(names(result) == [.rendered, .rendered])
        #expect(fixture.begun.value == [0, 0, 0, 1])
        #expect(try fixture.logLines(0).map(\.event) == ["started", "warning", "warning", "stage", "finished"])
        #expect(fixture.events.value.count { $0.hasPrefix("warned") } == 2, "\(fixture.events.value)")
    }

    @Test func `after three attempts an error is a failure`() throws {
        let fixture = try RunFixture(count: 1)
        let result = fixture.run { _, _ in throw fault(EIO) }
        #expect(names(result) == [.failed])
        #expect(fixture.begun.value == [0, 0, 0])
    }

    @Test(arguments: [ENOENT, EACCES, EINVAL, EISDIR])
    func `what would fail again is not tried again`(number: Int32) throws {
        let fixture = try RunFixture(count: 2)
        let result = fixture.run(workers: 1) { index, _ in if index == 0 { throw fault(number) } }
        #expect(names(result) == [.failed, .rendered])
        #expect(fixture.begun.value == [0, 1])
    }

    @Test(arguments: [ENOSPC, EDQUOT, EROFS])
    func `an output that takes no more ends the run, and the next run does the rest`(number: Int32) throws {
        let fixture = try RunFixture(count: 6)
        let result = fixture.run(workers: 1) { index, _ in if index == 1 { throw fault(number) } }
        #expect(names(result) == [.rendered, .failed, .notStarted, .notStarted, .notStarted, .notStarted])
        #expect(fixture.begun.value == [0, 1])
        #expect(result.halt?.hasPrefix("stopped: the output folder") == true, "\(result.halt ?? "nil")")
        // The next run, with room again, does what is left and nothing else.
        let next = fixture.run(workers: 1)
        #expect(names(next) == [.upToDate, .rendered, .rendered, .rendered, .rendered, .rendered])
        #expect(fixture.begun.value == [0, 1, 1, 2, 3, 4, 5])
    }

    // MARK: Locks

    @Test(arguments: 1...3)
    func `a locked reel is put off and rendered when its lock is gone`(workers: Int) throws {
        let fixture = try RunFixture(count: 4)
        let lock = Guarded(try fixture.lock(0))
        let result = fixture.run(workers: workers) { index, _ in
            // The process that holds it dies when all else is done.
            if index == 3 { lock.update { $0 = nil } }
        }
        #expect(names(result) == [.rendered, .rendered, .rendered, .rendered])
        #expect(fixture.begun.value.last == 0, "\(fixture.begun.value)")
        #expect(fixture.begun.value.count == 4)
        let locks = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.output)/.cache/locks")
        #expect(locks == [], "no lock stays behind")
    }

    @Test(arguments: [true, false])
    func `what another process has finished meanwhile is not rendered again`(isForced: Bool) throws {
        let fixture = try RunFixture(count: 3)
        let lock = Guarded(try fixture.lock(1))
        let policy = RunPolicy(isForced: isForced, lockInterval: 0.01)
        let result = fixture.run(workers: 1, policy: policy) { index, _ in
            guard index == 2 else { return }
            try fixture.makeFilm(1)
            lock.update { $0 = nil }
        }
        #expect(names(result) == [.rendered, .byAnotherProcess, .rendered])
        #expect(fixture.begun.value == [0, 2])
        #expect(result.reels[1].outcome.film == "\(fixture.output)/\(fixture.reels[1].folder)/film.mp4")
        // A second run: everything is there.
        #expect(names(fixture.run(policy: policy)).allSatisfy { $0 == (isForced ? .rendered : .upToDate) })
    }

    @Test(arguments: [StopSignal.Cause.signal(15), .timeBudget])
    func `waiting for a lock ends with the run`(cause: StopSignal.Cause) throws {
        let fixture = try RunFixture(count: 2)
        let lock = try fixture.lock(0)
        let time = FakeTime()
        let stop = StopSignal(deadline: Deadline(after: 10, clock: time.clock))
        let events = fixture.events
        // When the run says that it waits.
        let watch = Thread {
            while !events.value.contains("waiting 1") { usleep(1_000) }
            if cause == .timeBudget { time.pass(11) } else { stop.request(signal: 15) }
        }
        watch.start()
        let result = fixture.run(stop: stop)
        #expect(names(result) == [.notStarted, .rendered])
        #expect(result.stop == cause)
        #expect(result.isOutOfTime == (cause == .timeBudget))
        withExtendedLifetime(lock) {}
    }

    @Test(arguments: [2, 4])
    func `several runs share the work and do nothing twice`(runs: Int) throws {
        let fixture = try RunFixture(count: 24)
        let counts = Guarded<[RunReport.Counts]>([])
        DispatchQueue.concurrentPerform(iterations: runs) { _ in
            let result = fixture.run { _, _ in usleep(2_000) }
            counts.update { $0.append(result.counts) }
        }
        print(counts.value.map { "\($0.rendered) rendered, \($0.byAnotherProcess + $0.upToDate) not" })
        #expect(fixture.begun.value.sorted() == Array(0..<24), "\(fixture.begun.value)")
        #expect(counts.value.allSatisfy { $0.rendered + $0.byAnotherProcess + $0.upToDate == 24 })
    }

    @Test func `evaluations count for the reel that asks, though helpers make them`() throws {
        let fixture = try RunFixture(count: 3)
        let pool = WorkerPool(workerCount: 3)
        let counts = Guarded<[Int: Int]>([:])
        let logs = RunLogs(
            reels: fixture.reels, output: fixture.output,
            next: ProgressDisplay(style: .plain, reels: fixture.reels.map(\.folder), clock: { 0 }, write: { _ in }))
        pool.run(3) { reel, worker in
            logs.start(reel)
            logs.report(.started(reel: reel))
            logs.metering(reel) {
                _ = try? pool.parallel(50 * (reel + 1), on: worker) { item, _ in
                    EvaluationMeter.current?.count()
                    logs.report(
                        .progressed(
                            reel: reel,
                            StageProgress(stage: item < 25 ? .facets : .bands, fraction: 0.5, step: item)))
                }
            }
            logs.report(.finished(reel: reel))
            let result = logs.finish(reel)
            counts.update { $0[reel] = result.evaluations }
        }
        #expect(counts.value == [0: 50, 1: 100, 2: 150])
        #expect(EvaluationMeter.current == nil)
    }

    // MARK: Time budget

    @Test func `no reel is started that would not end in time`() {
        let time = FakeTime()
        let deadline = Deadline(after: 100, clock: time.clock)
        let gate = StartGate(deadline: deadline)
        #expect(gate.admits(layer: "block_1_project_BN"), "of the first nobody knows")
        gate.record(layer: "block_1_project_BN", seconds: 10)
        gate.record(layer: "block_16_project_BN", seconds: 40)
        gate.record(layer: "block_16_project_BN", seconds: 60)
        #expect(gate.expectedSeconds(layer: "block_16_project_BN") == 50)
        #expect(gate.expectedSeconds(layer: "Conv1_relu") == 110.0 / 3)
        time.pass(55)
        #expect(!gate.admits(layer: "block_16_project_BN"))
        #expect(gate.admits(layer: "block_1_project_BN"))
        #expect(gate.admits(layer: "Conv1_relu"))
        time.pass(36)
        #expect(!gate.admits(layer: "block_1_project_BN"))
        time.pass(9)
        #expect(!StartGate(deadline: deadline).admits(layer: "Conv1_relu"), "the time is over")
    }

    @Test func `what runs at the end of the budget is stopped, and the rest is not started`() throws {
        let fixture = try RunFixture(count: 4)
        let time = FakeTime()
        let deadline = Deadline(after: 100, clock: time.clock)
        let stop = StopSignal(deadline: deadline)
        let result = fixture.run(workers: 1, policy: RunPolicy(deadline: deadline), stop: stop) { index, _ in
            time.pass(60)
            try stop.check()
        }
        #expect(names(result) == [.rendered, .stopped, .notStarted, .notStarted])
        #expect(result.isOutOfTime)
        #expect(result.stop == .timeBudget)
        // A run that begins after its end does nothing.
        let late = try RunFixture(count: 2)
        let nothing = late.run(policy: RunPolicy(deadline: deadline))
        #expect(names(nothing) == [.notStarted, .notStarted])
        #expect(nothing.isOutOfTime)
    }

    @Test func `a run short of time begins with what is missing and goes on with the oldest`() throws {
        let fixture = try RunFixture(count: 5)
        for index in [2, 0, 4] {
            try fixture.makeFilm(index)
            // A file's time is as fine as the kernel's clock ticks.
            usleep(20_000)
        }
        let deadline = Deadline(after: 100, clock: FakeTime().clock)
        _ = fixture.run(workers: 1, policy: RunPolicy(isForced: true, deadline: deadline))
        #expect(fixture.begun.value == [1, 3, 2, 0, 4])
        _ = fixture.run(workers: 1, policy: RunPolicy(isForced: true))
        #expect(fixture.begun.value.suffix(5) == [0, 1, 2, 3, 4], "with all the time there is, in order")
    }

    @Test func `a run that ends in time is not out of time`() throws {
        let fixture = try RunFixture(count: 2)
        let time = FakeTime()
        let deadline = Deadline(after: 100, clock: time.clock)
        let result = fixture.run(policy: RunPolicy(deadline: deadline), stop: StopSignal(deadline: deadline))
        time.pass(1000)
        #expect(names(result) == [.rendered, .rendered])
        #expect(!result.isOutOfTime)
    }

    @Test func `a signal after the budget still lets steps end, and a second one does not`() {
        let time = FakeTime()
        let stop = StopSignal(deadline: Deadline(after: 1, clock: time.clock))
        #expect(stop.cause == nil)
        time.pass(1)
        #expect(stop.cause == .timeBudget)
        #expect(stop.request(signal: 15))
        #expect(stop.cause == .signal(15))
        #expect(!stop.request(signal: 2))
        #expect(stop.signal == 15)
    }

    @Test(arguments: [("90s", 90.0), ("30m", 1800), ("8h", 28800), ("1h30m", 5400), ("1h1m1s", 3661), ("1000h", 3.6e6)])
    func `times of hours, minutes and seconds are read`(text: String, seconds: Double) throws {
        #expect(try TimeBudget(text).seconds == seconds)
    }

    @Test(arguments: [
        "", "8", "h", "8x", "8 h", "-1h", "1.5h", "30m1h", "1h1h", "0s", "1001h", "99999999999999999999h", "८h",
    ])
    func `what is no time is refused, with its text`(text: String) {
        let error = #expect(throws: MalformedArgument.self) { try TimeBudget(text) }
        #expect(error?.description.contains("\"\(text)\"") == true, "\(String(describing: error))")
    }
}
