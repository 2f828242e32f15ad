import Disk
import Foundation

/// Files that appear whole or not at all. As long as the bytes of a file stay the same, so does its time.
enum PageFile {
    /// Writes `text` unless the file holds it already; returns whether it did.
    ///
    /// The pages are not flushed to the disk one by one: a page that is lost in a power cut is made again, because its
    /// size is not that of the last build.
    ///
    /// - Parameter isOwn: see `WholeFile.write`.
    static func write(_ text: String, to path: String, isOwn: Bool = false) throws(DiskError) -> Bool {
        let bytes = Array(text.utf8)
        // Compares the sizes first, so that most changed files are not read.
        if FileSignature(path)?.size == bytes.count, (try? WholeFile.bytes(of: path)) == bytes { return false }
        try WholeFile.write(bytes, to: path, isSynchronized: false, isOwn: isOwn)
        sweep((path as NSString).deletingLastPathComponent, now: FileSignature(path)?.seconds ?? 0)
        return true
    }

    /// Removes temporary files of pages that killed processes left. A page is written in milliseconds, so nobody needs
    /// a file that is minutes older than a new page, by the same file system's clock. Folders in which films are made
    /// are left alone.
    private static func sweep(_ folder: String, now: Int) {
        for entry in (try? Folder.entries(of: folder)) ?? []
        where TemporaryName.isTemporary(entry) || isTemporaryOfEarlierVersions(entry) {
            let path = "\(folder)/\(entry)"
            TemporaryName.sweep(path) { FileSignature(path).map { now - $0.seconds > 600 } ?? false }
        }
    }

    /// `.index.html.<random>.partial`, and the like for other pages, the style, the script and the state.
    private static func isTemporaryOfEarlierVersions(_ name: String) -> Bool {
        name.hasSuffix("partial") && [".html.", ".css.", ".js.", ".json."].contains { name.contains($0) }
            && name.hasPrefix(".")
    }
}
