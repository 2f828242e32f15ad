import Foundation

/// The names of files and folders that are being written: they say whose they are, so that others can tell whether their
/// writer still lives.
enum TemporaryName {
    private static let prefix = ".partial-"

    /// A name that nothing has. Not reproducible, and need not be: it is gone once what it names is whole.
    static func make(_ writer: ProcessIdentity = .current) -> String {
        "\(prefix)\(writer.name)~\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }

    static func isTemporary(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// The name of the process that writes it; nil where it does not say, as those of earlier versions.
    static func writer(of name: String) -> String? {
        guard isTemporary(name), let end = name.lastIndex(of: "~") else { return nil }
        let writer = name[..<end].dropFirst(prefix.count)
        return writer.isEmpty ? nil : String(writer)
    }
}
