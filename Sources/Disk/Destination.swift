import Foundation

/// What lies where a file is to be written.
///
/// Files are written beside their place and renamed. Onto a device, a pipe or a link, a rename would put a regular file
/// in its place.
enum Destination: Equatable {
    /// A file, or nothing yet. Its path: that of a link's target.
    case file(String)
    /// A device, pipe or socket: written to as it is.
    case stream
    /// One of this process's own descriptors (`/dev/stdout`, `/dev/fd/3`).
    case descriptor(Int32)

    /// - Throws: where links lead to nowhere that can be named.
    init(_ path: String) throws(DiskError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw DiskError(path, "is no name for a file") }
        let target = try Self.target(path)
        if let number = Self.descriptor(target) {
            self = .descriptor(number)
            return
        }
        var status = stat()
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            self = .stream
            return
        }
        self = .file(target)
    }

    /// Opens what is no file for writing.
    /// - Returns: as `openDescriptor`.
    func open(_ path: String) -> Int32 {
        if case .descriptor(let number) = self { return dup(number) }
        return openStream(path)
    }

    /// Where a chain of links ends; the path itself, if it is no link. The target need not exist.
    private static func target(_ path: String) throws(DiskError) -> String {
        var path = path
        // As many as the system follows.
        for _ in 0..<40 {
            // What a descriptor's own link says may have been renamed or removed since.
            guard descriptor(path) == nil else { return path }
            guard let target = try Link.target(of: path) else { return path }
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        throw DiskError(.make, path, number: ELOOP)
    }

    /// The number of the descriptor of this process that a path names (`/dev/stdin`, `/proc/self/fd/3`); nil for others.
    static func descriptor(_ path: String) -> Int32? {
        guard path.hasPrefix("/") else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
        switch parts {
        case ["dev", "stdin"]: return STDIN_FILENO
        case ["dev", "stdout"]: return STDOUT_FILENO
        case ["dev", "stderr"]: return STDERR_FILENO
        default: break
        }
        let own = ["self", "thread-self", String(getpid())]
        if parts.count == 3, parts[0] == "dev", parts[1] == "fd" { return Int32(parts[2]) }
        if parts.count == 4, parts[0] == "proc", own.contains(parts[1]), parts[2] == "fd" { return Int32(parts[3]) }
        return nil
    }
}
