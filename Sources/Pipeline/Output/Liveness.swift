import Disk
import Foundation

/// Tells which of the processes that share an output folder are alive, by the heartbeats of their `Presence`. For
/// processes of this machine, it also asks the system.
///
/// It may be wrong: a process that was suspended for longer than `patience` is taken for dead, and may go on later.
/// Then two processes make the same film. This costs time and nothing else: their temporary names differ, and they
/// write the same bytes.
public struct Liveness: Sendable {
    private let folder: RunFolder
    private let clock: FileSystemClock
    private let patience: Double

    /// Seconds without a heartbeat after which a process counts as dead: fifteen heartbeats. Machines may see a file's
    /// time a minute late (NFS attribute caches), and a file server may be away while it restarts.
    public static let patience = 300.0

    public init(_ folder: RunFolder, clock: FileSystemClock? = nil, patience: Double = Liveness.patience) {
        self.folder = folder
        self.clock = clock ?? FileSystemClock(folder: folder.processes)
        self.patience = patience
    }

    /// The identity of a process; nil if there is no file that says it.
    func identity(of name: String) -> ProcessIdentity? {
        ProcessIdentity.stored(in: folder.presence(of: name))
    }

    /// Whether a process is alive, as far as anyone can know.
    ///
    /// - Parameter trace: a file or folder that the process made. If the process has no heartbeat, the age of `trace`
    ///   decides, so that no process is taken for dead only because its heartbeat cannot be seen yet.
    func isAlive(_ name: String, trace: String) -> Bool {
        if let time = FileTime.modifiedElsewhere(folder.presence(of: name)) {
            if identity(of: name)?.isKnownToBeDead == true { return false }
            return isRecent(time)
        }
        return isRecent(trace)
    }

    /// Whether a process that a claim names is alive. One of this machine has a presence file that can be seen here at
    /// once, so that a claim of one without is damaged or forged.
    func isOwner(_ name: String, of claim: String) -> Bool {
        if ProcessIdentity.isOfThisMachine(name), FileTime.modified(folder.presence(of: name)) == nil { return false }
        return isAlive(name, trace: claim)
    }

    /// Whether a file was written within the last so many seconds (nil: `patience`), by the file system's clock; false if
    /// it is gone.
    func isRecent(_ path: String, within seconds: Double? = nil) -> Bool {
        // A file that may not be opened can still be looked at.
        (FileTime.modifiedElsewhere(path) ?? FileTime.modified(path)).map { isRecent($0, within: seconds) } ?? false
    }

    private func isRecent(_ time: Double, within seconds: Double? = nil) -> Bool {
        // Where no file can be made there is nothing better than the machine's own clock. A time to come, from a clock
        // that was wrong, says nothing: a living process renews it.
        let now = clock.now() ?? Date().timeIntervalSince1970
        return abs(now - time) < seconds ?? patience
    }

    /// Whether the process that made this temporary file or folder is dead. A name that does not say which process made
    /// it counts as abandoned: it is protected only by its lock.
    func isAbandoned(_ path: String) -> Bool {
        guard let writer = TemporaryName.writer(of: (path as NSString).lastPathComponent) else { return true }
        return !isAlive(writer, trace: path)
    }

    /// The dead processes whose presence files are still there: those without a heartbeat, and those of this machine of
    /// which it knows that they have ended.
    func dead() -> [String] {
        let names = (try? Folder.entries(of: folder.processes)) ?? []
        return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.filter { name in
            let path = folder.presence(of: name)
            let isSuspect =
                ProcessIdentity.isOfThisMachine(name) || FileTime.modified(path).map { !isRecent($0) } ?? false
            return isSuspect && !isAlive(name, trace: path)
        }
    }

    /// Whether a process has been dead for so long that everything it left is known to be old by its own age.
    func isForgotten(_ name: String) -> Bool {
        guard let time = FileTime.modifiedElsewhere(folder.presence(of: name)), let now = clock.now() else {
            return false
        }
        return now - time > Self.memory
    }

    /// Seconds: a day.
    private static let memory = 86_400.0
}
