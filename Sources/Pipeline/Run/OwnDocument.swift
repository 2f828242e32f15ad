import Disk
import Foundation
import Records

/// JSON that the program itself writes beside manifests, where these lie in the folder of the films: no manifests.
enum OwnDocument {
    /// The top-level keys by which each kind is known, and those by which a manifest is.
    private struct Keys: Decodable {
        /// Of a report and of a record.
        var engineRevision: Unread?
        /// Of a comparison.
        var compared: Unread?
        /// Of a schema.
        var definitions: Unread?

        var name: Unread?
        var layer: Unread?
        var jobs: Unread?

        enum CodingKeys: String, CodingKey {
            case engineRevision, compared, name, layer, jobs
            case definitions = "$defs"
        }

        struct Unread: Decodable {
            init(from decoder: any Decoder) {}
        }
    }

    /// Whether a file is a run's report, a comparison, a film's record or the schema of manifests.
    static func isOne(_ path: String) -> Bool {
        guard let data = try? WholeFile.contents(of: path), let keys = try? JSONDecoder().decode(Keys.self, from: data)
        else { return false }
        // A manifest with a key that it may not have is a manifest with an error.
        guard keys.name == nil, keys.layer == nil, keys.jobs == nil else { return false }
        return keys.engineRevision != nil || keys.compared != nil || keys.definitions != nil
    }
}
