import Disk
import Foundation
import Threads

/// Tells all processes that share an output folder that this one is alive: a file with its identity. The time of the
/// file is renewed again and again (the heartbeat), and the file is removed when the process ends normally.
///
/// Where the system has no thread for the heartbeat, other processes take this one for dead after a while, and may
/// render its films as well, which costs time and nothing else.
final class Presence {
    let identity: ProcessIdentity
    private let path: String
    private let alarm: Alarm
    private let thread: SystemThread?

    /// Seconds between two heartbeats. A thousand processes ask a file server for fifty changes a second.
    static let interval = 20.0

    /// - Throws: `DiskError` where the file cannot be written.
    init(
        in folder: RunFolder, as identity: ProcessIdentity = .current, interval: Double = Presence.interval
    ) throws(DiskError) {
        let path = folder.presence(of: identity.name)
        let contents = (try? JSONEncoder().encode(identity)) ?? Data()
        try Folder.make(folder.processes)
        try WholeFile.overwrite(path, with: contents)
        self.path = path
        self.identity = identity
        let alarm = Alarm()
        self.alarm = alarm
        thread = try? SystemThread {
            while alarm.waits(interval) {
                // No time is given: that of the file system counts.
                do throws(DiskError) { try FileTime.renew(path) } catch {
                    // Another process took this one for dead, perhaps because it was suspended for long.
                    if error.kind == .notFound { try? WholeFile.overwrite(path, with: contents) }
                }
            }
        }
    }

    deinit {
        alarm.ring()
        thread?.join()
        unlink(path)
    }
}
