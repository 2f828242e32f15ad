/// An RGB image `[height, width, channel]`, row-major, values in -1...1 unless said.
public struct Image: Sendable, Equatable {
    public static let channelCount = 3

    public let height: Int
    public let width: Int
    /// `height * width * 3` values, the channel running fastest.
    public var pixels: [Float]

    public init(height: Int, width: Int, pixels: [Float]) {
        precondition(pixels.count == height * width * Image.channelCount, "an image has height * width * 3 values")
        self.height = height
        self.width = width
        self.pixels = pixels
    }

    public init(height: Int, width: Int, repeating value: Float = 0) {
        self.init(
            height: height, width: width,
            pixels: [Float](repeating: value, count: height * width * Image.channelCount))
    }
}
