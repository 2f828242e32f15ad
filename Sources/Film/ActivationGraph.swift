import Foundation

/// The activation along a film: the curve with its axes, the facets' places, and for each frame its point and value.
public struct ActivationGraph: Sendable {
    /// A facet's place in the film.
    public typealias FacetMark = (frame: Int, name: String)

    let title: String
    let subtitle: String
    let activations: [Double]
    let facets: [FacetMark]
    let framesPerSecond: Int
    let axis: Axis

    /// - Parameters:
    ///   - activations: one a frame, any finite values.
    ///   - facets: frames at which a facet itself is seen.
    public init(title: String, subtitle: String, activations: [Double], facets: [FacetMark], framesPerSecond: Int = 30)
    {
        self.title = title
        self.subtitle = subtitle
        self.activations = activations
        self.facets = facets
        self.framesPerSecond = max(1, framesPerSecond)
        axis = Axis(holding: activations)
    }

    /// Colours of the film's page; calm, so that the image is what one looks at.
    enum Palette {
        static let page = Canvas.Colour(0x12151A)
        static let text = Canvas.Colour(0xE8EAED)
        static let faint = Canvas.Colour(0x8D96A3)
        static let grid = Canvas.Colour(0x2A3038)
        static let curve = Canvas.Colour(0x6FB3FF)
        static let mark = Canvas.Colour(0xF2B84B)
        static let point = Canvas.Colour(0xFFFFFF)
    }

    /// The plot within the graph's box: room for the title and the facets' names above, for labels left and below.
    private func plot(in box: FilmLayout.Box) -> (left: Double, top: Double, width: Double, height: Double) {
        (Double(box.x) + 64, Double(box.y) + 122, Double(box.width) - 80, Double(box.height) - 122 - 46)
    }

    private func place(_ frame: Int, in box: FilmLayout.Box) -> (x: Double, y: Double) {
        let plot = plot(in: box)
        let last = max(activations.count - 1, 1)
        // A single frame stands in the middle.
        let fraction = activations.count > 1 ? Double(frame) / Double(last) : 0.5
        let value = activations.indices.contains(frame) && activations[frame].isFinite ? activations[frame] : axis.lower
        return (plot.left + fraction * plot.width, plot.top + (1 - axis.position(value)) * plot.height)
    }

    /// Everything that does not change from frame to frame.
    func drawStatic(on canvas: Canvas, in box: FilmLayout.Box) {
        let plot = plot(in: box)
        let bottom = plot.top + plot.height
        canvas.text(title, x: Double(box.x), y: Double(box.y) + 22, size: 24, Palette.text)
        canvas.text(subtitle, x: Double(box.x), y: Double(box.y) + 46, size: 15, Palette.faint)
        for tick in axis.ticks {
            let y = plot.top + (1 - axis.position(tick)) * plot.height
            canvas.line([(plot.left, y), (plot.left + plot.width, y)], Palette.grid, width: tick == 0 ? 2 : 1)
            canvas.text(axis.label(tick), x: plot.left - 10, y: y + 5, size: 14, Palette.faint, .right)
        }
        canvas.verticalText(
            "mean activation", x: Double(box.x) + 12, y: plot.top + plot.height / 2, size: 14, Palette.faint)
        drawTime(on: canvas, plot.left, plot.width, bottom)
        drawFacets(on: canvas, in: box)
        let curve = activations.indices.map { place($0, in: box) }
        if curve.count > 1 {
            let base = plot.top + (1 - axis.position(max(axis.lower, min(0, axis.upper)))) * plot.height
            canvas.area(curve, base: base, Palette.curve, opacity: 0.10)
            canvas.line(curve, Palette.curve, width: 2.5)
        }
        for facet in facets {
            let point = place(facet.frame, in: box)
            canvas.disc(x: point.x, y: point.y, radius: 4.5, Palette.mark)
        }
    }

    private func drawTime(on canvas: Canvas, _ left: Double, _ width: Double, _ bottom: Double) {
        guard activations.count > 1 else { return }
        let seconds = Double(activations.count - 1) / Double(framesPerSecond)
        let time = Axis(lower: 0, upper: seconds, steps: 7)
        for tick in time.ticks {
            let x = left + time.position(tick) * width
            canvas.line([(x, bottom), (x, bottom + 5)], Palette.faint, width: 1)
            canvas.text("\(time.label(tick)) s", x: x, y: bottom + 24, size: 14, Palette.faint, .center)
        }
    }

    /// Vertical marks with the facets' names above the plot, in as many rows as it takes that none overlap.
    private func drawFacets(on canvas: Canvas, in box: FilmLayout.Box) {
        let plot = plot(in: box)
        let size = 14.0
        var rowEnds = [Double](repeating: -.infinity, count: 3)
        for facet in facets {
            let x = place(facet.frame, in: box).x
            let name = shortened(facet.name, to: 150, size: size, on: canvas)
            let width = canvas.width(of: name, size: size)
            let start = min(max(x - width / 2, Double(box.x)), Double(box.x + box.width) - width)
            let row = rowEnds.firstIndex { $0 + 10 <= start } ?? rowEnds.indices.min { rowEnds[$0] < rowEnds[$1] } ?? 0
            rowEnds[row] = start + width
            let baseline = plot.top - 10 - 18 * Double(row)
            canvas.line(
                [(x, baseline + 4), (x, plot.top + plot.height)], Palette.mark, width: 1, opacity: 0.55, dash: [3, 4])
            canvas.text(name, x: start, y: baseline, size: size, Palette.mark)
        }
    }

    private func shortened(_ text: String, to limit: Double, size: Double, on canvas: Canvas) -> String {
        guard canvas.width(of: text, size: size) > limit else { return text }
        var characters = Array(text)
        while !characters.isEmpty, canvas.width(of: String(characters) + "…", size: size) > limit {
            characters.removeLast()
        }
        return String(characters) + "…"
    }

    /// The current frame's point and its value in figures.
    func drawFrame(_ frame: Int, on canvas: Canvas, in box: FilmLayout.Box) {
        let point = place(frame, in: box)
        let plot = plot(in: box)
        canvas.line([(point.x, plot.top), (point.x, plot.top + plot.height)], Palette.point, width: 1, opacity: 0.25)
        canvas.disc(x: point.x, y: point.y, radius: 9, Palette.page)
        canvas.disc(x: point.x, y: point.y, radius: 6.5, Palette.point)
        let value = activations.indices.contains(frame) ? activations[frame] : 0
        canvas.text(
            ActivationGraph.figures(value), x: Double(box.x + box.width), y: Double(box.y) + 24, size: 26, Palette.text,
            .right)
    }

    /// A value in three significant places behind the point's usual ones: 7.083, 0.0421, 1234.
    static func figures(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        if size != 0, size < 1e-3 || size >= 1e6 { return String(format: "%.2e", value) }
        return String(format: size >= 100 ? "%.1f" : size >= 1 || size == 0 ? "%.3f" : "%.4f", value)
    }
}
