import Foundation

/// A symbolic link.
public enum Link {
    /// What a link says; nil if `path` is no link.
    /// - Throws: `DiskError` where that is no UTF-8.
    public static func target(of path: String) throws(DiskError) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path, &bytes, bytes.count - 1)
        guard count > 0 else { return nil }
        let target = String(validating: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let target else {
            let shown = String.showing(bytes[..<count].map { UInt8(bitPattern: $0) })
            throw DiskError(path, "is a link to \(shown), which is no UTF-8", remedy: "give its target a name that is")
        }
        return target
    }
}
