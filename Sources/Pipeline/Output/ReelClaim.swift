import Disk
import Foundation

/// The claim of one process to a reel: a file that names the process. It is the second guard beside `FileLock`, for
/// file systems on which locks do nothing. It relies only on this: if two processes make links with one name, one of
/// them fails.
///
/// It does not strictly exclude others, and need not: two processes that render one reel write whole files with the
/// same bytes. It saves them double work.
public final class ReelClaim: Sendable {
    /// What the file says.
    public struct Owner: Codable, Sendable, Equatable {
        /// `ProcessIdentity.name`.
        public var name: String
        public var host: String
        public var process: Int32
        /// ISO 8601, by the owner's clock.
        public var since: String
        public var task: String?
    }

    let path: String
    private let owner: Owner

    /// If it takes more rounds, others come and go all the time, and one of them has the reel.
    private static let rounds = 8

    /// Claims a reel, or returns nil if a living process has claimed it. The claim of a dead process is taken over.
    ///
    /// - Throws: `DiskError` where the file cannot be written.
    static func take(
        _ path: String, for identity: ProcessIdentity, _ liveness: Liveness
    ) throws(DiskError) -> ReelClaim? {
        let owner = Owner(
            name: identity.name, host: identity.host, process: identity.process,
            since: Date().formatted(.iso8601WithMilliseconds), task: identity.task)
        let contents = (try? JSONEncoder().encode(owner)) ?? Data()
        for _ in 0..<rounds {
            if try make(path, contents, identity) { return ReelClaim(path: path, owner: owner) }
            guard let found = Found(path) else { continue }
            // A claim of this very process is left from a film that it has finished.
            guard found.owner?.name == owner.name || !isHeld(path, found, liveness) else { return nil }
            remove(path, where: found, identity)
        }
        return nil
    }

    /// Whether no living process has claimed the reel.
    static func isFree(_ path: String, _ liveness: Liveness) -> Bool {
        guard let found = Found(path) else { return true }
        return !isHeld(path, found, liveness)
    }

    /// The living process that has claimed the reel; nil if there is none.
    public static func holder(_ path: String, _ liveness: Liveness) -> Owner? {
        guard let found = Found(path), isHeld(path, found, liveness) else { return nil }
        return found.owner
    }

    /// Removes the claims of dead processes.
    static func sweep(_ folder: String, as identity: ProcessIdentity, _ liveness: Liveness) {
        for name in (try? Folder.entries(of: folder)) ?? [] where name.hasSuffix(".owner") {
            let path = "\(folder)/\(name)"
            guard let found = Found(path), !isHeld(path, found, liveness) else { continue }
            remove(path, where: found, identity)
        }
    }

    private init(path: String, owner: Owner) {
        self.path = path
        self.owner = owner
    }

    deinit {
        // By now it may belong to another process.
        if Found(path)?.owner == owner { unlink(path) }
    }

    /// What has the name of a claim.
    private enum Found: Equatable {
        case contents(Data)
        /// A file that may be a claim, but may not or cannot be read now.
        case unread
        /// A folder, a pipe or a link, or a file of an absurd size.
        case noClaim

        /// Nil if nothing has the name.
        init?(_ path: String) {
            // What a link leads to may change as it is moved.
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                self = .noClaim
                return
            }
            do throws(DiskError) {
                self = .contents(try WholeFile.contents(of: path, limit: 1 << 16))
            } catch {
                switch error.errorNumber {
                case nil, ENXIO, ELOOP, EISDIR: self = .noClaim
                case ENOENT, ENOTDIR: return nil
                default: self = .unread
                }
            }
        }

        var owner: Owner? {
            guard case .contents(let data) = self else { return nil }
            return try? JSONDecoder().decode(Owner.self, from: data)
        }
    }

    /// Seconds that a process needs at most to fill a claim, on a file system without links.
    private static let writing = 10.0

    private static func isHeld(_ path: String, _ found: Found, _ liveness: Liveness) -> Bool {
        if let owner = found.owner { return liveness.isOwner(owner.name, of: path) }
        return switch found {
        case .contents(let data): data.isEmpty && liveness.isRecent(path, within: writing)
        case .unread: liveness.isRecent(path)
        case .noClaim: false
        }
    }

    /// Makes the file with its contents, unless something has its name already; returns whether it did.
    private static func make(_ path: String, _ contents: Data, _ identity: ProcessIdentity) throws(DiskError)
        -> Bool
    {
        let folder = (path as NSString).deletingLastPathComponent
        try Folder.make(folder)
        let temporary = "\(folder)/\(TemporaryName.make(identity))"
        defer { unlink(temporary) }
        try WholeFile.overwrite(temporary, with: contents)
        if link(temporary, path) == 0 { return true }
        let number = errno
        var status = stat()
        // If the answer of a file server gets lost, the request is repeated, and finds that the first one has
        // succeeded.
        if stat(temporary, &status) == 0, status.st_nlink == 2 { return true }
        switch number {
        case EEXIST: return false
        case EPERM, EOPNOTSUPP, ENOSYS, EMLINK: break
        default: throw DiskError(.make, path, number: number)
        }
        // A file system without links: then the name comes first and the contents after.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw DiskError(.make, path)
        }
        close(descriptor)
        try WholeFile.overwrite(path, with: contents)
        return true
    }

    /// Removes the file if it still has the contents that were found. Another process may have removed it for the same
    /// reason and put its own file there; a file that was moved away by mistake is put back.
    private static func remove(_ path: String, where found: Found, _ identity: ProcessIdentity) {
        let moved = "\((path as NSString).deletingLastPathComponent)/\(TemporaryName.make(identity))"
        guard rename(path, moved) == 0 else { return }
        if Found(moved) != found { link(moved, path) }
        // An empty folder goes as well. One with contents is somebody's: it is out of the way, and stays.
        if unlink(moved) != 0, rmdir(moved) != 0 { Self.keep(moved, near: path) }
    }

    private static func keep(_ moved: String, near path: String) {
        _ = rename(moved, path + ".moved-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
    }
}
