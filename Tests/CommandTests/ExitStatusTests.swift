import ArgumentParser
import Testing

@testable import Pipeline
@testable import PipelineSupport
@testable import facetreel

/// The exit status of a render whose films have failed, whose time is over, or both.
@Suite struct ExitStatusTests {
    private struct Failure: Error {}

    /// The result of three films, of which the first fails where that is asked for; the second is stopped by the end of
    /// the time, or by a signal.
    private func result(fails: Bool, deadline: Deadline? = nil, signal: Int32? = nil) throws -> RunResult {
        let fixture = try RunFixture(count: 3)
        let stop = StopSignal(deadline: deadline)
        return fixture.run(workers: 1, stop: stop) { index, _ in
            if index == 0, fails { throw Failure() }
            guard index == 1 else { return }
            if let signal { stop.request(signal: signal) }
            try stop.check()
        }
    }

    @Test func `a film that failed counts more than time that was over, but not in a Slurm job`() throws {
        // Over from the second film on.
        let time = FakeTime()
        let stop = StopSignal(deadline: Deadline(after: 10, clock: time.clock))
        let fixture = try RunFixture(count: 3)
        let result = fixture.run(workers: 1, stop: stop) { index, _ in
            time.pass(20)
            if index == 0 { throw Failure() }
        }
        #expect(result.isOutOfTime && result.counts.failed == 1 && result.counts.left == 2, "\(result)")
        #expect(RenderCommand.status(result, signal: nil, isSlurmJob: false) == .failure)
        #expect(RenderCommand.status(result, signal: nil, isSlurmJob: true) == .unfinished)
    }

    @Test func `time that was over is work that is left`() throws {
        let result = try result(fails: false, deadline: Deadline(after: 0))
        #expect(result.isOutOfTime && result.counts.failed == 0, "\(result)")
        for isSlurmJob in [false, true] {
            #expect(RenderCommand.status(result, signal: nil, isSlurmJob: isSlurmJob) == .unfinished)
        }
    }

    @Test func `a failure is one in a Slurm job as well, and no status is success`() throws {
        for isSlurmJob in [false, true] {
            #expect(try RenderCommand.status(result(fails: true), signal: nil, isSlurmJob: isSlurmJob) == .failure)
            #expect(try RenderCommand.status(result(fails: false), signal: nil, isSlurmJob: isSlurmJob) == nil)
        }
    }

    @Test(arguments: [Int32(1), 2, 15])
    func `a signal counts more than a film that failed`(signal: Int32) throws {
        let result = try result(fails: true, signal: signal)
        #expect(result.counts.failed == 1 && result.counts.left == 2, "\(result)")
        let status = RenderCommand.status(result, signal: signal, isSlurmJob: false)
        #expect(status == (ExitCode.isSlurmJob ? .unfinished : ExitCode(128 + signal)))
    }
}
