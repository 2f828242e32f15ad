import Foundation

/// Opens a device, pipe or socket for writing. A pipe that nobody reads is an error (`ENXIO`), not a reason to wait.
/// - Returns: as `openDescriptor`.
func openStream(_ path: String) -> Int32 {
    let descriptor = openDescriptor(path, O_WRONLY | O_NONBLOCK)
    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
    return descriptor
}

/// Writes all bytes, however many calls that takes.
/// - Returns: 0, or the system's reason why not all are written.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
        let count = write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        // Somebody who shares a pipe or terminal with this process has asked for this behaviour.
        if count < 0, errno == EAGAIN {
            var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&end, 1, -1)
            continue
        }
        // A file should never take nothing without an error; if it does, this must not go on for ever.
        guard count > 0 else { return count < 0 ? errno : EIO }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
}
