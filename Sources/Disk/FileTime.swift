import Foundation

/// When files were last changed, in seconds since 1970, by the clock of the file system on which they lie.
public enum FileTime {
    /// The time of a file or folder; nil if nothing has that name.
    public static func modified(_ path: String) -> Double? {
        var status = stat()
        return stat(path, &status) == 0 ? status.modified : nil
    }

    /// The same for a file that another machine may have changed a moment ago: the file is opened, not only examined,
    /// which makes NFS ask the server again. Nil for a link.
    public static func modifiedElsewhere(_ path: String) -> Double? {
        let descriptor = openDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.modified : nil
    }

    /// The time that a new file gets now, from the file system's own clock; nil if no file can be made in the folder.
    public static func ofNewFile(in folder: String) -> Double? {
        let path = "\(folder)/\(TemporaryName.make())"
        let descriptor = openDescriptor(path, O_WRONLY | O_CREAT | O_EXCL)
        guard descriptor >= 0 else { return nil }
        defer {
            unlink(path)
            close(descriptor)
        }
        var status = stat()
        // The same request as in `renew`: the server fills in its own time.
        guard futimens(descriptor, nil) == 0, fstat(descriptor, &status) == 0 else { return nil }
        return status.modified
    }

    /// Gives a file the file system's present time.
    public static func renew(_ path: String) throws(DiskError) {
        guard utimensat(AT_FDCWD, path, nil, 0) == 0 else { throw DiskError(.write, path) }
    }
}

extension stat {
    fileprivate var modified: Double { Double(st_mtim.tv_sec) + 1e-9 * Double(st_mtim.tv_nsec) }
}
