import Foundation
import Testing

/// Threads and memory are not taken for granted: with fewer, there are fewer workers or a clear error, never a hang.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct ThreadLimitTests {
    private static let render = #"exec "$facetreel" render tiny.json --jobs 16 --progress plain"#

    @Test(arguments: [8, 4, 1])
    func `where the system refuses threads, fewer workers make all films and say so`(processes: Int) throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(6), "tiny.json")
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run(Self.render, limit: "ulimit -u \(processes)", in: scratch)
        #expect(outcome.status == 0 && outcome.output.split(separator: "\n").count == 6, "\(outcome)")
        let warning = try #require(outcome.messages.firstMatch(of: /warning: ([0-9]+) of 16 workers: (.*)/))
        // This user may have other processes.
        #expect((1...processes).contains(Int(warning.1) ?? 0), "\(outcome)")
        #expect(warning.2.hasPrefix("Resource temporarily unavailable; a limit of processes (ulimit -u"), "\(outcome)")
        #expect(outcome.messages.matches(of: /workers:/).count == 1, "\(outcome)")
        #expect(scratch.entries().contains("Output/report.json") && scratch.entries().contains("Output/index.html"))
        let checked = try user.run(#"exec "$facetreel" check Output"#, limit: "ulimit -u 1", in: scratch)
        #expect(checked.status == 0, "\(checked)")
    }

    @Test func `a signal ends a run that has no threads but its own`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(6, steps: 100_000), "tiny.json")
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let running = try user.start(Self.render, limit: "ulimit -u 1", in: scratch)
        running.wait(for: "facets")
        kill(running.process.processIdentifier, SIGTERM)
        Shell.endOrKill(running.process)
        let outcome = running.wait()
        #expect(outcome.status == 128 + SIGTERM, "\(outcome)")
        #expect(outcome.messages.contains("6 of 6 films were not rendered"), "\(outcome)")
    }

    @Test func `too little memory for one worker is an error that names the limit`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(2), "tiny.json")
        let outcome = try Shell.run("ulimit -v 300000; \(Self.render)", in: scratch)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.wholeMatch(of: /facetreel: error: [^\n]*raise the limit \(ulimit -v[^\n]*\n/) != nil)
    }

    @Test func `memory for few workers makes all films with these`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(3), "tiny.json")
        // As many KiB as two or three workers may address, of sixteen.
        let outcome = try Shell.run("ulimit -v 900000; \(Self.render)", in: scratch)
        #expect(outcome.status == 0 && outcome.output.split(separator: "\n").count == 3, "\(outcome)")
        #expect(outcome.messages.contains(/warning: [1-9] of 16 workers: memory is limited/), "\(outcome)")
    }
}
