/// A layer whose units can be visualised.
public struct Layer: Sendable, Equatable {
    /// Multiply-accumulates for each pixel of the maps that have one `stride`, as many pixels as that makes of an image:
    /// maps without padding, which have fewer, and those larger than the image count for what they have at the image
    /// size that the network was made for.
    public struct Work: Sendable, Equatable {
        /// Image pixels per pixel of the map, in each direction.
        public let stride: Int
        public let perPixel: Double

        public init(stride: Int, perPixel: Double) {
            self.stride = stride
            self.perPixel = perPixel
        }
    }

    /// The extents of a map, in its pixels.
    public struct MapSize: Sendable, Equatable {
        public let height: Int
        public let width: Int

        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }

        /// What a stride makes of an image: strided convolutions round up.
        init(stride: Int, height: Int, width: Int) {
            self.init(height: (height + stride - 1) / stride, width: (width + stride - 1) / stride)
        }

        var pixels: Int { height * width }
    }

    /// The name that users see: `block_12_add`.
    public let name: String
    /// Number of units (channels).
    public let unitCount: Int
    /// Image pixels per pixel of its map, in each direction.
    public let stride: Int
    /// The side of the part of the image that one value of its map can see, in pixels; nil if it sees all of it.
    public let receptiveField: Int?
    /// Whether it has no positions, `[1, units]`: its units are logits, or features that lead to them.
    public let isLogits: Bool
    /// Of its map, for an image of the size that the network was made for; nil: as its stride makes it.
    public let mapSize: MapSize?
    /// Everything that a forward pass up to and including this layer computes, and nothing else.
    public let work: [Work]

    public init(
        name: String, unitCount: Int, stride: Int, receptiveField: Int? = nil, isLogits: Bool = false,
        mapSize: MapSize? = nil, work: [Work]
    ) {
        self.name = name
        self.unitCount = unitCount
        self.stride = stride
        self.receptiveField = receptiveField
        self.isLogits = isLogits
        self.mapSize = mapSize
        self.work = work
    }

    /// What its units typically respond to, by the size of what they see: `textures`. (The sizes are those at which
    /// MobileNetV2's films change their kind.)
    public var stage: String {
        if isLogits { return "classes" }
        switch receptiveField ?? .max {
        case ..<24: return "edges and colours"
        case ..<96: return "textures"
        case ..<300: return "patterns and parts"
        default: return "objects"
        }
    }

    /// Multiply-accumulates of the forward pass up to and including this layer, for an image of `height` x `width`. A
    /// gradient with respect to the image needs as many in addition.
    public func multiplyAccumulates(height: Int, width: Int) -> Double {
        work.reduce(0) { sum, work in
            sum + Double(MapSize(stride: work.stride, height: height, width: width).pixels) * work.perPixel
        }
    }
}
