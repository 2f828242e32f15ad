import Disk
import Foundation

/// Tells which of the processes that share an output folder live, by the heartbeats of their `Presence`; of those of this
/// machine also by what the system says.
///
/// It may be wrong: a process that was suspended for longer than `patience` is taken for dead and goes on later. Then two
/// make the same film, which costs time and nothing else: their temporary names differ, and so does not a byte of what
/// they write.
public struct Liveness: Sendable {
    private let folder: RunFolder
    private let clock: FileSystemClock
    private let patience: Double

    /// Seconds without a heartbeat after which a process counts as dead: fifteen heartbeats. Machines may see a file's
    /// time a minute late (NFS attribute caches), and a file server may be away while it restarts.
    static let patience = 300.0

    public init(_ folder: RunFolder) {
        self.init(folder, clock: nil)
    }

    init(_ folder: RunFolder, clock: FileSystemClock?, patience: Double = Liveness.patience) {
        self.folder = folder
        self.clock = clock ?? FileSystemClock(folder: folder.processes)
        self.patience = patience
    }

    /// The identity of a process, where its file says it.
    func identity(of name: String) -> ProcessIdentity? {
        (try? WholeFile.contents(of: folder.presence(of: name)))
            .flatMap { try? JSONDecoder().decode(ProcessIdentity.self, from: $0) }
    }

    /// Whether a process lives, as far as one can know.
    ///
    /// - Parameter trace: a file or folder that it made. Of a process without a heartbeat its age decides, so that
    ///   nobody is taken for dead whose file is not seen yet.
    func isAlive(_ name: String, trace: String) -> Bool {
        if let time = FileTime.modifiedElsewhere(folder.presence(of: name)) {
            if identity(of: name)?.isKnownToBeDead == true { return false }
            return isRecent(time)
        }
        return isRecent(trace)
    }

    /// Whether a file was written within `patience`, by the file system's clock. Of one that is gone it is not.
    func isRecent(_ path: String) -> Bool { FileTime.modifiedElsewhere(path).map(isRecent) ?? false }

    private func isRecent(_ time: Double) -> Bool {
        // Where no file can be made there is nothing better than the machine's own clock.
        let now = clock.now() ?? Date().timeIntervalSince1970
        return now - time < patience
    }

    /// Whether what has this temporary name was left by a process that is no more. Of those that do not say whose they
    /// are it is: their only guard is the lock.
    func isAbandoned(_ path: String) -> Bool {
        guard let writer = TemporaryName.writer(of: (path as NSString).lastPathComponent) else { return true }
        return !isAlive(writer, trace: path)
    }

    /// The processes that have left a presence though they are dead: those without a heartbeat, and those of this machine
    /// that it knows to be no more.
    func dead() -> [String] {
        let names = (try? Folder.entries(of: folder.processes)) ?? []
        return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.filter { name in
            let path = folder.presence(of: name)
            let isSuspect =
                ProcessIdentity.isOfThisMachine(name) || FileTime.modified(path).map { !isRecent($0) } ?? false
            return isSuspect && !isAlive(name, trace: path)
        }
    }

    /// Whether a process has been dead for so long that nothing of its is left which would not be known by its own age.
    func isForgotten(_ name: String) -> Bool {
        guard let time = FileTime.modifiedElsewhere(folder.presence(of: name)), let now = clock.now() else {
            return false
        }
        return now - time > Self.memory
    }

    /// Seconds: a day.
    private static let memory = 86_400.0
}
