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

    /// So many are needed for numbers about them to mean anything.
    static let leastCount = 20

    /// - Parameter place: where the record lies.
    /// - Throws: `DiskError` where its activations cannot be read.
    public init(folder: String, record: ExampleRecord, place: ExampleFolder) throws(DiskError) {
        (self.folder, self.record) = (folder, record)
        table = try ActivationTable(place.activations, of: record)
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

    /// Those of a reel; nil where it names none, or nobody has looked at them.
    public func photographs(of reel: Reel) -> PhotographSet? {
        reel.pictures.flatMap { sets[Key(network: reel.network, folder: $0.folder)] }
    }
}
