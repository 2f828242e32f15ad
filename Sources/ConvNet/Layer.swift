/// A layer that can be visualised: a name, how many units it has and how coarse its map is.
public struct Layer: Sendable, Equatable {
    /// Keras' name, as in the thesis: `block_12_add`.
    public let name: String
    /// Number of units (channels).
    public let unitCount: Int
    /// Input pixels per output pixel, in each direction.
    public let stride: Int
}
