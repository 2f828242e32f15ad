import Disk
import Foundation
import Glibc
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// A claim that no process can have written is nobody's, and no run waits for it.
@Suite struct DamagedClaimTests {
    private let stranger = ProcessIdentity(host: "node7", process: 7, space: "another boot", startTicks: 7)

    private func owner(_ name: String) throws -> Data {
        try JSONEncoder().encode(
            ReelClaim.Owner(name: name, host: "here", process: 7, since: "2026-11-30T00:00:00.000Z", task: nil))
    }

    /// Sets a file's time so many seconds ahead of now.
    private func setTime(_ path: String, ahead seconds: Int) {
        let times = [timeval](repeating: timeval(tv_sec: time(nil) + seconds, tv_usec: 0), count: 2)
        #expect(utimes(path, times) == 0)
    }

    private enum Damage: CaseIterable {
        case text, half, otherJSON, folder, fullFolder, pipe, loop, lost, device, huge, nobody, strangerOfThePast,
            strangerToCome, emptyOfThePast, emptyToCome
    }

    /// Puts a damaged claim at `path`; false where this machine does not allow it.
    private func damage(_ path: String, _ kind: Damage) throws -> Bool {
        try Folder.make((path as NSString).deletingLastPathComponent)
        func write(_ data: Data) throws { try WholeFile.overwrite(path, with: data) }
        switch kind {
        case .text: try write(Data("no claim\n".utf8))
        case .half: try write(try owner(stranger.name).prefix(20))
        case .otherJSON: try write(Data(#"{"reels": []}"#.utf8))
        case .folder: try Folder.make(path)
        case .fullFolder: try Folder.make(path + "/other")
        case .pipe: return mkfifo(path, 0o600) == 0
        case .loop: return symlink((path as NSString).lastPathComponent, path) == 0
        case .lost: return symlink("nowhere/there", path) == 0
        case .device: return mknod(path, S_IFCHR | 0o600, 0x105) == 0
        case .huge: try write(Data(count: 1 << 17))
        // A name as processes of this machine have it, but of none that is.
        case .nobody:
            let dead = ProcessIdentity(
                host: ProcessIdentity.current.host, process: 1 << 22, space: "here", startTicks: 7)
            try write(try owner(dead.name))
        case .strangerOfThePast, .strangerToCome:
            try write(try owner(stranger.name))
            setTime(path, ahead: kind == .strangerToCome ? 1 << 25 : -1000)
        case .emptyOfThePast, .emptyToCome:
            try write(Data())
            setTime(path, ahead: kind == .emptyToCome ? 1000 : -1000)
        }
        return true
    }

    @Test(arguments: Damage.allCases) private func `a damaged claim is not waited for`(kind: Damage) throws {
        let fixture = try RunFixture(count: 2)
        let claim = RunFolder(output: fixture.output).claim(ofReel: fixture.reels[0].folder)
        guard try damage(claim, kind) else { return print("skipped: this system makes no \(kind)") }
        let result = fixture.run(workers: 1, stop: StopSignal(deadline: Deadline(after: 20)))
        #expect(result.counts.rendered == 2, "\(result)")
        #expect(fixture.begun.value == [0, 1] && !fixture.events.value.contains { $0.hasPrefix("waiting") })
        #expect(try FileLock.take(RunFolder(output: fixture.output).lock(ofReel: fixture.reels[0].folder)) != nil)
        if kind == .fullFolder {
            #expect(try Folder.entries(of: RunFolder(output: fixture.output).locks).contains { $0.contains(".moved-") })
        }
    }

    @Test func `an empty claim may be one that is just being written`() throws {
        let fixture = try RunFixture(count: 2)
        let folder = RunFolder(output: fixture.output)
        let claim = folder.claim(ofReel: fixture.reels[0].folder)
        try Folder.make(folder.locks)
        try WholeFile.overwrite(claim, with: Data())
        #expect(!ReelClaim.isFree(claim, Liveness(folder)))
        let result = fixture.run(workers: 1, stop: StopSignal(deadline: Deadline(after: 20))) { index, _ in
            // Whoever wrote it has come no further.
            if index == 1 { setTime(claim, ahead: -11) }
        }
        #expect(fixture.begun.value == [1, 0] && result.counts.rendered == 2, "\(result)")
    }
}
