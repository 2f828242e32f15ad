import Disk
import Foundation

/// The films that lie in a folder, and what kept them from being found.
public struct FilmSearch: Sendable {
    /// The folders of the films, in no order.
    public private(set) var folders: [String] = []
    /// Folders and records that may be there, but may not be read.
    public private(set) var unreadable: [DiskError] = []

    /// - Parameter folder: an output folder, a part of it, or a film's folder. Where there is none, nothing is found.
    public init(in folder: String) {
        search(folder, depth: 3)
    }

    /// The folders of the films, in the order of their names.
    public var sorted: [String] { folders.sorted { $0.compare($1, options: .numeric) == .orderedAscending } }

    private mutating func search(_ folder: String, depth: Int) {
        var status = stat()
        let record = "\(folder)/\(FilmRecord.fileName)"
        if stat(record, &status) == 0 {
            folders.append(folder)
        } else if errno == EACCES || errno == EIO {
            return unreadable.append(DiskError(.examine, record))
        }
        guard depth > 0 else { return }
        do throws(DiskError) {
            // Where a disk is mounted there is a folder for its repair.
            for name in try Folder.entries(of: folder) where !name.hasPrefix(".") && name != "lost+found" {
                search("\(folder)/\(name)", depth: depth - 1)
            }
        } catch {
            // Files lie among the folders, and may disappear meanwhile.
            if error.kind != .notFound { unreadable.append(error) }
        }
    }
}
