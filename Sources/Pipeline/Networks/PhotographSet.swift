import Disk
import JobManifest
import Networks
import Records

/// A folder of photographs and what they do to a network's units: what films are held against.
public struct PhotographSet: Sendable {
    /// The path of the folder.
    public let folder: String
    public private(set) var record: ExampleRecord
    let table: ActivationTable
    /// SHA-256 of all that its numbers depend on. Two records that differ only in layers that nobody asks for have the
    /// same.
    public private(set) var digest: String
    private let pictures: String

    /// So many are needed for numbers about them to mean anything.
    static let leastCount = 20

    /// - Parameter place: where the record lies.
    /// - Throws: `DiskError` where its activations cannot be read.
    public init(folder: String, record: ExampleRecord, place: ExampleFolder) throws(DiskError) {
        (self.folder, self.record) = (folder, record)
        table = try ActivationTable(place.activations, of: record)
        pictures = SHA256.hexDigest { feed in
            for picture in record.pictures {
                Array("\(picture.path)\0\(picture.digest)\0".utf8).withUnsafeBytes(feed)
            }
        }
        digest = ""
        digest = ownDigest
    }

    private var ownDigest: String {
        let parts =
            [record.engineRevision, record.network.digest, "\(record.image.height)x\(record.image.width)", pictures]
            + record.layers.map(\.name)
        return SHA256.hexDigest(of: Array(parts.joined(separator: "\0").utf8))
    }

    /// The same without what is known of other layers than these: what a film says must not depend on the films beside it.
    func restricted(to layers: Set<String>) -> PhotographSet {
        var set = self
        set.record.layers = record.layers.filter { layers.contains($0.name) }
        set.digest = set.ownDigest
        return set
    }

    /// The column of a unit; nil for a layer that was not looked at.
    func column(ofUnit unit: Int, layer name: String) -> Int? {
        guard let layer = record.layer(name), layer.units.indices.contains(unit) else { return nil }
        return layer.firstColumn + unit
    }

    /// Means of all units for some photographs, each layer by itself: `[photograph][layer][unit]`.
    func means(of photographs: [Int]) throws(DiskError) -> [[[Double]]] {
        try photographs.map { (photograph) throws(DiskError) in
            let row = try table.row(ofPicture: photograph)
            return record.layers.map { layer in
                row[layer.firstColumn..<layer.firstColumn + layer.units.count].map { Double($0) }
            }
        }
    }
}

/// The photographs of a run's reels.
public struct PhotographLibrary: Sendable {
    private struct Key: Hashable {
        let network: NetworkReference
        let folder: String
    }

    private var sets: [Key: PhotographSet] = [:]

    public init() {}

    /// Photographs that reels of a network name.
    public mutating func add(_ set: PhotographSet, of network: NetworkReference) {
        sets[Key(network: network, folder: set.folder)] = set
    }

    /// Those of a reel, as the network's example layers and its own know them; nil where it names none, or nobody has
    /// looked at them.
    public func photographs(of reel: Reel, in description: NetworkDescription) -> PhotographSet? {
        guard let set = reel.pictures.flatMap({ sets[Key(network: reel.network, folder: $0.folder)] }) else {
            return nil
        }
        let own = description.layer(reel.layer)?.name ?? reel.layer
        return set.restricted(to: Set(description.exampleLayers.map(\.name) + [own]))
    }
}
