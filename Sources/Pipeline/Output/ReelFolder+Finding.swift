import Disk
import Foundation

extension ReelFolder {
    /// The folders of all films in an output folder (`<name>/<layer>/<unit>`), in a part of it, or itself if it is one;
    /// in the order of their names.
    public static func folders(in folder: String) -> [String] {
        func films(in folder: String, depth: Int) -> [String] {
            if FileManager.default.fileExists(atPath: "\(folder)/\(record)") { return [folder] }
            guard depth > 0 else { return [] }
            // What begins with a dot is nobody's film.
            return ((try? Folder.entries(of: folder)) ?? [])
                .filter { !$0.hasPrefix(".") }.flatMap { films(in: "\(folder)/\($0)", depth: depth - 1) }
        }
        return films(in: folder, depth: 3).sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }
}
