/// `examples.json`: what every unit of some layers makes of the pictures of a folder. It depends on the pictures, their
/// names, the network and the engine alone.
public struct ExampleRecord: Codable, Sendable, Equatable {
    /// The version of this form of record.
    public static let currentVersion = 1
    /// How many pictures are kept of each unit.
    public static let (strongestCount, weakestCount) = (16, 3)

    public var version: Int
    /// SHA-256 of everything that the record is made from.
    public var key: String
    public var engineRevision: String
    public var network: Network
    /// What every picture is scaled and cut to.
    public var image: Size
    /// Those that were read, by their paths in the order of bytes. Numbers of pictures are places in this list.
    public var pictures: [Picture]
    /// Files that were not, in the same order.
    public var skipped: [Skipped]
    /// In the network's order.
    public var layers: [Layer]
    /// SHA-256 of the file of all activations.
    public var activations: String

    public init(
        key: String, engineRevision: String, network: Network, image: Size, pictures: [Picture], skipped: [Skipped],
        layers: [Layer], activations: String
    ) {
        version = Self.currentVersion
        self.key = key
        self.engineRevision = engineRevision
        self.network = network
        self.image = image
        self.pictures = pictures
        self.skipped = skipped
        self.layers = layers
        self.activations = activations
    }

    public struct Network: Codable, Sendable, Equatable {
        public var name: String
        /// SHA-256 of everything that decides what it computes.
        public var digest: String

        public init(name: String, digest: String) {
            (self.name, self.digest) = (name, digest)
        }
    }

    public struct Size: Codable, Sendable, Equatable {
        public var height: Int
        public var width: Int

        public init(height: Int, width: Int) {
            (self.height, self.width) = (height, width)
        }
    }

    public struct Picture: Codable, Sendable, Equatable {
        /// From the folder on.
        public var path: String
        /// SHA-256 of the file.
        public var digest: String
        /// Upright, before it was scaled.
        public var size: Size

        public init(path: String, digest: String, size: Size) {
            (self.path, self.digest, self.size) = (path, digest, size)
        }
    }

    public struct Skipped: Codable, Sendable, Equatable {
        public var path: String
        public var reason: String
        /// Whether the file itself may be well: it could not be read, or changed meanwhile. Then the record is made again
        /// when it is asked for again.
        public var isTransient: Bool

        public init(path: String, reason: String, isTransient: Bool) {
            (self.path, self.reason, self.isTransient) = (path, reason, isTransient)
        }
    }

    public struct Layer: Codable, Sendable, Equatable {
        public var name: String
        /// Of its first unit in the file of all activations.
        public var firstColumn: Int
        /// Of its map.
        public var map: Size
        public var units: [Unit]

        public init(name: String, firstColumn: Int, map: Size, units: [Unit]) {
            (self.name, self.firstColumn, self.map, self.units) = (name, firstColumn, map, units)
        }
    }

    public struct Unit: Codable, Sendable, Equatable {
        /// Over all pictures, of the unit's mean over its map.
        public var mean: Double
        /// Of the same, as of all there is (division by the number of pictures).
        public var standardDeviation: Double
        /// The pictures with the highest means, the highest first; of equals the earlier picture.
        public var strongest: [Example]
        /// Those with the lowest, the lowest first.
        public var weakest: [Example]

        public init(mean: Double, standardDeviation: Double, strongest: [Example], weakest: [Example]) {
            (self.mean, self.standardDeviation) = (mean, standardDeviation)
            (self.strongest, self.weakest) = (strongest, weakest)
        }
    }

    /// What one picture does to a unit.
    public struct Example: Codable, Sendable, Equatable {
        /// Its place in `pictures`.
        public var picture: Int
        /// The unit's mean over its map.
        public var activation: Float
        /// The largest value of the map, and where in the map it is: the first of equals, row by row.
        public var peak: Float
        public var row: Int
        public var column: Int

        public init(picture: Int, activation: Float, peak: Float, row: Int, column: Int) {
            (self.picture, self.activation) = (picture, activation)
            (self.peak, self.row, self.column) = (peak, row, column)
        }
    }

    /// The layer of that name.
    public func layer(_ name: String) -> Layer? { layers.first { $0.name == name } }

    /// Columns of the file of all activations.
    public var unitCount: Int { layers.reduce(0) { $0 + $1.units.count } }

    /// Whether its numbers fit each other: a record may come from anybody.
    var isConsistent: Bool {
        var column = 0
        for layer in layers {
            guard layer.firstColumn == column, min(layer.map.height, layer.map.width) > 0 else { return false }
            column += layer.units.count
            let examples = layer.units.lazy.flatMap { $0.strongest + $0.weakest }
            guard
                examples.allSatisfy({
                    pictures.indices.contains($0.picture) && (0..<layer.map.height).contains($0.row)
                        && (0..<layer.map.width).contains($0.column)
                })
            else { return false }
        }
        return version == Self.currentVersion
    }
}
