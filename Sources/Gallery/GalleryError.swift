import Foundation

/// What could not be done with which file, and what helps.
public struct GalleryError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String
    public let remedy: String

    public var description: String { "\(path): \(reason); \(remedy)" }

    init(path: String, reason: String, remedy: String) {
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    /// Takes the reason from `errno`.
    init(_ action: String, _ path: String) {
        let reason = errno == 0 ? "" : ": " + String(cString: strerror(errno))
        self.init(
            path: path, reason: "cannot be \(action)\(reason)",
            remedy: "check that the output folder is writable and has room")
    }
}
