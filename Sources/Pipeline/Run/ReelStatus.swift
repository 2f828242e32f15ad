import ConvNet
import Film
import Foundation
import Glibc
import JobManifest
import Records

/// Whether a reel's film is there and is what the manifest, the weights and the engine would make now.
public enum ReelStatus: Sendable, Equatable {
    case upToDate
    /// In the user's words: `output missing: film.mp4`, `manifest changed: /neb/pivots` ...
    case stale(reason: String)

    /// Looks at what `film.json` says that the film was made from, and at the sizes of the files that it lists: quick
    /// enough for thousands of reels. That files hold what they held when they were written is not checked.
    ///
    /// - Parameters:
    ///   - outputFolder: the folder in which reels have theirs.
    ///   - weightsDigest: SHA-256 of the weights file.
    ///   - pictures: what is known of pictures that are facets; shared by the checks of a run.
    public static func of(
        _ reel: Reel, in outputFolder: String, weightsDigest: String, pictures: PictureDigests = PictureDigests()
    ) -> ReelStatus {
        let folder = "\(outputFolder)/\(reel.folder)"
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(ReelFolder.record)") else {
            let isThere = access("\(folder)/\(ReelFolder.record)", F_OK) == 0
            return .stale(reason: isThere ? "output unreadable: film.json" : "never rendered")
        }
        // The rest, most of the file, is skipped.
        let images = reel.facets.compactMap(\.image)
        guard let record = try? FilmFile<UnreadJob>(data, with: images.isEmpty ? [] : .facets),
            let job = record.digests?.job, let weights = record.digests?.weights, let revision = record.engineRevision
        else { return .stale(reason: "output damaged: film.json is not readable") }
        if job != reel.digest { return .stale(reason: change(of: reel, data)) }
        if weights != weightsDigest { return .stale(reason: "weights changed") }
        if revision != Network.engineRevision {
            return .stale(reason: "engine changed: \(revision) -> \(Network.engineRevision)")
        }
        // In the same order: the manifest is the one that the film was made from.
        for (path, source) in zip(images, record.facets?.compactMap(\.source) ?? [])
        where source.sha256 == nil || pictures.digest(of: path) != source.sha256 {
            return .stale(reason: "image changed: \(path)")
        }
        guard let outputs = record.outputs else {
            return .stale(reason: "output damaged: film.json lists no files, as those of earlier versions")
        }
        for output in outputs {
            if let reason = damage(of: output, in: folder) { return .stale(reason: reason) }
        }
        return .upToDate
    }

    /// Whether the film of a plan is there, as it would be made now: by what its files say alone. Pictures that are facets
    /// lie elsewhere and are not looked at.
    static func isDone(_ film: BatchPlan.Film, of plan: BatchPlan, in outputFolder: String) -> Bool {
        let folder = "\(outputFolder)/\(film.reel)"
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(ReelFolder.record)"),
            let record = try? FilmFile<UnreadJob>(data, with: []), let outputs = record.outputs
        else { return false }
        return record.digests?.weights == plan.weights && record.digests?.job == film.job
            && record.engineRevision == plan.engineRevision && outputs.allSatisfy { damage(of: $0, in: folder) == nil }
    }

    private static func change(of reel: Reel, _ data: Data) -> String {
        // A film of an earlier version may have been made from what is no manifest any more.
        guard let old = try? FilmFile<Reel>(data, with: []).job else { return "manifest changed" }
        let pointers = reel.pointersToDifferences(from: old)
        let shown = pointers.prefix(3).joined(separator: ", ")
        let more = pointers.count > 3 ? " and \(pointers.count - 3) more" : ""
        return pointers.isEmpty ? "manifest changed" : "manifest changed: \(shown)\(more)"
    }

    private static func damage(of output: FilmRecord.Output, in folder: String) -> String? {
        var status = stat()
        // Names come from a file: they must not lead elsewhere.
        guard !output.path.hasPrefix("/"), !output.path.split(separator: "/").contains(".."),
            stat("\(folder)/\(output.path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG
        else { return "output missing: \(output.path)" }
        guard status.st_size == output.bytes else {
            return "output damaged: \(output.path) has \(status.st_size) bytes instead of \(output.bytes)"
        }
        return nil
    }
}

/// The digests of pictures, each computed once as long as its file stays as it is.
public final class PictureDigests: Sendable {
    private struct Signature: Hashable {
        let path: String
        let device: UInt
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private let known = Guarded<[Signature: String]>([:])

    public init() {}

    /// SHA-256; nil where there is no such file that can be read.
    func digest(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let signature = Signature(
            path: path, device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        if let digest = known.value[signature] { return digest }
        guard let digest = try? SHA256.hexDigest(ofFile: path) else { return nil }
        known.update { $0[signature] = digest }
        return digest
    }
}

extension Reel {
    /// SHA-256 of the resolved job in canonical form, pictures by their names.
    var digest: String { SHA256.hexDigest(of: Data(portable.canonicalJSON.utf8)) }
}
