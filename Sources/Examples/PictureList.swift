import Disk
import Film
import Foundation
import Pipeline
import Records

/// The files of a folder of pictures with their contents' digests: what a record's key is made of.
struct PictureList: Sendable {
    struct Picture: Sendable, Equatable {
        let path: String
        let signature: FileSignature
        let digest: String
    }

    let folder: String
    private(set) var pictures: [Picture] = []
    /// What was not even read.
    private(set) var faults: [ExampleRecord.Skipped]

    /// So many files are read between two looks at the clock.
    private static let round = 256
    /// Seconds after which digests are kept, whatever happens to the process.
    private static let patience = 20.0

    /// Finds the digests of all files, on all workers.
    /// - Parameter report: is told how many are known.
    /// - Throws: `Stopped`; then those found so far are kept.
    init(
        _ walk: PictureWalk, digests folder: String, pool: WorkerPool, worker: Worker, warn: (String) -> Void,
        report: (Int) -> Void
    ) throws {
        self.folder = walk.folder
        faults = walk.faults
        var known = PictureDigests(in: folder, of: walk.folder)
        var hasNews = false
        var lastSave = MonotonicClock.system.now()
        func save() {
            guard hasNews else { return }
            (hasNews, lastSave) = (false, MonotonicClock.system.now())
            do { try known.save() } catch {
                warn("the digests of pictures cannot be kept, so that they are all read again next time: \(error)")
            }
        }
        defer { save() }
        for first in stride(from: 0, to: walk.files.count, by: Self.round) {
            let files = Array(walk.files[first..<min(first + Self.round, walk.files.count)])
            let found = files.map { known[$0.path, $0.signature] }
            let time = Date().timeIntervalSince1970
            let made = try pool.parallel(files.count, on: worker) { [root = walk.folder] index, _ in
                found[index].map { Result<String, DiskError>.success($0) }
                    ?? Self.digest("\(root)/\(files[index].path)", files[index].signature)
            }
            for (index, (file, result)) in zip(files, made).enumerated() {
                switch result {
                case .success(let digest):
                    pictures.append(Picture(path: file.path, signature: file.signature, digest: digest))
                    guard found[index] == nil else { continue }
                    known.keep(digest, of: file.path, file.signature, readAt: time)
                    hasNews = true
                case .failure(let error):
                    faults.append(
                        ExampleRecord.Skipped(path: file.path, reason: error.reason, isTransient: true))
                }
            }
            report(first + files.count)
            if MonotonicClock.system.now() - lastSave > Self.patience { save() }
        }
        known.keepOnly(walk.files.lazy.map(\.path))
        faults.sort { PictureWalk.precedes($0.path, $1.path) }
    }

    private static func digest(_ path: String, _ signature: FileSignature) -> Result<String, DiskError> {
        do throws(DiskError) {
            guard signature.size <= Bitmap.maximumFileSize else {
                throw DiskError(path, "has more than the \(Bitmap.maximumFileSize >> 20) MiB that are read")
            }
            return .success(try SHA256.hexDigest(ofFile: path))
        } catch {
            return .failure(error)
        }
    }

    /// SHA-256 of all paths with their contents, and of those that were not read with the reasons.
    var digest: String {
        SHA256.hexDigest { feed in
            func add(_ text: String) { Array((text + "\0").utf8).withUnsafeBytes(feed) }
            for picture in pictures { [picture.path, picture.digest].forEach(add) }
            add("")
            for fault in faults { [fault.path, fault.reason].forEach(add) }
        }
    }
}
