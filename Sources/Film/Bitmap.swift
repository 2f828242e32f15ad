/// A picture of 8 bits: `[height, width, RGB]`, row-major.
public struct Bitmap: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// `width * height * 3` bytes.
    public var pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * 3, "a bitmap has width * height * 3 bytes")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture of one colour.
    public init(width: Int, height: Int, color: (UInt8, UInt8, UInt8)) {
        var pixels = [UInt8](repeating: color.0, count: width * height * 3)
        for index in 0..<width * height { (pixels[3 * index + 1], pixels[3 * index + 2]) = (color.1, color.2) }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// Copies a picture in, its upper left corner at `x`, `y`; it must fit.
    public mutating func draw(_ other: Bitmap, x: Int, y: Int) {
        precondition(x >= 0 && y >= 0 && x + other.width <= width && y + other.height <= height, "the picture fits")
        for row in 0..<other.height {
            let (from, to) = (row * other.width * 3, ((y + row) * width + x) * 3)
            pixels.replaceSubrange(to..<to + other.width * 3, with: other.pixels[from..<from + other.width * 3])
        }
    }
}
