import Foundation

/// An exclusive lock between processes on a folder itself; it ends with this object, and with its process.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// On a file system without locks on folders, nobody ever seems to hold one.
    ///
    /// - Parameter waits: whether to wait for another holder; if not, the folder must be one that nobody else locks.
    public init(_ folder: String, waits: Bool) throws(DiskError) {
        descriptor = openDescriptor(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw DiskError(.lock, folder) }
        _ = SystemLock.take(descriptor, waits: waits)
    }

    deinit { close(descriptor) }
}
