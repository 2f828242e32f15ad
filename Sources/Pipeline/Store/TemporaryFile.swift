import Foundation
import Glibc

/// A file that is being written under a temporary name, which says whose it is, and locked (flock) as long as its writer
/// lives, so that those of writers that died can be told and swept. It goes away unless it is given its own name.
final class TemporaryFile {
    private let path: String
    private let descriptor: Int32
    private var isPublished = false

    /// - Throws: `StoreError` where it cannot be made.
    init(in folder: String) throws(StoreError) {
        while true {
            let path = "\(folder)/\(TemporaryName.make())"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw StoreError("cannot make", path) }
            _ = SystemLock.take(descriptor)
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

    /// Removes the file if its writer is no more.
    static func sweep(_ path: String, _ liveness: Liveness) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        if !SystemLock.isHeld(descriptor), liveness.isAbandoned(path) { unlink(path) }
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
