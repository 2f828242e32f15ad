import Foundation

/// Files that are read or written all at once.
public enum WholeFile {
    /// The default limit for the size of a file: more than any file that we write has.
    public static let standardLimit = 256 << 20

    /// The bytes of a regular file of at most `limit` bytes.
    public static func bytes(of path: String, limit: Int = standardLimit) throws(DiskError) -> [UInt8] {
        var bytes: [UInt8] = []
        try OpenFile(path: path).forEachPiece { piece throws(DiskError) in
            guard bytes.count + piece.count <= limit else {
                throw DiskError(path, "has more than the \(limit >> 20) MiB that are read")
            }
            bytes += piece
        }
        return bytes
    }

    /// The same as `Data`.
    public static func contents(of path: String, limit: Int = standardLimit) throws(DiskError) -> Data {
        Data(try bytes(of: path, limit: limit))
    }

    /// Writes a file; it appears whole or not at all, even if other processes write it, too. A device, a pipe or one of
    /// this process's descriptors, which a user may name instead of a file, is written to as it is.
    ///
    /// - Parameters:
    ///   - folder: where it lies until it is whole; nil: beside `path`.
    ///   - isSynchronized: see `UnfinishedFile.publish`.
    ///   - isOwn: nobody but the program knows this file: whatever has its name is replaced.
    public static func write(
        _ bytes: some ContiguousBytes, to path: String, temporarilyIn folder: String? = nil,
        isSynchronized: Bool = true, isOwn: Bool = false
    ) throws(DiskError) {
        do throws(DiskError) {
            let file = try UnfinishedFile(for: path, in: folder, isOwn: isOwn)
            try file.append(bytes)
            try file.publish(isSynchronized: isSynchronized)
        } catch {
            // The folder is on another disk, through a link.
            guard error.errorNumber == EXDEV, folder != nil else { throw error }
            try write(bytes, to: path, isSynchronized: isSynchronized, isOwn: isOwn)
        }
    }

    /// Writes to the file itself: for files that nobody else reads yet, or whose loss does no harm.
    public static func overwrite(_ path: String, with bytes: some ContiguousBytes) throws(DiskError) {
        let descriptor = openDescriptor(path, O_WRONLY | O_CREAT | O_TRUNC)
        guard descriptor >= 0 else { throw DiskError(.make, path) }
        defer { close(descriptor) }
        let number = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        guard number == 0 else { throw DiskError(.write, path, number: number) }
    }

    /// Flushes a file that was written under another name to the disk, and puts it in its place instead of what was
    /// there.
    public static func publish(_ temporaryPath: String, as path: String) throws(DiskError) {
        let descriptor = openDescriptor(temporaryPath, O_RDONLY)
        guard descriptor >= 0 else { throw DiskError(.publish, temporaryPath) }
        defer { close(descriptor) }
        let number = synchronizeDescriptor(descriptor)
        guard number == 0 else { throw DiskError(.synchronize, temporaryPath, number: number) }
        let target = try place(of: path)
        do throws(DiskError) {
            try UnfinishedFile.rename(temporaryPath, to: target)
        } catch {
            // A link, of the file or of its folder, leads to another disk.
            guard error.errorNumber == EXDEV else { throw error }
            let file = try UnfinishedFile(for: target)
            try OpenFile(path: temporaryPath).forEachPiece { piece throws(DiskError) in try file.append(piece) }
            try file.publish()
            try remove(temporaryPath)
        }
    }

    /// Where a file lies, or will lie: the target, if `path` is a link.
    /// - Throws: `DiskError` where a device, a pipe, a socket or a folder has the name.
    public static func place(of path: String) throws(DiskError) -> String {
        guard case .file(let target) = try Destination(path) else {
            throw DiskError(path, "is no regular file", remedy: "move it away")
        }
        if Folder.exists(target) { throw DiskError(path, "is a folder", remedy: "move it away") }
        return target
    }

    /// Removes a file; returns whether there was one.
    @discardableResult
    public static func remove(_ path: String) throws(DiskError) -> Bool {
        if unlink(path) == 0 { return true }
        let error = DiskError(.remove, path)
        guard error.kind == .notFound else { throw error }
        return false
    }
}
