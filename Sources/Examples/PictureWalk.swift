import Disk
import Foundation
import Records

/// The files of a folder and of all folders below, by their paths in the order of bytes.
///
/// Links are followed, each folder once, however it is reached: under its own name if that lies in the folder, too.
/// Hidden files and folders are left out. What may not be read is named, and does not keep the rest from being read.
public struct PictureWalk: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        /// From the folder on.
        public let path: String
        public let signature: FileSignature
    }

    public let folder: String
    public private(set) var files: [File] = []
    /// What is no file that can be read.
    public private(set) var faults: [ExampleRecord.Skipped] = []

    /// How many names a folder may have in all.
    public static let mostNames = 1_000_000

    private var nameCount = 0
    private let limit: Int
    private var seen: Set<Identity> = []
    /// Links to folders: followed once all folders that lie here themselves are seen.
    private var links: [String] = []

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: stat) {
            (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        }
    }

    /// - Parameter mostNames: hidden ones and folders count, too.
    /// - Throws: `DiskError` where the folder itself cannot be read, `ExampleError` where it has too many names.
    public init(_ folder: String, mostNames: Int = PictureWalk.mostNames) throws {
        self.folder = folder
        limit = mostNames
        var status = stat()
        try Folder.check(folder)
        if stat(folder, &status) == 0 { seen.insert(Identity(status)) }
        try walk("")
        while !links.isEmpty {
            links.sort(by: Self.precedes)
            let link = links.removeFirst()
            guard stat(place(link), &status) == 0, seen.insert(Identity(status)).inserted else { continue }
            try walk(link)
        }
        files.sort { Self.precedes($0.path, $1.path) }
        faults.sort { Self.precedes($0.path, $1.path) }
    }

    static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private func place(_ path: String) -> String { path.isEmpty ? folder : "\(folder)/\(path)" }

    /// Takes a folder and all below it, but for links to folders.
    private mutating func walk(_ root: String) throws {
        var folders = [root]
        while let path = folders.popLast() {
            let listing: Folder.Listing
            do throws(DiskError) {
                listing = try Folder.listing(of: place(path))
            } catch {
                fault(path.isEmpty ? "." : path, error.reason)
                continue
            }
            nameCount += listing.names.count + listing.unreadableNames.count
            guard nameCount <= limit else {
                throw ExampleError(
                    place: folder, reason: "has more than \(limit.grouped) names in it",
                    remedy: "name a folder below it, or make one of links to some of its pictures")
            }
            let above = path.isEmpty ? "" : path + "/"
            for name in listing.unreadableNames where !name.hasPrefix(".") {
                fault(above + name, "has a name that is no UTF-8")
            }
            for name in listing.names where !name.hasPrefix(".") {
                if let folder = examine(above + name) { folders.append(folder) }
            }
        }
    }

    /// Takes what has a name; returns it if it is a folder to be walked.
    private mutating func examine(_ path: String) -> String? {
        var (own, target) = (stat(), stat())
        guard lstat(place(path), &own) == 0, stat(place(path), &target) == 0 else {
            fault(path, DiskError(.open, path).reason)
            return nil
        }
        switch target.st_mode & S_IFMT {
        case S_IFDIR where own.st_mode & S_IFMT == S_IFLNK: links.append(path)
        case S_IFDIR: return seen.insert(Identity(target)).inserted ? path : nil
        case S_IFREG:
            if let signature = FileSignature(place(path)) { files.append(File(path: path, signature: signature)) }
        default: fault(path, "is no regular file")
        }
        return nil
    }

    private mutating func fault(_ path: String, _ reason: String) {
        faults.append(ExampleRecord.Skipped(path: path, reason: reason, isTransient: true))
    }
}
