import Foundation

/// A file that appears whole or not at all: it is written under a temporary name, which says whose it is, flushed to
/// the disk and renamed. Without `publish`, it is removed together with this object.
///
/// It is locked as long as its writer is alive, so that files of dead writers are recognised and removed; see
/// `TemporaryName.sweep`.
public final class UnfinishedFile {
    /// Its final path, which is no link.
    public let path: String
    /// The path to which it is written until it is complete; nil for a device, a pipe or a descriptor.
    public let temporaryPath: String?
    private let descriptor: Int32
    private var isPublished = false

    /// - Parameters:
    ///   - path: where it is to be. Through a link: its target gets the contents. A device, a pipe or one of this
    ///     process's descriptors, which a user may name instead of a file, is written to as it is.
    ///   - folder: where it lies until it is whole, on the same file system; nil: beside `path`. For a link's target, it
    ///     is always beside it.
    ///   - isOwn: nobody but the program knows this file: whatever has its name is replaced.
    /// - Throws: `DiskError`
    public init(for path: String, in folder: String? = nil, isOwn: Bool = false) throws(DiskError) {
        let destination = isOwn ? .file(path) : try Destination(path)
        guard case .file(let target) = destination else {
            descriptor = destination.open(path)
            guard descriptor >= 0 else { throw DiskError(.open, path) }
            (self.path, temporaryPath) = (path, nil)
            return
        }
        let beside = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
        let place = target == path ? folder.map { $0 + "/" } ?? beside : beside
        for _ in 0..<Self.rounds {
            let temporaryPath = place + TemporaryName.make()
            let descriptor = openDescriptor(temporaryPath, O_WRONLY | O_CREAT | O_EXCL)
            guard descriptor >= 0 else { throw DiskError(.make, path) }
            _ = SystemLock.take(descriptor)
            // Another process may have removed it before it was locked.
            var status = stat()
            let number = fstat(descriptor, &status) == 0 ? 0 : errno
            if number == 0, status.st_nlink > 0 {
                (self.path, self.temporaryPath, self.descriptor) = (target, temporaryPath, descriptor)
                return
            }
            close(descriptor)
            unlink(temporaryPath)
            if number != 0 { throw DiskError(.examine, temporaryPath, number: number) }
        }
        throw DiskError(.make, path, number: EAGAIN, remedy: "new files disappear there; check the disk or its server")
    }

    /// How often another process may be quicker.
    private static let rounds = 8

    deinit {
        if !isPublished, let temporaryPath { unlink(temporaryPath) }
        close(descriptor)
    }

    public func append(_ bytes: some ContiguousBytes) throws(DiskError) {
        try check(bytes.withUnsafeBytes { writeAll($0, to: descriptor) }, .write)
    }

    /// Appends values as they lie in memory.
    public func append<Value: BitwiseCopyable>(values: [Value]) throws(DiskError) {
        try check(values.withUnsafeBytes { writeAll($0, to: descriptor) }, .write)
    }

    /// Gives the file its final name, after its bytes are on the disk.
    ///
    /// - Parameter isSynchronized: false does not wait for the disk: for files that are made again if a power cut takes
    ///   them.
    public func publish(isSynchronized: Bool = true) throws(DiskError) {
        guard let temporaryPath else { return }
        if isSynchronized { try check(synchronizeDescriptor(descriptor), .synchronize) }
        try Self.rename(temporaryPath, to: path)
        isPublished = true
    }

    /// The one place where a finished file takes its name.
    /// - Parameter path: the `file` of a `Destination`.
    static func rename(_ temporaryPath: String, to path: String) throws(DiskError) {
        guard Foundation.rename(temporaryPath, path) == 0 else { throw DiskError(.publish, path) }
    }

    private func check(_ number: Int32, _ action: DiskError.Action) throws(DiskError) {
        guard number == 0 else { throw DiskError(action, path, number: number) }
    }
}
