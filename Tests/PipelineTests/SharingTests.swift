import Disk
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// What keeps processes of several machines apart where the file system's locks do nothing.
@Suite struct SharingTests {
    private let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-sharing-\(UInt64.random(in: 0...UInt64.max))").path
    private var folder: RunFolder { RunFolder(output: root) }
    private var claim: String { folder.claim(ofReel: "eyes/block_12_add/1") }

    /// A process of another machine: this one knows nothing of it but its heartbeat.
    private func foreign(_ host: String = "node7") -> ProcessIdentity {
        ProcessIdentity(host: host, process: 7, space: "another boot", startTicks: 7)
    }

    private func entries(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Sets a file's time so many seconds back.
    private func age(_ path: String, by seconds: Int) {
        var status = stat()
        #expect(stat(path, &status) == 0, "\(path)")
        var times = [status.st_mtim, status.st_mtim]
        for index in times.indices { times[index].tv_sec -= seconds }
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    @Test func `a claim is one process's and goes with it`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (one, other) = (foreign("one"), foreign("other"))
        let presences = try [one, other].map { try Presence(in: folder, as: $0) }
        let liveness = Liveness(folder)
        #expect(ReelClaim.isFree(claim, liveness))
        do {
            let held = try #require(try ReelClaim.take(claim, for: one, liveness))
            #expect(try ReelClaim.take(claim, for: other, liveness) == nil)
            #expect(!ReelClaim.isFree(claim, liveness))
            let holder = try #require(ReelClaim.holder(claim, liveness))
            #expect(holder.host == "one" && holder.name == one.name)
            withExtendedLifetime(held) {}
        }
        #expect(entries(folder.locks) == [])
        #expect(try ReelClaim.take(claim, for: other, liveness) != nil)
        withExtendedLifetime(presences) {}
    }

    /// A node that lost its power: its heartbeat stops, and after `patience`, by the file system's clock, its reel is
    /// another's.
    @Test func `the claim of a process without a heartbeat is taken over`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (dead, heir) = (foreign("dead"), foreign("heir"))
        let presence = try Presence(in: folder, as: dead)
        let liveness = Liveness(folder)
        let lost = try #require(try ReelClaim.take(claim, for: dead, liveness))
        age(folder.presence(of: dead.name), by: Int(Liveness.patience) - 60)
        #expect(try ReelClaim.take(claim, for: heir, liveness) == nil, "not yet")
        age(folder.presence(of: dead.name), by: 61)
        let heirs = try Presence(in: folder, as: heir)
        let taken = try #require(try ReelClaim.take(claim, for: heir, liveness))
        #expect(ReelClaim.holder(claim, liveness)?.host == "heir")
        #expect(liveness.dead() == [dead.name])
        // It was only suspended: what it gives back is not its own any more.
        do { withExtendedLifetime(lost) {} }
        withExtendedLifetime((taken, presence, heirs)) {}
    }

