import Disk
import Foundation
import Records

/// A reel's folder on disk while its film is made. Everything is written beside the finished files and put in their
/// place at the end, `film.json` last. So a folder with a `film.json` is whole, whatever happened.
///
/// The unfinished files lie in `.partial-<process>~<random>`. This folder is locked (flock) as long as its writer is
/// alive; the next writer removes those of dead ones. If nothing keeps them apart, several processes may write one
/// reel, each into a folder of its own. As they all write the same bytes, it does not matter whose files remain.
public final class ReelFolder {
    /// Where the finished files will lie.
    let path: String
    /// Where they lie until `publish`.
    let partial: String
    /// The folder that is never removed; nil: `path` itself.
    private let root: String?
    private let lock: FolderLock
    private var isPublished = false

    /// - Parameter root: a folder above `path`. The folders between it and the files are removed if they stay empty.
    /// - Throws: `DiskError` where the folder cannot be made.
    init(path: String, under root: String? = nil) throws(DiskError) {
        self.path = path
        self.root = root
        try Folder.make(path)
        // What cannot be replaced at the end is better known at the beginning.
        for name in [FilmRecord.fileName, "film.mp4", "poster.png"] { _ = try WholeFile.place(of: "\(path)/\(name)") }
        Self.sweep(path, root.map { Liveness(RunFolder(output: $0)) })
        partial = "\(path)/\(TemporaryName.make())"
        try Folder.make(partial)
        lock = try FolderLock(partial, waits: false)
    }

    deinit {
        guard !isPublished else { return }
        try? FileManager.default.removeItem(atPath: partial)
        if let root { Self.removeEmptyFolders(path, upTo: root) }
    }

    /// Removes a folder, and then the folders above it that are below `root`, as long as they are empty.
    private static func removeEmptyFolders(_ path: String, upTo root: String) {
        var folder = path
        while folder.hasPrefix(root + "/"), rmdir(folder) == 0 {
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    /// The temporary path of the file `name`; the folders on the way to it are made.
    func temporaryPath(_ name: String) throws(DiskError) -> String {
        let file = "\(partial)/\(name)"
        try Folder.make((file as NSString).deletingLastPathComponent)
        return file
    }

    /// Writes a small file to the temporary path of `name`.
    func write(_ data: Data, _ name: String) throws(DiskError) {
        try WholeFile.overwrite(try temporaryPath(name), with: data)
    }

    /// What has been written so far, sorted by path.
    func outputs() throws -> [FilmRecord.Output] {
        try Self.files(in: partial).map { name in
            let file = "\(partial)/\(name)"
            guard let signature = FileSignature(file) else { throw DiskError(.examine, file) }
            return FilmRecord.Output(path: name, bytes: signature.size, sha256: try SHA256.hexDigest(ofFile: file))
        }
    }

    /// The files in a folder and in those below it, relative to it, sorted.
    private static func files(in folder: String) throws(DiskError) -> [String] {
        var files: [String] = []
        for name in try Folder.entries(of: folder) {
            if Folder.exists("\(folder)/\(name)") {
                files += try Self.files(in: "\(folder)/\(name)").map { "\(name)/\($0)" }
            } else {
                files.append(name)
            }
        }
        return files.sorted()
    }

    /// Puts the files and folders `names` in their places, and removes what was there before. `film.json` must have
    /// been written; it need not be among the names.
    /// - Parameter optional: names of folders that the film may have. If it has none, that of an earlier film is emptied.
    func publish(_ names: [String], optional: [String] = []) throws(DiskError) {
        // From here until the end the folder is not whole, so it must not have a record.
        try WholeFile.remove(WholeFile.place(of: "\(path)/\(FilmRecord.fileName)"))
        try Folder.synchronize(path)
        for name in names {
            if Folder.exists("\(partial)/\(name)") {
                try putFolder(name)
            } else {
                try put(name)
            }
        }
        for name in optional {
            if Folder.exists("\(partial)/\(name)") {
                try putFolder(name)
            } else if Folder.exists("\(path)/\(name)") {
                removeOurs(in: name, but: [])
                rmdir("\(path)/\(name)")
            }
        }
        // All other files are on the disk before the record is, even if the power fails.
        try Folder.synchronize(path)
        try put(FilmRecord.fileName)
        try Folder.synchronize(path)
        isPublished = true
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Puts a file in its place, and never leaves the place empty: another process may be just writing the record.
    private func put(_ name: String) throws(DiskError) {
        try WholeFile.publish("\(partial)/\(name)", as: "\(path)/\(name)")
    }

    /// The same for the files of a folder; then files that do not belong to this film are removed.
    private func putFolder(_ name: String) throws(DiskError) {
        let target = "\(path)/\(name)"
        try Folder.make(target)
        let files = try Folder.entries(of: "\(partial)/\(name)")
        for file in files { try put("\(name)/\(file)") }
        removeOurs(in: name, but: files)
        try Folder.synchronize(target)
    }

    /// Removes files of earlier films from a folder.
    private func removeOurs(in name: String, but files: [String]) {
        let target = "\(path)/\(name)"
        // Through a link lies a folder that is for more than this film.
        let isLink = (try? Link.target(of: target)) != .some(nil)
        for file in (try? Folder.entries(of: target)) ?? [] where !isLink && !files.contains(file) && isOurs(file) {
            unlink("\(target)/\(file)")
        }
    }

    /// Whether a file has the name of a facet's picture, `01-naive.png`, or of a photograph's cut, `strongest-01.jpg`.
    /// Everything else is somebody else's.
    private func isOurs(_ name: String) -> Bool {
        for kind in ["strongest-", "weakest-"] where name.hasPrefix(kind) && name.hasSuffix(".jpg") {
            return name.dropFirst(kind.count).dropLast(4).allSatisfy { $0.isASCII && $0.isNumber }
        }
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && name.dropFirst(digits.count).hasPrefix("-") && name.hasSuffix(".png")
    }

    /// Removes the unfinished files of dead writers.
    /// - Parameter liveness: tells who is alive; nil: a writer without a lock counts as dead.
    static func sweep(_ path: String, _ liveness: Liveness?) {
        for entry in (try? Folder.entries(of: path)) ?? [] where TemporaryName.isTemporary(entry) {
            let stale = "\(path)/\(entry)"
            TemporaryName.sweep(stale) { liveness?.isAbandoned(stale) ?? true }
        }
    }
}
