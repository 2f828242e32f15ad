import Testing

@testable import Film

/// Image and graph have their places in the frame, whatever the image's shape.
struct FilmLayoutTests {
    static let frame = FilmLayout.Box(x: 0, y: 0, width: 1224, height: 504)

    static func holds(_ outer: FilmLayout.Box, _ inner: FilmLayout.Box) -> Bool {
        inner.width > 0 && inner.height > 0 && inner.x >= outer.x && inner.y >= outer.y
            && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height
    }

    static let sizes = [
        (224, 224), (160, 96), (96, 160), (32, 2048), (2048, 32), (1, 1), (1, 1_000_000), (1_000_000, 1), (447, 449),
        (449, 447), (8192, 8191), (3, 7),
    ]

    @Test(arguments: sizes) func `both boxes lie in the frame and apart`(width: Int, height: Int) {
        let layout = FilmLayout(imageWidth: width, imageHeight: height)
        #expect(FilmLayout.width == 1224 && FilmLayout.height == 504)
        #expect(Self.holds(Self.frame, layout.image), "\(layout.image)")
        #expect(Self.holds(Self.frame, layout.graph), "\(layout.graph)")
        #expect(layout.image.x + layout.image.width + FilmLayout.margin <= layout.graph.x)
        #expect(layout.graph == FilmLayout(imageWidth: 1, imageHeight: 1).graph, "the graph stands still")
    }

    @Test(arguments: sizes) func `an image fills its square, keeps its aspect and is centred`(width: Int, height: Int) {
        let image = FilmLayout(imageWidth: width, imageHeight: height).image
        #expect(max(image.width, image.height) == FilmLayout.imageSide, "\(image)")
        // The shorter side is the exact one rounded to a pixel, and never vanishes.
        let exact = 448 * Double(min(width, height)) / Double(max(width, height))
        #expect(abs(Double(min(image.width, image.height)) - max(exact, 1)) <= 0.5, "\(image)")
        #expect((image.width < image.height) == (width < height) || image.width == image.height)
        let square = FilmLayout.Box(x: 28, y: 28, width: 448, height: 448)
        #expect(Self.holds(square, image), "\(image)")
        #expect(abs((image.x - 28) * 2 + image.width - 448) <= 1 && abs((image.y - 28) * 2 + image.height - 448) <= 1)
    }
}
