import Disk
import Foundation

extension StageCache {
    /// A file of the cache.
    struct Entry: Sendable {
        let path: String
        let key: String
        let kind: Kind
        let bytes: Int
        /// Seconds since 1970.
        let lastUsed: Double
    }

    /// What a cache holds.
    public struct Contents: Sendable, Equatable {
        public var results = 0
        public var checkpoints = 0
        public var bytes = 0
        /// When the file that was not used for longest was last used, in seconds since 1970; nil if the cache is empty.
        public var oldestUse: Double?

        fileprivate mutating func add(_ entry: Entry) {
            if entry.kind == .result { results += 1 } else { checkpoints += 1 }
            bytes += entry.bytes
            oldestUse = min(oldestUse ?? entry.lastUsed, entry.lastUsed)
        }
    }

    public var contents: Contents { entries().reduce(into: Contents()) { $0.add($1) } }

    /// Removes the files that were not used for longest, until the rest fits.
    @discardableResult
    public func prune(toBytes limit: Int) -> Pruning {
        let entries = entries().sorted { ($0.lastUsed, $0.key) < ($1.lastUsed, $1.key) }
        var total = entries.reduce(0) { $0 + $1.bytes }
        return remove(
            entries.prefix { entry in
                guard total > limit else { return false }
                total -= entry.bytes
                return true
            })
    }

    /// Removes the files that were last used before a time, in seconds since 1970.
    @discardableResult
    public func prune(unusedSince time: Double) -> Pruning {
        remove(entries().filter { $0.lastUsed < time })
    }

    /// Reads every file, and removes damaged ones with a warning for each.
    public func verify() -> Verification {
        entries().reduce(into: Verification()) { verify($1, &$0) }
    }

    /// What was removed to make room, and what could not be.
    public struct Pruning: Sendable, Equatable {
        public var removed = Contents()
        /// A file that could not be removed, and why, for each file.
        public var failures: [DiskError] = []
    }

    /// Parts of the cache that may not be searched.
    public func unreadable() -> [DiskError] {
        var errors: [DiskError] = []
        forEachFile({ _, _ in }, fault: { errors.append($0) })
        return errors
    }

    /// Removes what dead writers left behind.
    public func sweep() {
        let liveness = Liveness(RunFolder(cache: folder))
        forEachFile { path, name in
            if TemporaryName.isTemporary(name) { TemporaryName.sweep(path) { liveness.isAbandoned(path) } }
        }
    }

    func entries() -> [Entry] {
        var entries: [Entry] = []
        forEachFile { path, name in
            let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            // Only what has the name of a key: another file here is somebody else's.
            guard parts.count == 2, let kind = Kind(rawValue: parts[1]), parts[0].utf8.count == 64,
                parts[0].utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }),
                (path as NSString).deletingLastPathComponent.hasSuffix("/" + parts[0].prefix(2))
            else { return }
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
            entries.append(
                Entry(
                    path: path, key: parts[0], kind: kind, bytes: Int(status.st_size),
                    lastUsed: Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)))
        }
        return entries
    }

    private func remove(_ entries: some Sequence<Entry>) -> Pruning {
        var pruning = Pruning()
        for entry in entries {
            do throws(DiskError) {
                if try WholeFile.remove(entry.path) { pruning.removed.add(entry) }
            } catch {
                pruning.failures.append(error)
            }
        }
        return pruning
    }

    /// Calls `body` with each file in the folders whose names are two digits. Everything else here is left alone.
    ///
    /// - Parameter fault: takes what may not be searched.
    private func forEachFile(
        _ body: (_ path: String, _ name: String) -> Void, fault: (DiskError) -> Void = { _ in }
    ) {
        func entries(_ path: String) -> [String] {
            do throws(DiskError) { return try Folder.entries(of: path) } catch {
                if error.kind != .notFound { fault(error) }
                return []
            }
        }
        for part in entries(folder) where part.count == 2 {
            for name in entries("\(folder)/\(part)") { body("\(folder)/\(part)/\(name)", name) }
        }
    }
}
