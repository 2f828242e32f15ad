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
    /// What its units typically respond to: `textures`.
    public let stage: String
    /// Everything that a forward pass up to and including this layer computes, and nothing else.
    public let work: [Work]

    public init(name: String, unitCount: Int, stride: Int, stage: String, work: [Work]) {
        self.name = name
        self.unitCount = unitCount
        self.stride = stride
        self.stage = stage
        self.work = work
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
