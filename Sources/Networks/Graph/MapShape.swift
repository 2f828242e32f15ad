/// The extents of a tensor with channels, `[channels, height, width]`. Logits are maps of one pixel.
public struct MapShape: Sendable, Hashable {
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    public var pixels: Int { height * width }
    public var count: Int { channels * height * width }
}
