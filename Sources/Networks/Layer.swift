/// A layer whose units can be visualised.
public struct Layer: Sendable, Equatable {
    /// Multiply-accumulates for each pixel of the maps that have one `stride`.
    public struct Work: Sendable, Equatable {
        /// Image pixels per pixel of the map, in each direction.
        public let stride: Int
        public let perPixel: Int

        public init(stride: Int, perPixel: Int) {
            self.stride = stride
            self.perPixel = perPixel
        }
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
    /// Everything that a forward pass up to and including this layer computes, and nothing else.
    public let work: [Work]

    public init(
        name: String, unitCount: Int, stride: Int, receptiveField: Int? = nil, isLogits: Bool = false, work: [Work]
    ) {
        self.name = name
        self.unitCount = unitCount
        self.stride = stride
        self.receptiveField = receptiveField
        self.isLogits = isLogits
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
            // Strided convolutions round up.
            let pixels = ((height + work.stride - 1) / work.stride) * ((width + work.stride - 1) / work.stride)
            return sum + Double(pixels) * Double(work.perPixel)
        }
    }
}
