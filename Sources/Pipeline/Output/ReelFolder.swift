import Disk
import Foundation
import Records

/// A reel's folder on disk while its film is made: everything is written beside the finished files and put in their
/// place at the end, `film.json` last, so that a folder with a `film.json` is whole whatever happened.
///
/// The unfinished files lie in `.partial-<process>~<random>` and are locked (flock) as long as their writer lives; those
/// of writers that died are swept by the next one. Several may write one reel, where nothing keeps them apart: each into
/// a folder of its own, and as they write the same bytes it does not matter whose file comes to lie in which place.
public final class ReelFolder {
    /// Where the finished files will lie.
    let path: String
    /// Where they lie until `publish`.
    let partial: String
    /// The folder that stays whatever happens; nil: the one of `path`.
    private let root: String?
    private let lock: FolderLock
    private var isPublished = false

    /// The name of the file that says that a folder is whole.
    public static let record = FilmRecord.fileName

    /// - Parameter root: a folder above; those between it and the files go when nothing comes to lie in them.
    /// - Throws: `DiskError` where the folder cannot be made.
    init(path: String, under root: String? = nil) throws(DiskError) {
        self.path = path
        self.root = root
        try Folder.make(path)
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

    /// Removes a folder and those above it, below `root`, as far as nothing lies in them.
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
    private static func files(in folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var status = stat()
            return lstat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }.sorted()
    }

    /// Puts the files (and folders) `names` in their places; what lay there before goes. `film.json` must have been
    /// written and needs no mention.
    func publish(_ names: [String]) throws(DiskError) {
        // From here until the end the folder is not whole, so it must not say that it is.
        try WholeFile.remove("\(path)/\(Self.record)")
        try Folder.synchronize(path)
        for name in names {
            if Folder.exists("\(partial)/\(name)") {
                try putFolder(name)
            } else {
                try put(name)
            }
        }
        // All others are in their places before the record says so, whatever a power cut leaves.
        try Folder.synchronize(path)
        try put(Self.record)
        try Folder.synchronize(path)
        isPublished = true
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Puts a file in its place, and never leaves the place empty: another process may be just writing the record.
    private func put(_ name: String) throws(DiskError) {
        try WholeFile.publish("\(partial)/\(name)", as: "\(path)/\(name)")
    }

    /// The same for the files of a folder; then those go that are not of this film.
    private func putFolder(_ name: String) throws(DiskError) {
        let target = "\(path)/\(name)"
        try Folder.make(target)
        let files = (try? Folder.entries(of: "\(partial)/\(name)")) ?? []
        for file in files { try put("\(name)/\(file)") }
        for file in (try? Folder.entries(of: target)) ?? [] where !files.contains(file) {
            try? FileManager.default.removeItem(atPath: "\(target)/\(file)")
        }
        try Folder.synchronize(target)
    }

    /// Removes the unfinished files of writers that are no more.
    /// - Parameter liveness: nil: those whose lock nobody holds.
    static func sweep(_ path: String, _ liveness: Liveness?) {
        for entry in (try? Folder.entries(of: path)) ?? [] where TemporaryName.isTemporary(entry) {
            let stale = "\(path)/\(entry)"
            TemporaryName.sweep(stale) { liveness?.isAbandoned(stale) ?? true }
        }
    }
}