    @Test func `a process that was taken for dead does not remove the claim of its heir`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (slow, heir) = (foreign("slow"), foreign("heir"))
        let presences = try [slow, heir].map { try Presence(in: folder, as: $0) }
        let liveness = Liveness(folder)
        var lost = try ReelClaim.take(claim, for: slow, liveness)
        #expect(lost != nil)
        age(folder.presence(of: slow.name), by: 1000)
        let taken = try #require(try ReelClaim.take(claim, for: heir, liveness))
        lost = nil
        #expect(ReelClaim.holder(claim, liveness)?.host == "heir")
        withExtendedLifetime((taken, presences)) {}
    }

    /// No machine's clock counts: the same whether the file server's is years before or behind it.
    @Test(arguments: [-400_000_000, -4000, 4000, 400_000_000])
    func `clocks that differ change nothing`(skew: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (one, other) = (foreign("one"), foreign("other"))
        let presences = try [one, other].map { try Presence(in: folder, as: $0) }
        // The file system's clock, as seen in a new file: `skew` away from this machine's.
        let server = FileSystemClock(
            folder: folder.processes, timeOfNewFile: { Date().timeIntervalSince1970 + Double(skew) })
        let liveness = Liveness(folder, clock: server)
        age(folder.presence(of: one.name), by: -skew)
        let held = try #require(try ReelClaim.take(claim, for: one, liveness))
        #expect(try ReelClaim.take(claim, for: other, liveness) == nil, "alive")
        age(folder.presence(of: one.name), by: Int(Liveness.patience) + 1)
        #expect(try ReelClaim.take(claim, for: other, liveness) != nil, "dead")
        withExtendedLifetime((presences, held)) {}
    }

    @Test func `the file system's clock is read from a new file, which does not stay`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(FileSystemClock(folder: root).now() == nil, "no folder, no time")
        try Folder.make(root)
        let time = FakeTime()
        let clock = FileSystemClock(folder: root, monotonic: time.clock)
        let first = try #require(clock.now())
        #expect(abs(first - Date().timeIntervalSince1970) < 60)
        time.pass(20)
        #expect(clock.now() == first + 20, "in between the machine's own clock goes on from it")
        #expect(entries(root) == [])
    }

    /// Locks that do nothing would let any process sweep another's files from under it.
    @Test func `unfinished files of living processes on other machines are not swept`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (living, dead, unseen) = (foreign("living"), foreign("dead"), foreign("unseen"))
        let presences = try [living, dead].map { try Presence(in: folder, as: $0) }
        age(folder.presence(of: dead.name), by: 1000)
        // Nobody has locked them: on such a file system nobody can.
        let names = [living, dead, unseen].map { TemporaryName.make($0) }
        let reel = "\(root)/eyes/block_12_add/1"
        for name in names { try Folder.make("\(reel)/\(name)/facets") }
        for name in names {
            try Folder.make("\(folder.cache)/ab")
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder.cache)/ab/\(name)"))
        }
        let liveness = Liveness(folder)
        ReelFolder.sweep(reel, liveness)
        StageCache(folder: folder.cache, warn: { _ in }).sweep()
        #expect(entries(reel) == [names[0], names[2]].sorted())
        #expect(entries("\(folder.cache)/ab") == [names[0], names[2]].sorted())
        // One whose presence nobody has seen gets the same time from its own age.
        age("\(reel)/\(names[2])", by: 1000)
        ReelFolder.sweep(reel, liveness)
        #expect(entries(reel) == [names[0]])
        withExtendedLifetime(presences) {}
    }

    @Test func `what dead processes left is swept, and their presence last`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let dead = foreign("dead")
        let presence = try Presence(in: folder, as: dead)
        let liveness = Liveness(folder)
        let lost = try #require(try ReelClaim.take(claim, for: dead, liveness))
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder.cache)/\(TemporaryName.make(dead))"))
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder.locks)/damaged.owner"))
        age("\(folder.locks)/damaged.owner", by: 1000)
        age(folder.presence(of: dead.name), by: 1000)
        #expect(liveness.dead() == [dead.name])
        folder.sweep(as: foreign("heir"), liveness)
        #expect(
            entries(folder.locks) == [] && entries(folder.cache) == ["locks", "processes"], "\(entries(folder.cache))")
        // For a day it tells whoever finds something of its that nobody will come for it.
        #expect(entries(folder.processes) == ["\(dead.name).json"])
        age(folder.presence(of: dead.name), by: 86_400)
        folder.sweep(as: foreign("heir"), liveness)
        #expect(entries(folder.processes) == [])
        withExtendedLifetime((presence, lost)) {}
    }

    @Test func `a heartbeat renews its time, and a presence that was removed`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let one = foreign()
        let presence = try Presence(in: folder, as: one, interval: 0.02)
        let path = folder.presence(of: one.name)
        age(path, by: 1000)
        let liveness = Liveness(folder)
        for _ in 0..<500 where !liveness.isAlive(one.name, trace: "/nowhere") { usleep(10_000) }
        #expect(liveness.isAlive(one.name, trace: "/nowhere"))
        unlink(path)
        for _ in 0..<500 where liveness.identity(of: one.name) == nil { usleep(10_000) }
        #expect(liveness.identity(of: one.name) == one)
        withExtendedLifetime(presence) {}
    }

    /// All at once take over one dead process's claim, again and again: it always ends as one living process's.
    @Test func `of many who take over one claim one is named, and nothing is left over`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let takers = (0..<4).map { foreign("taker\($0)") }
        let presences = try takers.map { try Presence(in: folder, as: $0) }
        let most = Atomic<Int>(0)
        for _ in 0..<50 {
            let dead = foreign("dead")
            let liveness = Liveness(folder)
            do {
                let presence = try Presence(in: folder, as: dead)
                let lost = try #require(try ReelClaim.take(claim, for: dead, liveness))
                age(folder.presence(of: dead.name), by: 1000)
                let held = Guarded<[ReelClaim]>([])
                DispatchQueue.concurrentPerform(iterations: takers.count) { index in
                    if let claim = try? ReelClaim.take(claim, for: takers[index], liveness) {
                        held.update { $0.append(claim) }
                    }
                }
                most.max(held.value.count, ordering: .relaxed)
                // More than one would be no harm, and is rare: see `ReelClaim.remove`.
                #expect(held.value.count >= 1)
                #expect(ReelClaim.holder(claim, liveness)?.host.hasPrefix("taker") == true)
                held.update { $0 = [] }
                withExtendedLifetime((presence, lost)) {}
            }
            #expect(entries(folder.locks) == [], "\(entries(folder.locks))")
        }
        print("at most \(most.load(ordering: .relaxed)) of \(takers.count) had it at once")
        withExtendedLifetime(presences) {}
    }

    /// Two writers of one reel put their files in place at the same time, again and again.
    @Test func `a film that several write at once is whole`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/eyes/block_12_add/1"
        let errors = Guarded<[String]>([])
        let holes = Guarded<[String]>([])
        let isDone = Atomic<Bool>(false)
        let reader = Thread {
            while !isDone.load(ordering: .relaxed) {
                // Where there is a record all that it lists is there: before and after it was looked for.
                guard access("\(path)/film.json", F_OK) == 0 else { continue }
                for name in ["film.mp4", "facets/01-a.png", "facets/02-b.png"]
                where access("\(path)/\(name)", F_OK) != 0 {
                    holes.update { $0.append(name) }
                }
            }
        }
        reader.start()
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            for _ in 0..<40 {
                do {
                    let folder = try ReelFolder(path: path, under: root)
                    for name in ["film.mp4", "facets/01-a.png", "facets/02-b.png", "film.json"] {
                        try folder.write(Data(name.utf8), name)
                    }
                    try folder.publish(["film.mp4", "facets"])
                } catch { errors.update { $0.append("\(error)") } }
            }
        }
        isDone.store(true, ordering: .relaxed)
        #expect(errors.value == [], "\(errors.value.prefix(3))")
        #expect(holes.value == [], "\(holes.value.prefix(3))")
        #expect(entries(path) == ["facets", "film.json", "film.mp4"])
        #expect(entries("\(path)/facets") == ["01-a.png", "02-b.png"])
        let film = try Data(contentsOf: URL(fileURLWithPath: "\(path)/film.mp4"))
        #expect(film == Data("film.mp4".utf8))
    }
}
