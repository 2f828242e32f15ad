import Foundation

/// A large file that is written piece by piece, and lies under a name of its own until it is whole: one that a killed
/// process leaves is gone on with. Nobody else may write it meanwhile.
public final class GrowingFile {
    public let path: String
    private let descriptor: Int32

    /// Opens the file, or makes an empty one.
    public init(_ path: String) throws(DiskError) {
        descriptor = openDescriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW)
        guard descriptor >= 0 else { throw DiskError(.make, path) }
        self.path = path
    }

    deinit { close(descriptor) }

    public func size() throws(DiskError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DiskError(.examine, path) }
        return Int(status.st_size)
    }

    /// Drops everything from a byte on; what follows is written there.
    public func truncate(to size: Int) throws(DiskError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw DiskError(.write, path) }
        try seek(to: size)
    }

    public func append(_ bytes: some ContiguousBytes) throws(DiskError) {
        let number = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        guard number == 0 else { throw DiskError(.write, path, number: number) }
    }

    /// Writes over the first bytes. Nothing may be appended afterwards.
    public func overwriteStart(with bytes: some ContiguousBytes) throws(DiskError) {
        try seek(to: 0)
        try append(bytes)
    }

    /// Waits until what is written is on the disk.
    public func synchronize() throws(DiskError) {
        let number = synchronizeDescriptor(descriptor)
        guard number == 0 else { throw DiskError(.synchronize, path, number: number) }
    }

    /// Gives the file its final name, on the same file system, after its bytes are on the disk.
    public func publish(as path: String) throws(DiskError) {
        try synchronize()
        try UnfinishedFile.rename(self.path, to: path)
    }

    private func seek(to place: Int) throws(DiskError) {
        guard lseek(descriptor, off_t(place), SEEK_SET) == place else { throw DiskError(.write, path) }
    }
}
