import JobManifest
import Networks
import Records

extension FilmRecord.Network {
    /// What a film's record says of the network that a manifest asks for, and what tells whether the film is up to date.
    /// - Parameter digest: SHA-256 of everything that decides what the network computes.
    init(_ reference: NetworkReference, _ description: NetworkDescription, digest: String) {
        self.init(
            name: description.name, file: reference.fileName, digest: digest,
            perceptualLayers: description.perceptualLayers.map(\.name))
    }
}
