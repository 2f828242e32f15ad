import Foundation

/// A file that appears whole or not at all: it is written under a temporary name in the same folder, brought to the
/// disk and renamed. Without `publish` the temporary file is gone with this object.
final class AtomicFile {
    let path: String
    /// Where it is written until it is whole.
    let temporaryPath: String
    private var isPublished = false

    /// - Throws: `FilmError` for a path that no file can have.
    init(path: String) throws(FilmError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw FilmError(place: path, reason: "is no name for a file")
        }
        self.path = path
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        temporaryPath = "\(folder).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    }

    deinit {
        if !isPublished { unlink(temporaryPath) }
    }

    /// Writes bytes to `path`.
    static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FilmError) {
        let file = try AtomicFile(path: path)
        let descriptor = open(file.temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw file.error("cannot be created") }
        defer { close(descriptor) }
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw file.error("cannot be written") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        try file.publish()
    }

    /// Brings the temporary file to the disk and under its name.
    func publish() throws(FilmError) {
        let descriptor = open(temporaryPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error("cannot be read back") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw error("cannot be brought to the disk") }
        guard rename(temporaryPath, path) == 0 else { throw error("cannot be put in its place") }
        isPublished = true
    }

    private func error(_ what: String) -> FilmError {
        FilmError(
            place: path, systemReason: what, remedy: "check that the folder exists, can be written and has space left")
    }
}
