import Foundation
import Glibc

/// An exclusive lock between processes (flock) on a file that exists for nothing else. The system takes it back when its
/// process ends, however it ends; the file is removed with the lock.
///
/// Files and not the reels' own folders: folders cannot be locked on NFS, where the file also has to be open for writing.
final class FileLock: Sendable {
    let path: String
    private let descriptor: Int32

    /// Takes the lock, or returns nil where another holds it. On a file system that knows no locks it is as if nobody
    /// ever held one: then `ReelClaim` is all that keeps two processes from doing the same work.
    ///
    /// - Throws: `ReelFolderError` where the file cannot be made.
    static func take(_ path: String) throws(ReelFolderError) -> FileLock? {
        while true {
            let descriptor = try openFile(path)
            let number = SystemLock.take(descriptor)
            guard number == 0 else {
                close(descriptor)
                switch number {
                case EWOULDBLOCK: return nil
                case EINTR: continue
                case ENOLCK, ENOSYS, EOPNOTSUPP: return FileLock(path: path, descriptor: try openFile(path))
                default:
                    errno = number
                    throw ReelFolderError("lock", path)
                }
            }
            // Whoever held it before has removed the file; a third process may have made a new one and locked that. Only
            // the lock on the file that has the name counts.
            if isFile(descriptor, path) { return FileLock(path: path, descriptor: descriptor) }
            close(descriptor)
        }
    }

    /// Whether the lock could be taken now. Makes no file.
    static func isFree(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return !SystemLock.isHeld(descriptor)
    }

    /// Removes the files that processes left behind when they were killed.
    static func sweep(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".lock") {
            // Taking it and giving it back removes it.
            _ = try? take("\(folder)/\(name)")
        }
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // While it is still locked: afterwards the name might be another's.
        unlink(path)
        close(descriptor)
    }

    private static func openFile(_ path: String) throws(ReelFolderError) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return descriptor }
            switch errno {
            case EINTR: continue
            case ENOENT: try ReelFolder.makeFolder((path as NSString).deletingLastPathComponent)
            default: throw ReelFolderError("make the lock", path)
            }
        }
    }

    private static func isFile(_ descriptor: Int32, _ path: String) -> Bool {
        var (own, named) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }
}
