import Disk
import Foundation
import Glibc
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// Runs beside processes of other machines, of which this one knows nothing but their files: no lock tells of them.
@Suite struct SharedRunTests {
    private let foreign = ProcessIdentity(host: "node7", process: 7, space: "another boot", startTicks: 7)

    /// Lets a process seem to have been silent for so many seconds.
    private func silence(_ identity: ProcessIdentity, in folder: RunFolder, _ seconds: Int) {
        let past = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
        utimes(folder.presence(of: identity.name), [past, past])
    }

    @Test func `the film of a node whose heartbeat has stopped is made after all others`() throws {
        let fixture = try RunFixture(count: 3)
        let folder = RunFolder(output: fixture.output)
        let presence = try Presence(in: folder, as: foreign)
        let claim = try ReelClaim.take(folder.claim(ofReel: fixture.reels[0].folder), for: foreign, Liveness(folder))
        #expect(claim != nil)
        let result = fixture.run(workers: 1) { index, _ in
            // While this run makes its last other film the node dies.
            if index == 2 { silence(foreign, in: folder, 1000) }
        }
        #expect(fixture.begun.value == [1, 2, 0])
        #expect(result.counts.rendered == 3, "\(result)")
        #expect(
            !FileManager.default.fileExists(atPath: folder.claim(ofReel: fixture.reels[0].folder)),
            "the heir gave it back")
        withExtendedLifetime((presence, claim)) {}
    }

    @Test func `a film that a living node makes is left to it`() throws {
        let fixture = try RunFixture(count: 3)
        let folder = RunFolder(output: fixture.output)
        let presence = try Presence(in: folder, as: foreign)
        let claim = Guarded(
            try ReelClaim.take(folder.claim(ofReel: fixture.reels[0].folder), for: foreign, Liveness(folder)))
        let result = fixture.run(workers: 1) { index, _ in
            guard index == 2 else { return }
            try fixture.makeFilm(0)
            claim.update { $0 = nil }
        }
        #expect(fixture.begun.value == [1, 2])
        #expect(result.counts.rendered == 2 && result.counts.byAnotherProcess == 1, "\(result)")
        withExtendedLifetime(presence) {}
    }

    @Test func `a run leaves neither a claim nor its presence behind`() throws {
        let fixture = try RunFixture(count: 2)
        _ = fixture.run()
        let folder = RunFolder(output: fixture.output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.processes) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.locks) == [])
    }
}
