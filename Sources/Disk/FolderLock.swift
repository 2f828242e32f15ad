import Foundation

/// An exclusive lock between processes on a folder itself; it ends with this object, and with its process.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// On a file system without locks on folders, nobody ever seems to hold one.
    ///
    /// - Parameter waits: whether to wait for another holder, for a minute at most; if not, the folder must be one that
    ///   nobody else locks.
    public init(_ folder: String, waits: Bool) throws(DiskError) {
        descriptor = openDescriptor(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw DiskError(.lock, folder) }
        // Not by the system's own waiting, which no signal would end.
        for _ in 0..<Self.tries {
            guard SystemLock.take(descriptor) == EWOULDBLOCK, waits else { return }
            usleep(Self.pause)
        }
        throw DiskError(folder, "is locked by another process", remedy: "it writes pages there; run the command again")
    }

    private static let pause: UInt32 = 20_000
    /// A minute's.
    private static let tries = 3000

    deinit { close(descriptor) }
}
