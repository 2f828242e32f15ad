import Foundation

/// The system's `open`, repeated if a signal interrupts it. A new file may be read and written by everybody whom the
/// process's mask does not exclude.
/// - Returns: a descriptor, or a negative number with the reason in `errno`.
func openDescriptor(_ path: String, _ flags: Int32) -> Int32 {
    while true {
        let descriptor = open(path, flags | O_CLOEXEC, 0o666)
        if descriptor >= 0 || errno != EINTR { return descriptor }
    }
}

/// Flushes a file's bytes, or a folder's entries, to the disk.
/// - Returns: 0, or the system's reason.
func synchronizeDescriptor(_ descriptor: Int32) -> Int32 {
    while fsync(descriptor) != 0 {
        guard errno == EINTR else { return errno }
    }
    return 0
}
