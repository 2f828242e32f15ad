import Foundation

/// The names of files and folders that are being written. They contain the name of their writer, so that others can
/// tell whether it is still alive.
public enum TemporaryName {
    private static let prefix = ".partial-"

    /// A name that nothing else has. It need not be reproducible: it disappears once its file is whole.
    public static func make(_ writer: ProcessIdentity = .current) -> String {
        "\(prefix)\(writer.name)~\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }

    public static func isTemporary(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// The name of the writing process; nil if `name` does not contain it, as in earlier versions.
    public static func writer(of name: String) -> String? {
        guard isTemporary(name), let end = name.lastIndex(of: "~") else { return nil }
        let writer = name[..<end].dropFirst(prefix.count)
        return writer.isEmpty ? nil : String(writer)
    }

    /// Removes an unfinished file or folder that its writer has left behind. Nobody may hold its lock, and it must also
    /// count as abandoned, since there are file systems on which locks do nothing.
    public static func sweep(_ path: String, where isAbandoned: () -> Bool) {
        let descriptor = openDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if !SystemLock.isHeld(descriptor), isAbandoned() { try? FileManager.default.removeItem(atPath: path) }
    }
}
