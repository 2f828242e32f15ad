import Disk
import Foundation
import Synchronization

/// The results of stages, and the states of unfinished ones, as files in one folder: a later run reads them instead of
/// working again.
///
///     <folder>/<first two digits>/<key>.safetensors    a result
///     <folder>/<first two digits>/<key>.checkpoint     an unfinished stage
///
/// Files appear whole or not at all, and are checked when they are read: a damaged one is removed with a warning, and
/// its stage is computed again. Only time depends on the cache: if it cannot be written, there is a single warning, and
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
    ///   - limit: beyond so many bytes, `trim` removes the files that were not used for longest.
    ///   - warn: takes a line of text, from any thread.
    public init(
        folder: String, limit: Int = StageCache.standardLimit, warn: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.limit = limit
        self.warn = warn
    }

    /// 20 GiB: the stages of 500 standard films (40 MB each, nearly all of it frames). This is a small part of any disk
    /// that can hold the films.
    public static let standardLimit = 20 << 30

    /// Keeps the cache within its limit; called after every reel.
    public func trim() { prune(toBytes: limit) }

    /// What `decode` makes of the file of a stage; nil if there is no such file, or if it is damaged or does not fit.
    func load<Result>(_ key: StageKey, _ kind: Kind, decode: (StageRecord) throws -> Result) -> Result? {
        let path = path(key, kind)
        guard access(path, R_OK) == 0 else {
            let error = DiskError(.open, path)
            // What may not be read is somebody's, and not damaged.
            if error.kind == .notPermitted { warn("\(error); its stage begins anew") }
            return nil
        }
        do {
            let result = try decode(try StageFile.read(path, key: key.description))
            // Pruning goes by the time of the last use.
            try? FileTime.renew(path)
            return result
        } catch {
            // Another process may have removed it meanwhile, for the same reason or to make room.
            guard access(path, F_OK) == 0 else { return nil }
            if let fault = readFault(path) {
                warn("\(fault); its stage begins anew")
                return nil
            }
            let what = kind == .result ? "is dropped and made again" : "is dropped, and its stage begins anew"
            warn("\(path): this file of the cache \(what): \(error)")
            unlink(path)
            return nil
        }
    }

    /// Why a file cannot be read, whatever its bytes are: then it is not damaged. Nil if it can.
    private func readFault(_ path: String) -> DiskError? {
        do throws(DiskError) {
            _ = try SHA256.hexDigest(ofFile: path)
            return nil
        } catch {
            return error.errorNumber == nil ? nil : error
        }
    }

    /// What `verify` has found.
    public struct Verification: Sendable, Equatable {
        /// Damaged files, which are gone now.
        public var removed = 0
        /// Files that may not be read, or that are damaged and may not be removed.
        public var left = 0

        public init() {}
    }

    /// Reads a file; a damaged one is removed with a warning.
    func verify(_ entry: Entry, _ verification: inout Verification) {
        do {
            guard access(entry.path, R_OK) == 0 else {
                let error = DiskError(.open, entry.path)
                // Another process may have removed it meanwhile.
                if error.kind == .notFound { return }
                verification.left += 1
                return warn("\(error)")
            }
            _ = try StageFile.read(entry.path, key: entry.key)
        } catch {
            let damage = error
            if let fault = readFault(entry.path) {
                verification.left += 1
                return warn("\(fault)")
            }
            do throws(DiskError) {
                guard try WholeFile.remove(entry.path) else { return }
                verification.removed += 1
                warn("\(entry.path): this file of the cache is removed: \(damage)")
            } catch {
                verification.left += 1
                warn("\(entry.path): this file of the cache is damaged: \(damage); \(error)")
            }
        }
    }

    /// Writes the file of a stage. If this fails, there is a warning, but only the first time.
    func save(_ key: StageKey, _ kind: Kind, _ record: () throws -> StageRecord) {
        do {
            let path = path(key, kind)
            let folder = (path as NSString).deletingLastPathComponent
            for folder in [self.folder, folder] { try Folder.make(folder, withThoseAbove: false) }
            let file = try UnfinishedFile(for: path, isOwn: true)
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
