import Film
import Foundation
import Glibc
import Records

/// A reel's folder on disk while its film is made: everything is written beside the finished files and put in their
/// place at the end, `film.json` last, so that a folder with a `film.json` is whole whatever happened.
///
/// The unfinished files lie in `.partial-<process>~<random>` and are locked (flock) as long as their writer lives; those
/// of writers that died are swept by the next one. Several may write one reel, where nothing keeps them apart: each into
/// a folder of its own, and as they write the same bytes it does not matter whose file comes to lie in which place.
final class ReelFolder {
    /// Where the finished files will lie.
    let path: String
    /// Where they lie until `publish`.
    let partial: String
    /// The folder that stays whatever happens; nil: the one of `path`.
    private let root: String?
    private let lock: Int32
    private var isPublished = false

    /// The name of the file that says that a folder is whole.
    static let record = FilmRecord.fileName

    /// - Parameter root: a folder above; those between it and the files go when nothing comes to lie in them.
    /// - Throws: `ReelFolderError` where the folder cannot be made.
    init(path: String, under root: String? = nil) throws(ReelFolderError) {
        self.path = path
        self.root = root
        try Self.makeFolder(path)
        Self.sweep(path, root.map { Liveness(RunFolder(output: $0)) })
        partial = "\(path)/\(TemporaryName.make())"
        try Self.makeFolder(partial)
        lock = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw ReelFolderError("open", partial) }
        _ = SystemLock.take(lock)
    }

    deinit {
        if !isPublished {
            try? FileManager.default.removeItem(atPath: partial)
            if let root { Self.removeEmptyFolders(path, upTo: root) }
        }
        close(lock)
    }

    /// Removes a folder and those above it, below `root`, as far as nothing lies in them.
    private static func removeEmptyFolders(_ path: String, upTo root: String) {
        var folder = path
        while folder.hasPrefix(root + "/"), rmdir(folder) == 0 {
            folder = (folder as NSString).deletingLastPathComponent
        }
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

    /// What has been written so far, sorted by path.
    func outputs() throws -> [FilmRecord.Output] {
        try Self.files(in: partial).map { name in
            var status = stat()
            let file = "\(partial)/\(name)"
            guard stat(file, &status) == 0 else { throw ReelFolderError("examine", file) }
            return FilmRecord.Output(
                path: name, bytes: Int(status.st_size), sha256: try SHA256.hexDigest(ofFile: file))
        }
    }

    /// The files in a folder and in those below it, relative to it, sorted.
    private static func files(in folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var status = stat()
            return lstat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }.sorted()
    }

    /// Puts the files (and folders) `names` in their places; what lay there before goes. `film.json` must have been
    /// written and needs no mention.
    func publish(_ names: [String]) throws(ReelFolderError) {
        // From here until the end the folder is not whole, so it must not say that it is.
        let record = "\(path)/\(Self.record)"
        if unlink(record) != 0, errno != ENOENT { throw ReelFolderError("remove", record) }
        try Self.synchronize(path)
        for name in names {
            var status = stat()
            if stat("\(partial)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                try putFolder(name)
            } else {
                try put(name)
            }
        }
        // All others are in their places before the record says so, whatever a power cut leaves.
        try Self.synchronize(path)
        try put(Self.record)
        try Self.synchronize(path)
        isPublished = true
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Puts a file in its place, and never leaves the place empty: another process may be just writing the record.
    private func put(_ name: String) throws(ReelFolderError) {
        let (source, target) = ("\(partial)/\(name)", "\(path)/\(name)")
        try Self.synchronize(source)
        if rename(source, target) != 0 { throw ReelFolderError("move", source) }
    }

    /// The same for the files of a folder; then those go that are not of this film.
    private func putFolder(_ name: String) throws(ReelFolderError) {
        let target = "\(path)/\(name)"
        try Self.makeFolder(target)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(partial)/\(name)")) ?? []
        for file in files { try put("\(name)/\(file)") }
        for file in (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? [] where !files.contains(file) {
            try? FileManager.default.removeItem(atPath: "\(target)/\(file)")
        }
        try Self.synchronize(target)
    }

    /// Removes the unfinished files of writers that are no more.
    /// - Parameter liveness: nil: those whose lock nobody holds.
    static func sweep(_ path: String, _ liveness: Liveness?) {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for entry in entries where TemporaryName.isTemporary(entry) {
            let stale = "\(path)/\(entry)"
            let descriptor = open(stale, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if !SystemLock.isHeld(descriptor), liveness?.isAbandoned(stale) ?? true {
                try? FileManager.default.removeItem(atPath: stale)
            }
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
