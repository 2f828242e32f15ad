import ConvNet
import Disk
import Foundation
import JobManifest
import Networks
import Pipeline
import Records

/// The films that a run, or all shards of one, are to make in an output folder. The plan is kept in that folder, so
/// that the state of the run can be told from the folder's files alone. A later run of the same manifests replaces it.
public struct BatchPlan: Codable, Sendable, Equatable {
    struct PlannedFilm: Codable, Sendable, Equatable {
        /// `name/layer/unit`.
        var reel: String
        /// `FilmRecord.Digests.job`.
        var job: String
        /// The label of the class that the film is of.
        var label: String?

        private enum CodingKeys: String, CodingKey {
            case reel, job
            case label = "class"
        }
    }

    /// As the command was given them.
    var manifests: [String]
    /// `--only`.
    var only: String?
    /// SHA-256 of the network of each job's films, by the job's name: no two networks share one.
    var networks: [String: String]
    var engineRevision = Network.engineRevision
    var films: [PlannedFilm]

    /// - Parameters:
    ///   - reels: the films of all shards.
    ///   - digest: SHA-256 of a network.
    ///   - label: the label of the class that a reel is of.
    public init(
        _ reels: [Reel], manifests: [String], only: String?, digest: (NetworkReference) -> String,
        label: (Reel) -> String? = { _ in nil }
    ) {
        self.manifests = manifests
        self.only = only
        var networks: [String: String] = [:]
        for reel in reels where networks[reel.name] == nil { networks[reel.name] = digest(reel.network) }
        self.networks = networks
        films = reels.map { PlannedFilm(reel: $0.folder, job: $0.digest, label: label($0)) }
    }

    /// The name of its file: the same for the same arguments in the same working directory.
    var key: String {
        // A folder whose path is no text cannot be told from another, and need not be: then the arguments have to do.
        let folder = (try? Folder.working()) ?? ""
        let parts = manifests.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" } + ["only", only ?? ""]
        return String(SHA256.hexDigest(of: Data(parts.joined(separator: "\0").utf8)).prefix(16))
    }

    /// Keeps it in an output folder and returns its key. Shards of a batch write the same bytes.
    ///
    /// - Throws: naming the file.
    @discardableResult
    public func write(to output: String) throws -> String {
        let data = try stableJSON()
        let folder = RunFolder(output: output)
        let path = folder.plan(key)
        if (try? WholeFile.contents(of: path)) == data {
            // If two plans name the same film, the newest one counts.
            try? FileTime.renew(path)
        } else {
            try folder.replace(path, by: data)
        }
        return key
    }

    /// The plans of an output folder, the newest first; those that cannot be read are left out.
    static func all(in folder: RunFolder) -> [BatchPlan] {
        let names = (try? Folder.entries(of: folder.plans)) ?? []
        let files = names.filter { $0.hasSuffix(".json") }.map { name -> (path: String, time: Double) in
            let path = "\(folder.plans)/\(name)"
            return (path, FileTime.modified(path) ?? 0)
        }
        return files.sorted { ($0.time, $0.path) > ($1.time, $1.path) }.compactMap { load($0.path) }
    }

    static func load(_ path: String) -> BatchPlan? {
        guard let plan = BatchPlan.stored(in: path) else { return nil }
        // Names come from a file: they must not lead elsewhere.
        return plan.films.allSatisfy { FilmPlace($0.reel) != nil } ? plan : nil
    }
}
