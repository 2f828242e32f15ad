import JobManifest
import Networks
import Records

extension ReelStatus {
    /// The status of a reel, whose network is looked up.
    static func of(
        _ reel: Reel, in outputFolder: String, networks: NetworkLibrary, pictures: PictureDigests,
        photographs: PhotographLibrary = PhotographLibrary()
    ) -> ReelStatus {
        do throws(NetworkError) {
            let description = try networks.description(of: reel.network)
            return of(
                reel, in: outputFolder,
                network: FilmRecord.Network(
                    reel.network, description, digest: try networks.digest(of: reel.network)),
                label: description.label(ofUnit: reel.unit, layer: reel.layer), pictures: pictures,
                photographs: photographs.photographs(of: reel, in: description)?.digest)
        } catch {
            return .stale(reason: "network cannot be used: \(error)")
        }
    }
}
