import ConvNet
import Disk
import Foundation
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
        let data: Data
        do throws(DiskError) {
            data = try WholeFile.contents(of: "\(folder)/\(ReelFolder.record)")
        } catch {
            return .stale(reason: error.kind == .notFound ? "never rendered" : "output unreadable: film.json")
        }
        // Frames, most of the file, and bands are not needed.
        guard let record = try? FilmFile<UnreadJob>(data, with: []), let job = record.digests?.job,
            let weights = record.digests?.weights, let revision = record.engineRevision, let facets = record.facets
        else { return .stale(reason: "output damaged: film.json is not readable") }
        if job != reel.digest { return .stale(reason: change(of: reel, data)) }
        if weights != weightsDigest { return .stale(reason: "weights changed") }
        if revision != Network.engineRevision {
            return .stale(reason: "engine changed: \(revision) -> \(Network.engineRevision)")
        }
        // In the same order: the manifest is the one that the film was made from.
        for (path, source) in zip(reel.facets.compactMap(\.image), facets.compactMap(\.source))
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

    /// Whether the film of a folder is there, made from such a job and weights by such an engine: by what its files say
    /// alone. Pictures that are facets lie elsewhere and are not looked at.
    public static func isDone(_ folder: String, job: String, weights: String, engineRevision: String) -> Bool {
        guard let data = try? WholeFile.contents(of: "\(folder)/\(ReelFolder.record)"),
            let record = try? FilmFile<UnreadJob>(data, with: []), let outputs = record.outputs
        else { return false }
        return record.digests?.weights == weights && record.digests?.job == job
            && record.engineRevision == engineRevision && outputs.allSatisfy { damage(of: $0, in: folder) == nil }
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
        // Names come from a file: they must not lead elsewhere.
        guard !output.path.hasPrefix("/"), !output.path.split(separator: "/").contains(".."),
            let size = FileSignature("\(folder)/\(output.path)")?.size
        else { return "output missing: \(output.path)" }
        guard size == output.bytes else {
            return "output damaged: \(output.path) has \(size) bytes instead of \(output.bytes)"
        }
        return nil
    }
}

/// The digests of pictures, each computed once as long as its file stays as it is.
public final class PictureDigests: Sendable {
    private let known = Guarded<[String: (signature: FileSignature, digest: String)]>([:])

    public init() {}

    /// SHA-256; nil where there is no such file that can be read.
    func digest(of path: String) -> String? {
        guard let signature = FileSignature(path) else { return nil }
        if let known = known.value[path], known.signature == signature { return known.digest }
        guard let digest = try? SHA256.hexDigest(ofFile: path) else { return nil }
        known.update { $0[path] = (signature, digest) }
        return digest
    }
}

extension Reel {
    /// SHA-256 of the resolved job in canonical form, pictures by their names.
    public var digest: String { SHA256.hexDigest(of: Data(portable.canonicalJSON.utf8)) }
}
