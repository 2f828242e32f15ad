import Foundation

/// Size, time and identity of a regular file. While these are the same, its bytes are, and no other file has taken its
/// name.
public struct FileSignature: Codable, Sendable, Hashable {
    public let size: Int
    /// When its bytes were last changed, since 1970, by the file system's clock.
    public let seconds: Int
    public let nanoseconds: Int
    private let inode: UInt64

    /// Nil where there is no such regular file.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        inode = UInt64(status.st_ino)
    }
}
