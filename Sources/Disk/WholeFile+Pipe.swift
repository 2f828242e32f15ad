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
        // Until there is a writer, a pipe reads as if it had ended.
        var hasWriter = !isPipe
        var waited = 0.0
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = read(descriptor, &piece, min(piece.count, limit + 1 - bytes.count))
            if count == 0, hasWriter { break }
            if count == 0 {
                guard waited < patience else {
                    throw DiskError(path, "is a pipe to which nobody writes", remedy: "start its writer first")
                }
                usleep(20_000)
                waited += 0.02
                continue
            }
            hasWriter = true
            if count > 0 {
                bytes += piece[..<count]
            } else if errno == EAGAIN {
                waitForBytes(descriptor)
            } else if errno != EINTR {
                throw DiskError(.read, path)
            }
        }
        return bytes
    }

    /// Waits until there is something to read, or until the last writer has gone.
    private static func waitForBytes(_ descriptor: Int32) {
        var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&end, 1, -1) < 0, errno == EINTR {}
    }
}
