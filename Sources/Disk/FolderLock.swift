import Foundation

/// An exclusive lock between processes on a folder itself; it dies with this object, and with its process.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Where the file system knows no locks on folders it is as if nobody ever held one.
    ///
    /// - Parameter waits: for the one that holds it; otherwise the folder has to be one that nobody else locks.
    public init(_ folder: String, waits: Bool) throws(DiskError) {
        descriptor = openDescriptor(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw DiskError(.open, folder) }
        _ = SystemLock.take(descriptor, waits: waits)
    }

    deinit { close(descriptor) }
}
