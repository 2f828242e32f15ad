/// Makes the frames of one film: image left, graph right. May be used by several threads at once.
public final class FilmFrameRenderer: Sendable {
    private let layout: FilmLayout
    private let font: Font
    private let plot: GraphPlot
    /// The page with everything that is the same in all frames, drawn once.
    private let page: Canvas.Snapshot
    private let resampler: Resampler

    /// - Throws: `FilmError` where the typeface is missing.
    public init(graph: ActivationGraph, layout: FilmLayout) throws(FilmError) {
        self.layout = layout
        font = try Font.shared()
        let canvas = try Canvas(width: FilmLayout.width, height: FilmLayout.height, font: font)
        plot = GraphPlot(graph, in: layout.graph, measuredBy: canvas)
        canvas.fill(ActivationGraph.Palette.page)
        plot.drawStatic(on: canvas)
        page = try canvas.snapshot()
        resampler = Resampler(
            from: (layout.imageWidth, layout.imageHeight), to: (layout.image.width, layout.image.height))
    }

    /// Draws frame `index` of the graph, with its image; the image must have the size that the layout was made for. A
    /// frame beyond the film has no point on the curve.
    /// - Throws: `FilmError` for an image of another size, or where cairo has no memory.
    public func render(frame index: Int, image: Bitmap) throws(FilmError) -> Bitmap {
        guard image.width == layout.imageWidth, image.height == layout.imageHeight else {
            throw FilmError(
                place: "frame \(index)",
                reason: "its image has \(image.width)x\(image.height) pixels, the film's layout is for "
                    + "\(layout.imageWidth)x\(layout.imageHeight)")
        }
        let canvas = try Canvas(page, font: font)
        plot.drawFrame(index, on: canvas)
        var frame = try canvas.snapshot().bitmap()
        frame.draw(resampler.scale(image), x: layout.image.x, y: layout.image.y)
        return frame
    }
}
