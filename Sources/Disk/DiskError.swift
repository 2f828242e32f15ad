import Foundation

/// What could not be done with which file or folder, why, and what helps.
public struct DiskError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the system was asked for.
    public enum Action: Sendable {
        case open, examine, read
        case make, makeFolder, lock, write, synchronize, publish, remove
    }

    /// What a failure means for the caller.
    public enum Kind: Sendable {
        /// Nothing has the name.
        case notFound
        /// It is there, or could be made, but this process has no permission.
        case notPermitted
        /// The disk is full, or this user's quota is.
        case noSpace
        case other
    }

    public let path: String
    /// What is wrong, in words that follow the path: `cannot be opened`, `is no regular file`.
    public let fault: String
    /// The system's `errno`; nil where no call failed and the file itself is at fault.
    public let errorNumber: Int32?
    /// What helps; empty where the reason says it.
    public let remedy: String
    private let action: Action?

    /// A call of the system that failed.
    ///
    /// - Parameters:
    ///   - number: the system's reason.
    ///   - remedy: nil: the one that fits the reason.
    public init(_ action: Action, _ path: String, number: Int32 = errno, remedy: String? = nil) {
        self.path = path
        self.action = action
        fault = "cannot be \(action.participle)"
        errorNumber = number
        self.remedy = remedy ?? action.remedy(number)
    }

    /// A file or folder that is not what it should be, though no call failed.
    public init(_ path: String, _ fault: String, remedy: String = "") {
        self.path = path
        self.fault = fault
        self.remedy = remedy
        action = nil
        errorNumber = nil
    }

    public var kind: Kind {
        switch errorNumber {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .notPermitted
        case ENOSPC, EDQUOT: .noSpace
        default: .other
        }
    }

    /// The system's words for its reason.
    public var systemReason: String? { errorNumber.map { String(cString: strerror($0)) } }

    /// `cannot be opened: No such file or directory`
    public var reason: String { fault + (systemReason.map { ": \($0)" } ?? "") }

    /// `a.png: cannot be opened: No such file or directory; ...`, or for a file to be written `cannot make a.png: ...`.
    public var description: String {
        let path = path.printable
        let what = action?.verb.map { verb in "cannot \(verb) \(path): \(systemReason ?? "")" }
        return (what ?? "\(path): \(reason)") + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}

extension DiskError.Action {
    fileprivate var participle: String {
        switch self {
        case .open: "opened"
        case .examine: "examined"
        case .read: "read"
        case .make, .makeFolder: "made"
        case .lock: "locked"
        case .write: "written"
        case .synchronize: "brought to the disk"
        case .publish: "put in its place"
        case .remove: "removed"
        }
    }

    /// The verb of an action that changes the disk; nil for the others.
    fileprivate var verb: String? {
        switch self {
        case .open, .examine, .read: nil
        case .make: "make"
        case .makeFolder: "make the folder"
        case .lock: "lock"
        case .write: "write"
        case .synchronize: "bring to the disk"
        case .publish: "put in its place"
        case .remove: "remove"
        }
    }

    /// What helps against the system's reason.
    fileprivate func remedy(_ number: Int32) -> String {
        switch number {
        case ENOENT where self == .open: "check that the file is there and readable"
        case ENOENT: "check that the folder is there"
        case ENOTDIR: "a part of the path is a file"
        case EACCES where self == .open || self == .read || self == .examine:
            "check its permissions, and those of the folders above it"
        case EACCES, EPERM: "check the permissions of the folder, and whose it is"
        case EROFS: "name a folder on a disk that can be written to"
        case ENOSPC: "make room on the disk"
        case EDQUOT: "make room within this user's quota"
        case EFBIG: "the file system, or ulimit -f, allows no larger files"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case ENAMETOOLONG: "use shorter names"
        case ELOOP: "a link in the path leads back to itself"
        case EISDIR: "a folder has this name; move it away"
        case EIO: "the disk or its server has a fault; its system log says more"
        case ESTALE, ETIMEDOUT, EHOSTDOWN: "check the connection to the file server, and run the command again"
        case ENXIO where self == .open || self == .make: "nobody reads what is written to it"
        default: ""
        }
    }
}
