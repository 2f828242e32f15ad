import Foundation

/// Files that appear whole or not at all: a temporary name in the same folder, fsync, rename.
enum AtomicFile {
    /// The name under which `path` is written until it is whole.
    static func temporaryPath(for path: String) -> String { "\(path).\(getpid()).tmp" }

    /// Writes bytes to `path`.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FilmError) {
        let temporary = temporaryPath(for: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw error(path, "cannot be created") }
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = error(path, "cannot be written")
                close(descriptor)
                unlink(temporary)
                throw failure
            }
            done += count
        }
        close(descriptor)
        try publish(temporary, as: path)
    }

    /// Brings a finished temporary file to the disk and under its name.
    static func publish(_ temporary: String, as path: String) throws(FilmError) {
        let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path, "cannot be read back") }
        let isSynced = fsync(descriptor) == 0
        let failure = error(path, "cannot be brought to the disk")
        close(descriptor)
        guard isSynced, rename(temporary, path) == 0 else {
            let renameFailure = isSynced ? error(path, "cannot be renamed from its temporary name") : failure
            unlink(temporary)
            throw renameFailure
        }
    }

    private static func error(_ path: String, _ what: String) -> FilmError {
        FilmError(
            place: path, reason: "\(what): \(String(cString: strerror(errno)))",
            remedy: "check that the folder exists, can be written and has space left")
    }
}
