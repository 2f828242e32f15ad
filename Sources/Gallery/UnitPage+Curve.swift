import Records

extension UnitPage {
    /// The activation along the film. The curve scales with the plot; texts and points are elements of their own, so
    /// that they keep their size and shape on every screen.
    var curve: HTML {
        let values = file.activations
        let scale = Scale(holding: values)
        guard values.contains(where: \.isFinite) else { return .nothing }
        let last = max(values.count - 1, 1)
        return """
            <figure class="curve">
            <figcaption>\(file.quantity) <output id="value" for="curve">\(Figures.plain(values[0]))</output></figcaption>
            <div class="plot" id="curve" role="slider" tabindex="0" aria-label="Place in the film" aria-valuemin="0" \
            aria-valuemax="\(values.count - 1)" aria-valuenow="0" aria-valuetext="frame 0, activation \
            \(Figures.plain(values[0]))" data-lower="\(Figures.ascii(scale.lower, digits: 6))" \
            data-upper="\(Figures.ascii(scale.upper, digits: 6))">
            \(scale.ticks.map { tick($0, scale) })
            \(marks(last))
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            \(Self.paths(values, scale))
            </svg>
            \(dips(values, scale, last))
            <span class="now" id="now" hidden></span>
            </div>
            <p class="time" aria-hidden="true"><span>0 s</span><span>\
            \(Figures.plain(Double(values.count - 1) / Double(file.framesPerSecond), digits: 1)) s</span></p>
            <p class="hint">Click, drag or use the arrow keys in the curve to move through the film.</p>
            \(absences)
            \(table(values))
            </figure>
            """
    }

    private func tick(_ value: Double, _ scale: Scale) -> HTML {
        """
        <span class="tick" style="bottom:\(Self.percent(scale.position(value)))" aria-hidden="true">\
        <span>\(Figures.plain(value, digits: scale.digits))</span></span>
        """
    }

    private func marks(_ last: Int) -> HTML {
        let places = file.facetFrames
        return places.reduce(.nothing) { sum, place in
            // The outermost names stay within the plot.
            let side: HTML = place.frame == 0 ? " first" : place.frame == last ? " last" : .nothing
            let name = file.frames?[place.frame].facet ?? ""
            // More names than these cannot stand side by side on any screen.
            let label: HTML = places.count > 12 ? .nothing : "<b><i>\(place.facet + 1)</i><span>\(name)</span></b>"
            return sum + """
                <span class="mark\(side)" style="left:\(Self.percent(Double(place.frame) / Double(last)))" \
                aria-hidden="true">\(label)</span>
                """
        }
    }

    /// The lowest frame of each path that falls below both its facets.
    private func dips(_ values: [Double], _ scale: Scale, _ last: Int) -> HTML {
        (file.bands ?? []).enumerated().reduce(.nothing) { sum, band in
            guard Self.isDip(.minimumRatio, band.element) else { return sum }
            // A facet itself is no dip, whatever a file from elsewhere says of its path.
            let frames = values.indices.filter { index in
                values[index].isFinite && file.frames?[index].path == band.offset && file.frames?[index].facet == nil
            }
            guard let lowest = frames.min(by: { values[$0] < values[$1] }) else { return sum }
            return sum + """
                <span class="dip" aria-hidden="true" style="left:\(Self.percent(Double(lowest) / Double(last)));\
                bottom:\(Self.percent(scale.position(values[lowest])))"></span>
                """
        }
    }

    /// Why the film marks no lowest place of a path, although its manifest asks for one.
    private var absences: HTML {
        (file.bands ?? []).enumerated().reduce(.nothing) { sum, band in
            guard let reason = band.element.lowestFrameReason else { return sum }
            return sum + "<p class=\"note\">No lowest place is marked in \(pathName(band.offset)): \(reason).</p>"
        }
    }

    private static func percent(_ part: Double) -> HTML {
        "\(Figures.ascii(100 * part, digits: 2))%"
    }

    /// The curve and the area below it, broken where a value is not finite.
    private static func paths(_ values: [Double], _ scale: Scale) -> HTML {
        let last = Double(max(values.count - 1, 1))
        let base = Figures.ascii(1000 - 1000 * scale.position(0), digits: 0)
        var (line, area) = ("", "")
        for run in values.indices.split(whereSeparator: { !values[$0].isFinite }) {
            let points = run.map { index in
                Figures.ascii(1000 * Double(index) / last, digits: 1) + " "
                    + Figures.ascii(1000 - 1000 * scale.position(values[index]), digits: 1)
            }
            guard let first = points.first, let final = points.last else { continue }
            line += "M" + points.joined(separator: "L")
            func x(_ point: String) -> String { String(point.prefix { $0 != " " }) }
            area += "M\(x(first)) \(base)L" + points.joined(separator: "L") + "L\(x(final)) \(base)Z"
        }
        return "<path class=\"area\" d=\"\(area)\"/><path class=\"line\" d=\"\(line)\"/>"
    }

    private func table(_ values: [Double]) -> HTML {
        let frames = file.frames ?? []
        let rows = frames.indices.map { index -> HTML in
            let time = Figures.ascii(Double(index) / Double(file.framesPerSecond), digits: 2)
            return
                "<tr><td>\(index)<td>\(time)<td>\(Figures.plain(values[index], digits: 3))<td>\(frames[index].facet ?? "")\n"
        }
        return """
            <details class="table"><summary>The curve as a table</summary>
            \(Page.table("The curve as a table", ["frame", "time (s)", "activation", "facet"], rows))</details>
            """
    }
}
