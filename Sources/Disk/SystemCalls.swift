import Foundation

/// The system's `open`, begun again where a signal has interrupted it. What is made may be read and written by all whom
/// the process's mask allows to.
/// - Returns: a descriptor, or a negative number with the reason in `errno`.
func openDescriptor(_ path: String, _ flags: Int32) -> Int32 {
    while true {
        let descriptor = open(path, flags | O_CLOEXEC, 0o666)
        if descriptor >= 0 || errno != EINTR { return descriptor }
    }
}

/// Writes all bytes, however many calls that takes.
/// - Returns: 0, or the system's reason why not all are written.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
        let count = write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        // That nothing was written and nothing is wrong is not to happen with files, and must not go on for ever.
        guard count > 0 else { return count < 0 ? errno : EIO }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
}

/// Brings a file's bytes, or a folder's entries, to the disk.
/// - Returns: 0, or the system's reason.
func synchronizeDescriptor(_ descriptor: Int32) -> Int32 {
    while fsync(descriptor) != 0 {
        guard errno == EINTR else { return errno }
    }
    return 0
}
