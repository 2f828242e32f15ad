/// Makes the frames of one film: image left, graph right. May be used by several threads at once.
public final class FilmFrameRenderer: Sendable {
    private let graph: ActivationGraph
    private let layout: FilmLayout
    private let font: Font
    /// The page with everything that stays, as cairo drew it once.
    private let page: Page

    /// - Throws: `FilmError` where the typeface is missing.
    public init(graph: ActivationGraph, layout: FilmLayout) throws(FilmError) {
        self.graph = graph
        self.layout = layout
        font = try Font.shared()
        let canvas = try Canvas(width: FilmLayout.width, height: FilmLayout.height, font: font)
        canvas.fill(ActivationGraph.Palette.page)
        graph.drawStatic(on: canvas, in: layout.graph)
        page = Page(canvas: canvas)
    }

    /// Frame `index` with its image (of any size that the layout was made for).
    public func render(frame index: Int, image: Bitmap) throws(FilmError) -> Bitmap {
        let canvas = try Canvas(width: FilmLayout.width, height: FilmLayout.height, font: font)
        canvas.copy(page.canvas)
        graph.drawFrame(index, on: canvas, in: layout.graph)
        var frame = canvas.bitmap()
        let box = layout.image
        let scaled =
            image.width == box.width && image.height == box.height
            ? image : Resampler(from: (image.width, image.height), to: (box.width, box.height)).scale(image)
        frame.draw(scaled, x: box.x, y: box.y)
        return frame
    }

    /// Drawn once, then only read: cairo allows many readers of a surface.
    private struct Page: @unchecked Sendable {
        let canvas: Canvas
    }
}
