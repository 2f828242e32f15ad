import Disk
import Dispatch
import Foundation

/// Says to all that share an output folder that this process lives: a file with its identity, whose time is renewed again
/// and again (its heartbeat), and which goes when the process ends in order.
final class Presence {
    let identity: ProcessIdentity
    private let path: String
    private let timer: any DispatchSourceTimer

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
        // A queue of its own: those that all share may be full of workers.
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "facetreel.presence"))
        timer.setEventHandler {
            // With no time of its own: the file system's is what counts.
            do throws(DiskError) { try FileTime.renew(path) } catch {
                // Somebody took this process for dead, as it may have been suspended for long.
                if error.kind == .notFound { try? WholeFile.overwrite(path, with: contents) }
            }
        }
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.resume()
        self.timer = timer
    }

    deinit {
        timer.cancel()
        unlink(path)
    }
}
