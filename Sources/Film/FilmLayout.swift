/// Where things stand in a frame of 1224 x 504 pixels: the image at the left, the graph at the right.
public struct FilmLayout: Sendable, Equatable {
    /// A part of the frame, in pixels.
    public struct Box: Sendable, Equatable {
        public var x: Int
        public var y: Int
        public var width: Int
        public var height: Int
    }

    public static let width = 1224
    public static let height = 504
    static let margin = 28
    /// Side of the square that the image fits into.
    static let imageSide = 448

    /// Size of the images that the layout is for, in pixels.
    public let imageWidth: Int
    public let imageHeight: Int
    /// The image, scaled to fit and centred in its square.
    public let image: Box
    public let graph: Box

    public init(imageWidth: Int, imageHeight: Int) {
        precondition(imageWidth > 0 && imageHeight > 0, "an image has pixels")
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        let side = FilmLayout.imageSide
        let longest = max(imageWidth, imageHeight)
        let width = max(1, (imageWidth * side + longest / 2) / longest)
        let height = max(1, (imageHeight * side + longest / 2) / longest)
        let margin = FilmLayout.margin
        image = Box(x: margin + (side - width) / 2, y: margin + (side - height) / 2, width: width, height: height)
        graph = Box(
            x: 2 * margin + side, y: margin, width: FilmLayout.width - 3 * margin - side, height: side)
    }
}
