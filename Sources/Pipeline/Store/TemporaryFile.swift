import Foundation
import Glibc

/// A file that is being written under a temporary name, locked (flock) as long as its writer lives, so that those of
/// writers that died can be told and swept. It goes away unless it is given its own name.
final class TemporaryFile {
    private let path: String
    private let descriptor: Int32
    private var isPublished = false

    private static let prefix = ".partial-"

    /// - Throws: `StoreError` where it cannot be made.
    init(in folder: String) throws(StoreError) {
        while true {
            // Not reproducible, and need not be: the name is gone once the file has its own.
            let path = "\(folder)/\(Self.prefix)\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw StoreError("cannot make", path) }
            _ = flock(descriptor, LOCK_EX | LOCK_NB)
            // Somebody may have swept it before it was locked.
            var status = stat()
            if fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                (self.path, self.descriptor) = (path, descriptor)
                return
            }
            close(descriptor)
        }
    }

    deinit {
        if !isPublished { unlink(path) }
        close(descriptor)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StoreError("cannot write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Brings the file to the disk and under its name.
    func publish(as name: String) throws(StoreError) {
        guard fsync(descriptor) == 0 else { throw StoreError("cannot bring to the disk", path) }
        guard rename(path, name) == 0 else { throw StoreError("cannot put in its place", name) }
        isPublished = true
    }

    /// Whether a file of this name is one that is being written, or was.
    static func isTemporary(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// Removes the file if its writer is no more.
    static func sweep(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        close(descriptor)
    }
}

/// What could not be done with which file, in the system's words.
struct StoreError: Error, CustomStringConvertible {
    let description: String

    /// Takes the reason from `errno`.
    init(_ action: String, _ path: String) {
        description = "\(action) \(path): \(String(cString: strerror(errno)))"
    }
}
