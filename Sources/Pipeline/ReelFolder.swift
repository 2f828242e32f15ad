import Film
import Foundation
import Glibc

/// A reel's folder on disk while its film is made: everything is written beside the finished files and put in their
/// place at the end, `film.json` last, so that a folder with a `film.json` is whole whatever happened.
///
/// The unfinished files lie in `.partial-<random>` and are locked (flock) as long as their writer lives; those of
/// writers that died are swept by the next one.
final class ReelFolder {
    /// Where the finished files will lie.
    let path: String
    /// Where they lie until `publish`.
    let partial: String
    private let lock: Int32
    private var isPublished = false

    /// The name of the file that says that a folder is whole.
    static let record = "film.json"
    private static let prefix = ".partial-"

    /// - Throws: `ReelFolderError` where the folder cannot be made.
    init(path: String) throws(ReelFolderError) {
        self.path = path
        try Self.makeFolder(path)
        Self.sweep(path)
        // Not reproducible, and need not be: the name is gone once the reel is done.
        partial = "\(path)/\(Self.prefix)\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        try Self.makeFolder(partial)
        lock = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw ReelFolderError("open", partial) }
        _ = flock(lock, LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isPublished { try? FileManager.default.removeItem(atPath: partial) }
        close(lock)
    }

    /// The temporary path of the file `name`; the folders on the way to it are made.
    func temporaryPath(_ name: String) throws(ReelFolderError) -> String {
        let file = "\(partial)/\(name)"
        try Self.makeFolder((file as NSString).deletingLastPathComponent)
        return file
    }

    /// Writes a small file to the temporary path of `name`.
    func write(_ data: Data, _ name: String) throws(ReelFolderError) {
        try Self.write(data, to: try temporaryPath(name))
    }

    /// Writes a small file.
    static func write(_ data: Data, to file: String) throws(ReelFolderError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ReelFolderError("make", file) }
        defer { close(descriptor) }
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ReelFolderError("write", file) }
            rest = rest.dropFirst(count)
        }
    }

    /// Puts the files (and folders) `names` in their places; what lay there before goes. `film.json` must have been
    /// written and needs no mention.
    func publish(_ names: [String]) throws(ReelFolderError) {
        // From here until the end the folder is not whole, so it must not say that it is.
        let record = "\(path)/\(Self.record)"
        if unlink(record) != 0, errno != ENOENT { throw ReelFolderError("remove", record) }
        for name in names + [Self.record] {
            let source = "\(partial)/\(name)"
            let target = "\(path)/\(name)"
            try Self.synchronize(source)
            // A folder can only take the place of an empty one.
            let old = "\(partial)/.old-\(name)"
            if rename(target, old) != 0, errno != ENOENT { throw ReelFolderError("move", target) }
            if rename(source, target) != 0 { throw ReelFolderError("move", source) }
        }
        try Self.synchronize(path)
        isPublished = true
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Removes the unfinished files of writers that are no more.
    private static func sweep(_ path: String) {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for entry in entries where entry.hasPrefix(prefix) {
            let stale = "\(path)/\(entry)"
            let descriptor = open(stale, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: stale) }
            close(descriptor)
        }
    }

    /// Makes a folder and those above it, where they are not there yet.
    static func makeFolder(_ path: String) throws(ReelFolderError) {
        guard mkdir(path, 0o777) != 0 else { return }
        if errno == ENOENT {
            let above = (path as NSString).deletingLastPathComponent
            guard !above.isEmpty, above != path else { throw ReelFolderError("make the folder", path) }
            try makeFolder(above)
            guard mkdir(path, 0o777) != 0 else { return }
        }
        let reason = errno
        var isFolder: ObjCBool = false
        // Somebody else may have made it meanwhile.
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return }
        errno = reason
        throw ReelFolderError("make the folder", path)
    }

    /// Brings a file or a folder's entries to the disk.
    static func synchronize(_ path: String) throws(ReelFolderError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReelFolderError("open", path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw ReelFolderError("write to the disk", path) }
    }
}

/// What could not be done with which file, in the system's words.
struct ReelFolderError: SystemError {
    let description: String
    let errorNumber: Int32?

    /// Takes the reason from `errno`.
    init(_ action: String, _ path: String) {
        let number = errno
        errorNumber = number == 0 ? nil : number
        let reason = number == 0 ? "" : ": " + String(cString: strerror(number))
        description = "cannot \(action) \(path)\(reason); check that the output folder is writable and has room"
    }
}
