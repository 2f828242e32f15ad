import Records

/// A film's value by one measure, beside what the thesis' band typically reaches.
private struct MeasureItem {
    let measure: Measure
    let entry: Measure.Entry
    /// The values of the measure and of those that are shown with it.
    let values: [(key: Measure.Key, value: Double)]

    /// Nil if the measure has no entry, or if one of the values is not known.
    init?(_ measure: Measure, of film: MeasuredValues) {
        guard let entry = measure.entry else { return nil }
        let keys = [measure.key] + entry.with
        let values = keys.compactMap { key in film[key].map { (key: key, value: $0) } }
        guard values.count == keys.count else { return nil }
        self.measure = measure
        self.entry = entry
        self.values = values
    }

    private var sentence: String {
        values.reduce(entry.sentence) { sentence, part in
            // In a sentence the word "times" follows.
            let format = part.key.measure.format == .times ? .plain : part.key.measure.format
            return sentence.replacing("{\(part.key.rawValue)}", with: Figures.text(part.value, format))
        }
    }

    var html: HTML {
        let (scale, typical) = (entry.scale, entry.typical)
        func place(_ value: Double) -> String {
            let part = (value - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
            return Figures.ascii(100 * min(max(part, 0), 1), digits: 1)
        }
        let width = Figures.ascii(
            100 * (typical.upperBound - typical.lowerBound) / (scale.upperBound - scale.lowerBound), digits: 1)
        let isBelowBar = (measure.shortfall(values[0].value) ?? 0) > 0
        let figures = values.map { Figures.text($0.value, $0.key.measure.format) }.joined(separator: ", ")
        return """
            <li\(isBelowBar ? " class=\"below\"" : "" as HTML)>
            <h3>\(entry.title)</h3><p class="figure">\(figures)</p>
            <div class="bar" aria-hidden="true"><span class="typical" style="left:\(place(typical.lowerBound))%;\
            width:\(width)%"></span><span class="own" style="left:\(place(values.map(\.value).min() ?? 0))%"></span></div>
            <p class="note typical-note" aria-hidden="true">\(entry.typicalText)</p>
            <p>\(sentence)</p>
            </li>

            """
    }
}

extension UnitPage {
    var measures: HTML {
        let all = Measure.byRank.compactMap { MeasureItem($0, of: film.worth) }
        guard !all.isEmpty else { return .nothing }
        return """
            <section aria-labelledby="worth">
            <h2 id="worth">What it is worth</h2>
            <p class="note">The worst of all paths between two facets; the bars show what the thesis’ band typically \
            reaches.</p>
            <ul class="measures">
            \(all.map(\.html))</ul>
            \(bandTable)
            </section>
            """
    }

    /// The measures of each path.
    private var bandTable: HTML {
        let bands = file.bands ?? []
        let measures = Measure.ofPaths.filter { $0.places.contains(.pathTable) }
        let heads = measures.map { HTML(text: $0.short) }
        func count(_ value: Int?) -> String { value.map(\.grouped) ?? "–" }
        let rows = bands.enumerated().map { index, band -> HTML in
            let cells = measures.map { "<td>\(band.measures[$0.key].map { Figures.plain($0) } ?? "–")" as HTML }
            return """
                <tr><th scope="row">\(pathName(index))\(cells)<td>\(count(band.pivots))<td>\(count(band.steps))\
                <td>\(count(band.evaluations))<td>\(stopText(band.stop))

                """
        }
        return """
            <details class="table"><summary>Each path</summary>
            \(Page.table("Each path", ["path"] + heads + ["pivots", "steps", "evaluations", "ended"], rows))</details>
            """
    }

    /// `naive – smooth`.
    func pathName(_ index: Int) -> String {
        func name(_ index: Int) -> String {
            file.facets?.indices.contains(index) == true ? file.facetName(index) : "facet \(index + 1)"
        }
        return "\(name(index)) – \(name(index + 1))"
    }

    private func stopText(_ stop: String?) -> String {
        switch stop {
        case "settled": "settled"
        case "stepLimit": "at its last step"
        case "reachedEnds": "as high as the lower facet"
        case let other?: other
        case nil: "–"
        }
    }
}
