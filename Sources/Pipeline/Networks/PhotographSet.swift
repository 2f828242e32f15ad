import Disk
import JobManifest
import Networks
import Records

/// A folder of photographs and what they do to a network's units: what films are held against.
public struct PhotographSet: Sendable {
    /// The path of the folder.
    public let folder: String
    public let record: ExampleRecord
    let table: ActivationTable
    /// SHA-256 of all that its numbers depend on, the photographs that could be read among it.
    public let digest: String

    /// So many are needed for numbers about them to mean anything.
    static let leastCount = 20

    /// - Parameter place: where the record lies.
    /// - Throws: `DiskError` where its activations cannot be read.
    public init(folder: String, record: ExampleRecord, place: ExampleFolder) throws(DiskError) {
        (self.folder, self.record) = (folder, record)
        table = try ActivationTable(place.activations, of: record)
        digest = SHA256.hexDigest { feed in
            func add(_ text: String) { Array((text + "\0").utf8).withUnsafeBytes(feed) }
            [record.engineRevision, record.network.digest, "\(record.image.height)x\(record.image.width)"].forEach(add)
            record.layers.map(\.name).forEach(add)
            for picture in record.pictures { [picture.path, picture.digest].forEach(add) }
        }
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
///
/// They are known by the network's example layers, and by a film's own layer where that is none of them, in a record of its
/// own: what a film says must not depend on the films beside it.
public struct PhotographLibrary: Sendable {
    /// Reels with the same have the same photographs.
    public struct Key: Hashable, Sendable {
        public let network: NetworkReference
        public let folder: String
        /// The reels' layer, if it is none of the network's example layers.
        public let otherLayer: String?

        /// Nil for a reel that names no photographs.
        public init?(_ reel: Reel, in description: NetworkDescription) {
            guard let folder = reel.pictures?.folder else { return nil }
            let own = description.layer(reel.layer)?.name ?? reel.layer
            (network, self.folder) = (reel.network, folder)
            otherLayer = description.exampleLayers.contains { $0.name == own } ? nil : own
        }

        /// The layers that know the photographs, in the network's order.
        public func layers(in description: NetworkDescription) -> [Layer] {
            description.ordered(description.exampleLayers + [otherLayer.flatMap(description.layer)].compactMap(\.self))
        }
    }

    private var sets: [Key: PhotographSet] = [:]

    public init() {}

    public mutating func add(_ set: PhotographSet, for key: Key) { sets[key] = set }

    /// Those of a reel; nil where it names none, or nobody has looked at them.
    public func photographs(of reel: Reel, in description: NetworkDescription) -> PhotographSet? {
        Key(reel, in: description).flatMap { sets[$0] }
    }
}
