import Foundation

/// A regular file held open for reading; closed when the last reference goes. It is not mapped into memory: if a mapped
/// file is cut short, the program ends.
public final class OpenFile: Sendable {
    public let path: String
    /// The size in bytes when it was opened.
    public let size: Int
    private let descriptor: Int32

    public init(path: String) throws(DiskError) {
        // The system would open the part of the name before the zero.
        guard !path.utf8.contains(0) else { throw DiskError(path, "has a zero in its name") }
        // Opened without waiting: a pipe with this name must not hold the program up.
        let descriptor = openDescriptor(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw DiskError(.open, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = DiskError(.examine, path)
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DiskError(path, status.st_mode & S_IFMT == S_IFDIR ? "is a directory" : "is no regular file")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Reads `count` values from byte `offset` on. Safe to call from several threads.
    ///
    /// A file that has become shorter since it was opened is an error, where a memory map would be a crash.
    public func values<Value: BitwiseCopyable>(_ count: Int, at offset: Int) throws(DiskError) -> [Value] {
        var error: DiskError?
        let values = [Value](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            error = fill(
                UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * MemoryLayout<Value>.stride),
                from: offset)
            initializedCount = error == nil ? count : 0
        }
        if let error { throw error }
        return values
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) -> DiskError? {
        var done = 0
        while done < buffer.count {
            let count = read(UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: offset + done)
            guard count >= 0 else { return DiskError(.read, path) }
            guard count > 0 else { return DiskError(path, "has become shorter while it was read") }
            done += count
        }
        return nil
    }

    /// Gives the file to `use`, piece by piece, up to the end that it then has.
    public func forEachPiece(_ use: (UnsafeRawBufferPointer) throws(DiskError) -> Void) throws(DiskError) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { piece.deallocate() }
        var done = 0
        while true {
            let count = read(piece, at: done)
            guard count >= 0 else { throw DiskError(.read, path) }
            guard count > 0 else { return }
            try use(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            done += count
        }
    }

    /// Reads as many bytes as one call gives. Returns 0 at the end, or a negative number with the reason in `errno`.
    private func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 || errno != EINTR { return count }
        }
    }
}
