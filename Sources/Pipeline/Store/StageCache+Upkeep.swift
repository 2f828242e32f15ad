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

    /// Removes the files that were not used for longest, until the rest fits. Returns what was removed.
    @discardableResult
    public func prune(toBytes limit: Int) -> Contents {
        let entries = entries().sorted { ($0.lastUsed, $0.key) < ($1.lastUsed, $1.key) }
        var total = entries.reduce(0) { $0 + $1.bytes }
        return remove(
            entries.prefix { entry in
                guard total > limit else { return false }
                total -= entry.bytes
                return true
            })
    }

    /// Removes the files that were last used before a time, in seconds since 1970. Returns what was removed.
    @discardableResult
    public func prune(unusedSince time: Double) -> Contents {
        remove(entries().filter { $0.lastUsed < time })
    }

    /// Reads every file, and removes damaged ones with a warning for each. Returns how many were removed.
    public func verify() -> Int {
        entries().count { entry in
            guard access(entry.path, F_OK) == 0 else { return false }
            return !isWhole(entry)
        }
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
            guard parts.count == 2, let kind = Kind(rawValue: parts[1]) else { return }
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
            entries.append(
                Entry(
                    path: path, key: parts[0], kind: kind, bytes: Int(status.st_size),
                    lastUsed: Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)))
        }
        return entries
    }

    private func remove(_ entries: some Sequence<Entry>) -> Contents {
        var removed = Contents()
        for entry in entries where (try? WholeFile.remove(entry.path)) == true { removed.add(entry) }
        return removed
    }

    /// Calls `body` with each file in the folders whose names are two digits. Everything else here is left alone.
    private func forEachFile(_ body: (_ path: String, _ name: String) -> Void) {
        for part in (try? Folder.entries(of: folder)) ?? [] where part.count == 2 {
            for name in (try? Folder.entries(of: "\(folder)/\(part)")) ?? [] {
                body("\(folder)/\(part)/\(name)", name)
            }
        }
    }
}
