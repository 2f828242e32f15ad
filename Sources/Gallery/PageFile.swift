import Foundation

/// Files that appear whole or not at all, and keep their time where their bytes stay the same.
enum PageFile {
    /// Writes `text` unless the file holds it already; returns whether it did.
    ///
    /// `GalleryLock` keeps two processes apart, where locks do anything; temporary names that nobody else uses do so
    /// everywhere. Not brought to the disk one by one: a page that a power cut took is made again, because its size is not
    /// that of the last build.
    static func write(_ text: String, to path: String) throws(GalleryError) -> Bool {
        var text = text
        let outcome: (isNew: Bool, failure: GalleryError?) = text.withUTF8 { bytes in
            do throws(GalleryError) {
                if holds(path, bytes) { return (false, nil) }
                try replace(path, by: bytes)
                return (true, nil)
            } catch {
                return (false, error)
            }
        }
        if let failure = outcome.failure { throw failure }
        return outcome.isNew
    }

    /// Compares the sizes first, so that most changed files are not read.
    private static func holds(_ path: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard FileStamp(path)?.size == bytes.count, let old = FileManager.default.contents(atPath: path) else {
            return false
        }
        return old.elementsEqual(bytes)
    }

    private static func replace(_ path: String, by bytes: UnsafeBufferPointer<UInt8>) throws(GalleryError) {
        let folder = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let temporary = "\(folder)/.\(name).\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw GalleryError("made", temporary) }
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = GalleryError("written", temporary)
                close(descriptor)
                unlink(temporary)
                throw error
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let error = GalleryError("put in its place", path)
            unlink(temporary)
            throw error
        }
        sweep(name, in: folder, now: FileStamp(path)?.seconds ?? 0)
    }

    /// Removes what killed processes left of a page. A page is written in milliseconds: what is minutes older than the new
    /// one, by the same file system's clock, is nobody's any more.
    private static func sweep(_ name: String, in folder: String, now: Int) {
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where entry.hasPrefix(".\(name).") && entry.hasSuffix("partial") {
            let path = "\(folder)/\(entry)"
            // Earlier versions had one name for all.
            let isOld = entry == ".\(name).partial" || (FileStamp(path).map { now - $0.seconds > 600 } ?? false)
            if isOld { unlink(path) }
        }
    }
}

/// Size, time and identity of a file: as long as they stay, so do its bytes.
struct FileStamp: Codable, Sendable, Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
    var inode: UInt64

    /// Nil where there is no such regular file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int(status.st_size)
        seconds = Int(status.st_mtim.tv_sec)
        nanoseconds = Int(status.st_mtim.tv_nsec)
        inode = UInt64(status.st_ino)
    }
}

/// Held while pages are written; it dies with its process.
final class GalleryLock {
    private let descriptor: Int32

    /// Waits for other processes that build the same pages.
    init(folder: String) throws(GalleryError) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GalleryError("opened", folder) }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    deinit { close(descriptor) }
}
