import Foundation

/// A regular file, read in pieces. Not mapped into memory: a mapped file that is cut short meanwhile ends the program.
enum InputFile {
    /// The bytes of a file of at most `limit` bytes.
    static func bytes(of path: String, limit: Int) throws(FilmError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { piece throws(FilmError) in
            guard bytes.count + piece.count <= limit else {
                throw FilmError(place: path, reason: "has more than the \(limit >> 20) MiB that are read")
            }
            bytes += piece
        }
        return bytes
    }

    /// Hands the file to `use`, piece by piece.
    static func read(_ path: String, _ use: (UnsafeRawBufferPointer) throws(FilmError) -> Void) throws(FilmError) {
        guard !path.utf8.contains(0) else { throw FilmError(place: path, reason: "has a zero in its name") }
        // Not waiting: a pipe under this name must not hold the program up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FilmError(
                place: path, systemReason: "cannot be opened", remedy: "check that the file is there and readable")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FilmError(place: path, systemReason: "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FilmError(place: path, reason: "is no regular file") }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count = Foundation.read(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FilmError(place: path, systemReason: "cannot be read") }
            guard count > 0 else { return }
            try use(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
    }
}
