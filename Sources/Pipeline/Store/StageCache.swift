import Disk
import Foundation
import Synchronization

/// The results of stages, and how far unfinished ones are, as files under one folder: a later run reads them instead of
/// working again.
///
///     <folder>/<first two digits>/<key>.safetensors    a result
///     <folder>/<first two digits>/<key>.checkpoint     an unfinished stage
///
/// Files appear whole or not at all, and are checked before they count: a damaged one is removed with a warning, and its
/// stage computed again. Nothing depends on the cache but time: where it cannot be written a warning says so, once, and
/// the reels go on. Several processes may share a folder.
public final class StageCache: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case result = "safetensors"
        case checkpoint
    }

    /// `.cache` in the output folder.
    public let folder: String
    private let limit: Int
    private let warn: @Sendable (String) -> Void
    private let hasWarned = Atomic<Bool>(false)

    /// - Parameters:
    ///   - folder: made when the first file is written.
    ///   - limit: bytes beyond which `trim` removes what was not used for longest.
    ///   - warn: takes a line of text, from any thread.
    public init(
        folder: String, limit: Int = StageCache.standardLimit, warn: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.limit = limit
        self.warn = warn
    }

    /// 20 GiB: the stages of 500 standard films (40 MB each, nearly all of it frames), and of any disk that holds the
    /// films a small part.
    public static let standardLimit = 20 << 30

    /// Keeps the cache within its limit; called after every reel.
    public func trim() { prune(toBytes: limit) }

    /// Where the cache of an output folder lies.
    public static func folder(in output: String) -> String { "\(output)/.cache" }

    /// What `decode` makes of a stage's file; nil where there is none, or none that is whole and fits.
    func load<Result>(_ key: StageKey, _ kind: Kind, decode: (StageRecord) throws -> Result) -> Result? {
        let path = path(key, kind)
        guard access(path, F_OK) == 0 else { return nil }
        do {
            let result = try decode(try StageFile.read(path, key: key.description))
            // Its use is what pruning goes by.
            try? FileTime.renew(path)
            return result
        } catch {
            // Another process may have removed it meanwhile, for the same reason or for its size.
            guard access(path, F_OK) == 0 else { return nil }
            let what = kind == .result ? "is dropped and made again" : "is dropped, and its stage begins anew"
            warn("\(path): this file of the cache \(what): \(error)")
            unlink(path)
            return nil
        }
    }

    /// Whether a file can be read and is whole; a damaged one is removed with a warning.
    func isWhole(_ entry: Entry) -> Bool {
        do {
            _ = try StageFile.read(entry.path, key: entry.key)
            return true
        } catch {
            warn("\(entry.path): this file of the cache is removed: \(error)")
            unlink(entry.path)
            return false
        }
    }

    /// Writes a stage's file; where that fails, warns, once.
    func save(_ key: StageKey, _ kind: Kind, _ record: () throws -> StageRecord) {
        do {
            let path = path(key, kind)
            let folder = (path as NSString).deletingLastPathComponent
            for folder in [self.folder, folder] { try Folder.make(folder, withThoseAbove: false) }
            let file = try UnfinishedFile(for: path)
            try StageFile.write(try record(), key: key.description) { try file.append($0) }
            try file.publish()
        } catch {
            guard !hasWarned.exchange(true, ordering: .relaxed) else { return }
            warn("the cache cannot be written, so that an interrupted run will have more to do again: \(error)")
        }
    }

    /// Removes a stage's file, if there is one.
    func remove(_ key: StageKey, _ kind: Kind) {
        unlink(path(key, kind))
    }

    func path(_ key: StageKey, _ kind: Kind) -> String {
        "\(folder)/\(key.description.prefix(2))/\(key).\(kind.rawValue)"
    }
}
