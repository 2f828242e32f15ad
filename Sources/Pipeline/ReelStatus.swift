import ConvNet
import Film
import Foundation
import JobManifest

/// Whether a reel's film is there and is what the manifest, the weights and the engine would make now.
public enum ReelStatus: Sendable, Equatable {
    case upToDate
    /// In the user's words.
    case stale(reason: String)

    /// Looks at what `film.json` says that the film was made from.
    public static func of(_ reel: Reel, in outputFolder: String, weightsDigest: String) -> ReelStatus {
        struct Record: Decodable {
            let digests: FilmRecord.Digests
            let engineRevision: String
        }
        let folder = "\(outputFolder)/\(reel.folder)"
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(ReelFolder.record)"),
            let record = try? JSONDecoder().decode(Record.self, from: data)
        else { return .stale(reason: "never rendered") }
        if record.digests.job != SHA256.hexDigest(of: Data(reel.canonicalJSON.utf8)) {
            return .stale(reason: "manifest changed")
        }
        if record.digests.weights != weightsDigest { return .stale(reason: "weights changed") }
        if record.engineRevision != Network.engineRevision { return .stale(reason: "engine changed") }
        guard FileManager.default.fileExists(atPath: "\(folder)/film.mp4") else {
            return .stale(reason: "output missing: film.mp4")
        }
        return .upToDate
    }
}
