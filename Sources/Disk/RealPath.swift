import Foundation

/// Where a path leads.
public enum RealPath {
    /// The absolute path of what is there, with no links, `.` and `..` in it.
    /// - Throws: `DiskError` if nothing is there, or that is no UTF-8.
    public static func of(_ path: String) throws(DiskError) -> String {
        guard !path.utf8.contains(0) else { throw DiskError(path, "has a zero in its name") }
        guard let real = realpath(path, nil) else { throw DiskError(.open, path) }
        defer { free(real) }
        guard let text = String(validatingCString: real) else {
            throw DiskError(path, "leads to a name that is no UTF-8", remedy: "give its target a name that is")
        }
        return text
    }
}
