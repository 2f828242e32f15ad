import Disk
import Foundation
import Glibc
import Records

extension RunReport {
    /// Writes `report.json` and `junit.xml` into the output folder; each appears whole or not at all. If two runs write
    /// into one folder, the files of the later one stay.
    ///
    /// - Throws: naming the file.
    public func write(to output: String) throws {
        let folder = RunFolder(output: output)
        // The lock is held for milliseconds. A process that holds it longer is dead, or the file system has no locks.
        let deadline = Deadline(after: 5)
        var lock = try FileLock.take(folder.reportLock)
        while lock == nil, !deadline.hasPassed {
            usleep(10_000)
            lock = try FileLock.take(folder.reportLock)
        }
        try folder.replace(folder.report, by: try json())
        try folder.replace(folder.junit, by: junit { ReelLog.tail(of: $0, lines: 3) })
        withExtendedLifetime(lock) {}
    }
}
