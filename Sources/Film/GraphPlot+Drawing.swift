extension GraphPlot {
    private typealias Palette = ActivationGraph.Palette

    /// Everything that does not change from frame to frame.
    func drawStatic(on canvas: Canvas) {
        drawTitles(on: canvas)
        drawActivationAxis(on: canvas)
        drawTimeAxis(on: canvas)
        drawFacetNames(on: canvas)
        drawCurve(on: canvas)
        for frame in graph.lowestFrames { drawMark(frame, Palette.low, on: canvas) }
        for facet in graph.facets { drawMark(facet.frame, Palette.mark, on: canvas) }
    }

    /// The current frame's point, its value in figures and its time.
    func drawFrame(_ frame: Int, on canvas: Canvas) {
        guard graph.activations.indices.contains(frame) else { return }
        canvas.line([(x(frame), top), (x(frame), bottom)], Palette.point, width: 1, opacity: 0.28)
        if let point = point(frame) {
            canvas.disc(x: point.x, y: point.y, radius: 9, Palette.page)
            canvas.disc(x: point.x, y: point.y, radius: 6.5, Palette.point)
        }
        let edge = Double(box.x + box.width)
        canvas.text(
            axis.figures(graph.activations[frame]), x: edge, y: Double(box.y) + Self.titleBaseline,
            size: Self.valueSize, Palette.text, .right)
        canvas.text(
            timeText(frame), x: edge, y: Double(box.y) + Self.subtitleBaseline, size: Self.subtitleSize, Palette.faint,
            .right)
    }

    /// A mark on the curve that is the same in all frames.
    private func drawMark(_ frame: Int, _ color: Canvas.Color, on canvas: Canvas) {
        guard let point = point(frame) else { return }
        canvas.disc(x: point.x, y: point.y, radius: 6.5, Palette.page)
        canvas.disc(x: point.x, y: point.y, radius: 4.5, color)
    }

    private func timeText(_ frame: Int) -> String {
        guard time != nil else { return "" }
        if countsFrames { return "frame \(frame)" }
        return Figures.plain(Double(frame) / Double(graph.framesPerSecond), digits: 2) + " s"
    }

    /// Title and subtitle, in the part of the line that the widest value and time leave free.
    private func drawTitles(on canvas: Canvas) {
        func free(_ texts: [String], _ size: Double) -> Double {
            Double(box.width) - 24 - (texts.map { canvas.width(of: $0, size: size) }.max() ?? 0)
        }
        let titleRoom = free(graph.activations.map(axis.figures), Self.valueSize)
        // A long title becomes smaller before it becomes shorter, and loses its middle: layer and unit stand at its ends.
        let fullWidth = max(1, canvas.width(of: graph.title, size: Self.titleSize))
        let size = min(max(Self.titleSize * (titleRoom / fullWidth), 16), Self.titleSize)
        let title = TextShortening.shorten(graph.title, to: titleRoom + 0.5, cutting: .middle) {
            canvas.width(of: $0, size: size)
        }
        canvas.text(title, x: Double(box.x), y: Double(box.y) + Self.titleBaseline, size: size, Palette.text)
        let subtitleRoom = free([timeText(graph.activations.count - 1)], Self.subtitleSize)
        let subtitle = TextShortening.shorten(graph.subtitle, to: subtitleRoom, cutting: .end) {
            canvas.width(of: $0, size: Self.subtitleSize)
        }
        canvas.text(
            subtitle, x: Double(box.x), y: Double(box.y) + Self.subtitleBaseline, size: Self.subtitleSize, Palette.faint
        )
    }

    private func drawActivationAxis(on canvas: Canvas) {
        for tick in axis.ticks {
            // On the middle of a pixel, so that the line is one pixel wide.
            let y = y(atPosition: axis.tickPosition(tick)).rounded(.down) + 0.5
            canvas.line([(left, y), (right, y)], tick == 0 ? Palette.zero : Palette.grid, width: 1)
            canvas.text(axis.label(tick), x: left - 10, y: y + 5, size: Self.labelSize, Palette.faint, .right)
        }
        let unit = axis.exponent == 0 ? "" : "  (\(Figures.powerOfTen(axis.exponent)))"
        canvas.verticalText(
            graph.quantity + unit, x: Double(box.x) + 13, y: (top + bottom) / 2, size: Self.labelSize, Palette.faint)
    }

    private func drawTimeAxis(on canvas: Canvas) {
        guard let time else { return }
        for tick in time.ticks {
            let x = left + time.tickPosition(tick) * (right - left)
            canvas.line([(x, bottom + 1), (x, bottom + 6)], Palette.zero, width: 1)
            canvas.text(time.label(tick), x: x, y: bottom + 22, size: Self.labelSize, Palette.faint, .center)
        }
        canvas.text(
            countsFrames ? "frame" : "time (s)", x: (left + right) / 2, y: bottom + 44, size: Self.labelSize,
            Palette.faint, .center)
    }

    /// Names above the plot, and the marks that lead from them down.
    private func drawFacetNames(on canvas: Canvas) {
        for label in labels {
            let baseline = top - Self.labelLift - Self.rowHeight * Double(label.row)
            let begin = label.text.isEmpty ? top : baseline + 6
            canvas.line([(label.x, begin), (label.x, bottom)], Palette.mark, width: 1, opacity: 0.5, dash: [2, 4])
            canvas.text(label.text, x: label.start, y: baseline, size: Self.labelSize, Palette.mark)
        }
    }

    private func drawCurve(on canvas: Canvas) {
        // Where a value is not finite, the curve is broken.
        let points = graph.activations.indices.map(point)
        for run in points.split(whereSeparator: { $0 == nil }) where run.count > 1 {
            let run = run.compactMap { $0 }
            // The area reaches to zero, or to the end of the axis that is nearer to zero, and fades on its way.
            let base = y(atPosition: min(max(axis.position(0), 0), 1))
            canvas.area(run, base: base, top: top, bottom: bottom, Palette.curve, opacity: 0.24)
            canvas.line(run, Palette.curve, width: 2.5)
        }
    }
}
