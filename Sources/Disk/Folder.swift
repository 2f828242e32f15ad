import Foundation

/// What is done with folders.
public enum Folder {
    /// Also false if the system does not say.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a folder, unless it exists.
    /// - Parameter withThoseAbove: whether missing folders above it are made, too.
    public static func make(_ path: String, withThoseAbove: Bool = true) throws(DiskError) {
        guard mkdir(path, 0o777) != 0 else { return }
        if errno == ENOENT, withThoseAbove {
            let above = (path as NSString).deletingLastPathComponent
            guard !above.isEmpty, above != path else { throw DiskError(.makeFolder, path, number: ENOENT) }
            try make(above)
            guard mkdir(path, 0o777) != 0 else { return }
        }
        let number = errno
        // Somebody else may have made it meanwhile.
        guard !exists(path) else { return }
        guard number == EEXIST else { throw DiskError(.makeFolder, path, number: number) }
        var status = stat()
        throw lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
            ? DiskError(
                path, "is a link that leads to no folder", remedy: "make the folder that it names, or remove it")
            : DiskError(path, "is a file, and no folder", remedy: "name a folder, or move the file away")
    }

    /// Makes sure that a path names a folder whose entries can be read.
    public static func check(_ path: String) throws(DiskError) {
        try open(path)
    }

    /// What a folder holds.
    public struct Listing: Sendable {
        /// The names that are UTF-8, in no order.
        public fileprivate(set) var names: [String] = []
        /// The names that are not, in a form that can be shown: `M\xFCller.json`. No file of ours has such a name, and
        /// no path to such a file can be written as text.
        public fileprivate(set) var unreadableNames: [String] = []
    }

    /// The names of everything in a folder, in no order; without those that are not UTF-8.
    public static func entries(of path: String) throws(DiskError) -> [String] { try listing(of: path).names }

    /// The same, with the names that are not UTF-8.
    public static func listing(of path: String) throws(DiskError) -> Listing {
        var listing = Listing()
        try open(path) { folder throws(DiskError) in
            while true {
                errno = 0
                guard let entry = readdir(folder) else {
                    guard errno == 0 else { throw DiskError(.read, path) }
                    return
                }
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
                        guard let text = String(validatingCString: name) else {
                            let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
                            return listing.unreadableNames.append(.showing(bytes))
                        }
                        if text != ".", text != ".." { listing.names.append(text) }
                    }
                }
            }
        }
        return listing
    }

    private static func open(
        _ path: String, _ use: (OpaquePointer) throws(DiskError) -> Void = { _ in }
    ) throws(DiskError) {
        guard !path.utf8.contains(0) else { throw DiskError(path, "has a zero in its name") }
        guard let folder = opendir(path) else {
            let remedies = [ENOENT: "check that the folder is there", ENOTDIR: "name a folder"]
            let number = errno
            throw DiskError(.open, path, number: number, remedy: remedies[number])
        }
        defer { closedir(folder) }
        try use(folder)
    }

    /// The working directory.
    /// - Throws: `DiskError` where it is gone, or where its path is not UTF-8.
    public static func working() throws(DiskError) -> String {
        guard let bytes = getcwd(nil, 0) else { throw DiskError(.examine, ".") }
        defer { free(bytes) }
        guard let path = String(validatingCString: bytes) else {
            let shown = String.showing(UnsafeRawBufferPointer(start: bytes, count: strlen(bytes)))
            throw DiskError(shown, "is no UTF-8", remedy: "use a folder whose path is")
        }
        return path
    }

    /// Flushes a folder's entries to the disk: the names, not the contents of the files.
    ///
    /// File systems that cannot do this (SMB, some of FUSE), and folders that may not be read, are passed over: files have
    /// their names with and without it, and only a power cut could tell the difference.
    public static func synchronize(_ path: String) throws(DiskError) {
        let descriptor = openDescriptor(path, O_RDONLY)
        guard descriptor >= 0 else {
            if errno == EACCES { return }
            throw DiskError(.synchronize, path)
        }
        defer { close(descriptor) }
        switch synchronizeDescriptor(descriptor) {
        case 0, EINVAL, ENOTSUP, ENOSYS: return
        case let number: throw DiskError(.synchronize, path, number: number)
        }
    }
}
