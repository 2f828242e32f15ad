import Disk
import Foundation

/// The places in an output folder where a run keeps everything that is not a film.
public struct RunFolder: Sendable {
    public let output: String
    /// The folder of the files that are not for users.
    public let cache: String

    public init(output: String) {
        self.output = output
        cache = "\(output)/.cache"
    }

    /// - Parameter cache: the `.cache` of an output folder.
    init(cache: String) {
        self.cache = cache
        output = (cache as NSString).deletingLastPathComponent
    }

    var locks: String { "\(cache)/locks" }
    func lock(ofReel folder: String) -> String { "\(locks)/\(Self.fileName(folder)).lock" }
    public func claim(ofReel folder: String) -> String { "\(locks)/\(Self.fileName(folder)).owner" }

    /// Where each process that works here has a file; see `Presence`.
    var processes: String { "\(cache)/processes" }
    func presence(of process: String) -> String { "\(processes)/\(process).json" }

    public func log(ofReel folder: String) -> String { "\(cache)/logs/\(Self.fileName(folder)).jsonl" }

    /// The plans: which films runs are to make here; see `BatchPlan`.
    public var plans: String { "\(cache)/plans" }
    public func plan(_ key: String) -> String { "\(plans)/\(key).json" }

    /// The reports of the shards of a batch; see `BatchReport`.
    public var batches: String { "\(cache)/batches" }
    public func batch(_ name: String) -> String { "\(batches)/\(name)" }

    var report: String { "\(output)/report.json" }
    var junit: String { "\(output)/junit.xml" }

    var reportLock: String { "\(locks)/report.lock" }

    /// Writes a small file; it appears whole or not at all, even if other processes write it, too.
    ///
    /// - Throws: `DiskError`.
    public func replace(_ path: String, by data: Data) throws(DiskError) {
        for folder in [cache, (path as NSString).deletingLastPathComponent] { try Folder.make(folder) }
        let isOwn = path.hasPrefix(cache + "/")
        // Written in the cache and not beside the file, so that a killed process leaves nothing in the folder of the
        // films.
        try WholeFile.write(data, to: path, temporarilyIn: cache, isOwn: isOwn)
    }

    /// Removes what dead processes left behind. This is quick even if thousands share the folder: of processes with a
    /// recent heartbeat, only names and times are looked at.
    func sweep(as identity: ProcessIdentity, _ liveness: Liveness) {
        FileLock.sweep(locks)
        let dead = liveness.dead()
        if !dead.isEmpty { ReelClaim.sweep(locks, as: identity, liveness) }
        for folder in [cache, locks, processes] {
            for name in (try? Folder.entries(of: folder)) ?? [] {
                let path = "\(folder)/\(name)"
                if TemporaryName.writer(of: name) != nil { TemporaryName.sweep(path) { liveness.isAbandoned(path) } }
            }
        }
        // Until then, the file tells processes that find something of the dead one that it will not come back.
        for process in dead where liveness.isForgotten(process) { unlink(presence(of: process)) }
    }

    /// No part of a reel's folder has a tilde, so no two reels share a name.
    private static func fileName(_ folder: String) -> String { String(folder.map { $0 == "/" ? "~" : $0 }) }
}
