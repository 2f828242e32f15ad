import Foundation

/// An exclusive lock between processes (flock) on a file that exists only for this purpose. The system releases the
/// lock when its process ends, however it ends. The file is removed together with the lock.
///
/// The reels' own folders are not locked: on NFS folders cannot be locked, and a locked file must be open for writing.
public final class FileLock: Sendable {
    public let path: String
    private let descriptor: Int32

    /// Takes the lock, or returns nil if another process holds it. On a file system without locks, nobody ever seems to
    /// hold one: then callers need a second guard, if two processes must not have it at once.
    ///
    /// - Throws: where the file cannot be made.
    public static func take(_ path: String) throws(DiskError) -> FileLock? {
        for _ in 0..<rounds {
            let descriptor = try openFile(path)
            let number = SystemLock.take(descriptor)
            guard number == 0 else {
                close(descriptor)
                switch number {
                case EWOULDBLOCK: return nil
                case ENOLCK, ENOSYS, EOPNOTSUPP: return FileLock(path: path, descriptor: try openFile(path))
                default: throw DiskError(.lock, path, number: number)
                }
            }
            // The process that held it before has removed the file, and a third process may have made and locked a new
            // one. Only the lock on the file that has the name counts.
            if isFile(descriptor, path) { return FileLock(path: path, descriptor: descriptor) }
            close(descriptor)
        }
        throw DiskError(path, "cannot be locked", remedy: "it changes all the time; check the disk or its server")
    }

    /// If it takes more, others come and go all the time, or the file system tells nonsense.
    private static let rounds = 100

    /// Whether the lock could be taken now. Makes no file.
    public static func isFree(_ path: String) -> Bool {
        let descriptor = openDescriptor(path, O_RDWR)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return !SystemLock.isHeld(descriptor)
    }

    /// Removes the files that processes left behind when they were killed.
    public static func sweep(_ folder: String) {
        for name in (try? Folder.entries(of: folder)) ?? [] where name.hasSuffix(".lock") {
            // Taking the lock and giving it back removes the file.
            _ = try? take("\(folder)/\(name)")
        }
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Removed while it is still locked: afterwards, the name might belong to another process.
        unlink(path)
        close(descriptor)
    }

    private static func openFile(_ path: String) throws(DiskError) -> Int32 {
        for _ in 0..<rounds {
            let descriptor = openDescriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW)
            if descriptor >= 0 { return descriptor }
            switch errno {
            case ENOENT: try Folder.make((path as NSString).deletingLastPathComponent)
            // A link is no lock of ours, and what it leads to is no business of ours.
            case ELOOP where unlink(path) == 0 || errno == ENOENT: break
            case ELOOP: throw DiskError(.make, path, number: ELOOP)
            case let number: throw DiskError(.make, path, number: number)
            }
        }
        throw DiskError(.make, path, number: ENOENT)
    }

    private static func isFile(_ descriptor: Int32, _ path: String) -> Bool {
        var (own, named) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }
}
