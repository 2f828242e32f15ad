import ConvNet
import Disk
import Foundation
import JobManifest
import Records

/// Whether a reel's film is there and is what the manifest, the network and the engine would make now.
public enum ReelStatus: Sendable, Equatable {
    case upToDate
    /// In the user's words: `output missing: film.mp4`, `manifest changed: /neb/pivots` ...
    case stale(reason: String)

    /// Compares what the film was made from, according to `film.json`, and the sizes of the files that it lists. This
    /// is quick enough for thousands of reels. It does not check whether the files still have their contents.
    ///
    /// - Parameters:
    ///   - outputFolder: the folder that contains the folders of the reels.
    ///   - network: as the film's record would say it now.
    ///   - label: the label of the unit's class, which the film shows; nil if it has none.
    ///   - pictures: the digests of pictures that are facets, or that facets start at; shared by the checks of a run.
    ///   - photographs: the key of the record of the photographs that the film is held against; nil where nobody has looked
    ///     at them.
    public static func of(
        _ reel: Reel, in outputFolder: String, network: FilmRecord.Network, label: String? = nil,
        pictures: PictureDigests = PictureDigests(), photographs: String? = nil
    ) -> ReelStatus {
        let folder = "\(outputFolder)/\(reel.folder)"
        let data: Data
        do throws(DiskError) {
            data = try WholeFile.contents(of: "\(folder)/\(FilmRecord.fileName)")
        } catch {
            return .stale(reason: error.kind == .notFound ? "never rendered" : "output unreadable: film.json")
        }
        // The rest, most of the file, is skipped.
        guard let record = try? FilmFile<UnreadJob>(data, with: .facets), let facets = record.facets,
            let job = record.digests?.job, let digest = record.networkDigest, let revision = record.engineRevision
        else { return .stale(reason: "output damaged: film.json is not readable") }
        if job != reel.digest { return .stale(reason: change(of: reel, data)) }
        if digest != network.digest { return .stale(reason: "network changed") }
        if revision != Network.engineRevision {
            return .stale(reason: "engine changed: \(revision) -> \(Network.engineRevision)")
        }
        if record.label != label {
            return .stale(reason: "label changed: \(record.label ?? "none") -> \(label ?? "none")")
        }
        // What the card says, and no weight depends on.
        if record.network?.name != network.name {
            return .stale(reason: "network's name changed: \(record.network?.name ?? "none") -> \(network.name)")
        }
        if record.network?.perceptualLayers != network.perceptualLayers {
            return .stale(reason: "network's perceptualLayers changed")
        }
        // In the same order: the manifest is the one that the film was made from. All facets of a set have the same picture.
        let paths = reel.facets.flatMap { facet in facet.names.compactMap { _ in facet.picture } }
        for (path, source) in zip(paths, facets.compactMap(\.source))
        where source.sha256 == nil || pictures.digest(of: path) != source.sha256 {
            return .stale(reason: "image changed: \(path)")
        }
        if let photographs, record.trust?.photographs?.digest != photographs {
            return .stale(reason: "photographs changed")
        }
        guard let outputs = record.outputs else {
            return .stale(reason: "output damaged: film.json lists no files, as those of earlier versions")
        }
        guard isWhole(outputs) else { return .stale(reason: "output damaged: film.json lists no film.mp4") }
        for output in outputs {
            if let reason = damage(of: output, in: folder) { return .stale(reason: reason) }
        }
        return .upToDate
    }

    /// Whether a folder holds a film that was made from this job and this network by this engine, according to its
    /// files alone. Pictures lie elsewhere and are not looked at.
    public static func isDone(_ folder: String, job: String, network: String?, engineRevision: String) -> Bool {
        guard let data = try? WholeFile.contents(of: "\(folder)/\(FilmRecord.fileName)"),
            let record = try? FilmFile<UnreadJob>(data, with: .facets), let outputs = record.outputs,
            record.facets != nil, isWhole(outputs)
        else { return false }
        return network != nil && record.networkDigest == network && record.digests?.job == job
            && record.engineRevision == engineRevision && outputs.allSatisfy { damage(of: $0, in: folder) == nil }
    }

    private static func change(of reel: Reel, _ data: Data) -> String {
        // The job of a film of an earlier version may not be valid in a manifest any more.
        guard let old = try? FilmFile<Reel>(data, with: []).job else { return "manifest changed" }
        let pointers = reel.pointersToDifferences(from: old)
        let shown = pointers.prefix(3).joined(separator: ", ")
        let more = pointers.count > 3 ? " and \(pointers.count - 3) more" : ""
        return pointers.isEmpty ? "manifest changed" : "manifest changed: \(shown)\(more)"
    }

    private static func isWhole(_ outputs: [FilmRecord.Output]) -> Bool { outputs.contains { $0.path == "film.mp4" } }

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

/// The digests of pictures. Each is computed only once, as long as the file does not change.
public final class PictureDigests: Sendable {
    private let known = Guarded<[String: (signature: FileSignature, digest: String)]>([:])

    public init() {}

    /// SHA-256; nil if there is no such file, or if it cannot be read.
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
