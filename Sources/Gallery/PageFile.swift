import Disk
import Foundation

/// Files that appear whole or not at all, and keep their time where their bytes stay the same.
enum PageFile {
    /// Writes `text` unless the file holds it already; returns whether it did.
    ///
    /// Not brought to the disk one by one: a page that a power cut took is made again, because its size is not that of the
    /// last build.
    static func write(_ text: String, to path: String) throws(DiskError) -> Bool {
        let bytes = Array(text.utf8)
        // The sizes first, so that most changed files are not read.
        if FileSignature(path)?.size == bytes.count, (try? WholeFile.bytes(of: path)) == bytes { return false }
        try WholeFile.write(bytes, to: path, isSynchronized: false)
        sweep((path as NSString).deletingLastPathComponent, now: FileSignature(path)?.seconds ?? 0)
        return true
    }

    /// Removes what killed processes left of pages. A page is written in milliseconds: what is minutes older than a new one,
    /// by the same file system's clock, is nobody's any more. The folders in which films are made are not its business.
    private static func sweep(_ folder: String, now: Int) {
        for entry in (try? Folder.entries(of: folder)) ?? []
        where TemporaryName.isTemporary(entry) || isTemporaryOfEarlierVersions(entry) {
            let path = "\(folder)/\(entry)"
            TemporaryName.sweep(path) { FileSignature(path).map { now - $0.seconds > 600 } ?? false }
        }
    }

    /// `.index.html.<random>.partial`
    private static func isTemporaryOfEarlierVersions(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix("partial")
    }
}
