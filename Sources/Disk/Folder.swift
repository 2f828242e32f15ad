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
        let error = DiskError(.makeFolder, path)
        // Somebody else may have made it meanwhile.
        guard exists(path) else { throw error }
    }

    /// The names of everything in a folder, in no order.
    public static func entries(of path: String) throws(DiskError) -> [String] {
        guard !path.utf8.contains(0) else { throw DiskError(path, "has a zero in its name") }
        guard let folder = opendir(path) else {
            throw DiskError(.open, path, remedy: "check that the folder is readable")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw DiskError(.read, path) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// Flushes a folder's entries to the disk: the names, not the contents of the files.
    public static func synchronize(_ path: String) throws(DiskError) {
        let descriptor = openDescriptor(path, O_RDONLY)
        guard descriptor >= 0 else { throw DiskError(.synchronize, path) }
        defer { close(descriptor) }
        let number = synchronizeDescriptor(descriptor)
        guard number == 0 else { throw DiskError(.synchronize, path, number: number) }
    }
}
