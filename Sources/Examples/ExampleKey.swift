import ConvNet
import Disk
import Networks
import Records

/// Everything that a record is made from.
struct ExampleKey: Encodable, Sendable {
    /// Of the form of the record, and of how pictures are read, scaled and cut. A change of either makes all anew.
    private let form = 1
    private let engineRevision = Network.engineRevision
    private let networkName: String
    private let network: String
    private let layers: [String]
    private let height: Int
    private let width: Int
    private let pictures: String

    /// - Parameters:
    ///   - network: the digest of the network.
    ///   - pictures: the digest of the list of pictures.
    init(_ description: NetworkDescription, network: String, layers: [Layer], pictures: String) {
        networkName = description.name
        (height, width) = (description.height, description.width)
        self.network = network
        self.layers = layers.map(\.name)
        self.pictures = pictures
    }

    /// 64 lowercase hexadecimal digits.
    func digest() throws -> String { SHA256.hexDigest(of: Array(try stableJSON())) }
}
