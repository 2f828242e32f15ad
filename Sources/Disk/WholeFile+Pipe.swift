import Foundation

extension WholeFile {
    /// Seconds until somebody must have begun to write to a pipe.
    public static let patience = 2.0

    /// The bytes of a regular file, or of a pipe or terminal up to its end (`<(...)`, `/dev/stdin`).
    ///
    /// - Parameter limit: one byte more than this is read at most; the caller looks at the number.
    /// - Throws: `DiskError`, also where nobody writes to a pipe.
    public static func bytes(
        ofFileOrPipe path: String, limit: Int, patience: Double = patience
    ) throws(DiskError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw DiskError(path, "has a zero in its name") }
        // A descriptor may be a socket, which cannot be opened by its name.
        let number = Destination.descriptor(path)
        let descriptor = number.map { dup($0) } ?? openDescriptor(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw DiskError(.open, path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DiskError(.examine, path) }
        if status.st_mode & S_IFMT == S_IFDIR { throw DiskError(path, "is a folder") }
        let isPipe = number == nil && status.st_mode & S_IFMT == S_IFIFO
        if isPipe, !isReady(descriptor, within: patience) {
            throw DiskError(path, "is a pipe to which nobody writes", remedy: "start its writer first")
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = read(descriptor, &piece, min(piece.count, limit + 1 - bytes.count))
            if count == 0 { break }
            if count > 0 {
                bytes += piece[..<count]
            } else if errno == EAGAIN {
                _ = isReady(descriptor, within: nil)
            } else if errno != EINTR {
                throw DiskError(.read, path)
            }
        }
        return bytes
    }

    /// Waits until there is something to read, or until the last writer has gone.
    /// - Parameter seconds: nil: for ever.
    private static func isReady(_ descriptor: Int32, within seconds: Double?) -> Bool {
        var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&end, 1, seconds.map { Int32($0 * 1000) } ?? -1)
            if count >= 0 { return count > 0 }
            guard errno == EINTR else { return false }
        }
    }
}
