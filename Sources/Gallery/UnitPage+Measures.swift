/// What a film is worth, beside what the thesis' band typically reaches.
struct Measure {
    var name: HTML
    /// Of the film.
    var value: Double
    var figures: String
    var sentence: HTML
    /// What the thesis preset's films reach (Documentation/films.md and the tables it is held against: 224 px, real
    /// weights, twelve units from block_1 to block_16).
    var typical: ClosedRange<Double>
    var typicalText: HTML
    /// Ends of the bar.
    var scale: ClosedRange<Double>
    var isBelowBar = false

    static func all(_ worth: Film.Worth) -> [Measure] {
        let percent = Figures.percent(atLeast:)
        var measures: [Measure] = []
        if let robust = worth.robust {
            measures.append(
                Measure(
                    name: "Robust activation", value: robust, figures: percent(robust),
                    sentence: """
                        Between facets the images keep at least \(percent(robust)) of the activation that survives \
                        shifting, scaling and turning them. A plain cross-fade keeps 19 to 85 %.
                        """,
                    typical: 0.19...0.85, typicalText: "cross-fade: 19 to 85 %", scale: 0...1.1,
                    isBelowBar: robust < 0.93))
        }
        if let ratio = worth.ratio {
            measures.append(
                Measure(
                    name: "Lowest activation", value: ratio, figures: percent(ratio),
                    sentence: """
                        No frame excites the unit less than \(percent(ratio)) as much as the weaker facet beside it. The \
                        thesis’ films reach 64 to 100 %, much of it by noise that nobody sees.
                        """,
                    typical: 0.64...1, typicalText: "thesis: 64 to 100 %", scale: 0...1.1, isBelowBar: ratio < 0.96))
        }
        if let contrast = worth.contrast {
            measures.append(
                Measure(
                    name: "Contrast", value: contrast, figures: percent(contrast),
                    sentence: """
                        The palest frame has \(percent(contrast)) of the facets’ contrast. A cross-fade turns grey in the \
                        middle: 70 to 79 %.
                        """,
                    typical: 0.70...0.79, typicalText: "cross-fade: 70 to 79 %", scale: 0...1.1,
                    isBelowBar: contrast < 0.9))
        }
        if let step = worth.stepRatio {
            measures.append(
                Measure(
                    name: "Even motion", value: step, figures: "\(Figures.plain(step))×",
                    sentence: """
                        The largest change from frame to frame, as the network sees it, is \(Figures.plain(step)) times \
                        the smallest. The thesis’ films hurry and linger: 2 to 8.7 times.
                        """,
                    typical: 2...8.7, typicalText: "thesis: 2 to 8.7×", scale: 1...10, isBelowBar: step > 1.15))
        }
        if let flicker = worth.flicker {
            measures.append(
                Measure(
                    name: "Flicker", value: flicker, figures: Figures.plain(flicker),
                    sentence: """
                        \(Figures.plain(flicker)), where 0 is straight ahead and 1 is back and forth. The thesis’ films \
                        reach 0.3.
                        """,
                    typical: 0.2...0.31, typicalText: "thesis: up to 0.3", scale: 0...1))
        }
        if let blur = worth.blur, let jpeg = worth.jpeg {
            measures.append(
                Measure(
                    name: "After blur and JPEG", value: min(blur, jpeg),
                    figures: "\(percent(blur)), \(percent(jpeg))",
                    sentence: """
                        A blur of one pixel leaves \(percent(blur)), JPEG of quality 75 leaves \(percent(jpeg)): changes that no \
                        part of the renderer knows. The thesis’ band keeps 45 and 61 %.
                        """,
                    typical: 0.45...0.61, typicalText: "thesis: 45 and 61 %", scale: 0...1.1))
        }
        return measures
    }

    var html: HTML {
        func place(_ value: Double) -> String {
            let part = (value - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
            return Figures.ascii(100 * min(max(part, 0), 1), digits: 1)
        }
        let width = Figures.ascii(
            100 * (typical.upperBound - typical.lowerBound) / (scale.upperBound - scale.lowerBound), digits: 1)
        return """
            <li\(isBelowBar ? " class=\"below\"" : "" as HTML)>
            <h3>\(name)</h3><p class="figure">\(figures)</p>
            <div class="bar" aria-hidden="true"><span class="typical" style="left:\(place(typical.lowerBound))%;\
            width:\(width)%"></span><span class="own" style="left:\(place(value))%"></span></div>
            <p class="note typical-note" aria-hidden="true">\(typicalText)</p>
            <p>\(sentence)</p>
            </li>

            """
    }
}

extension UnitPage {
    var measures: HTML {
        let all = Measure.all(film.worth)
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

    /// The same for each path.
    private var bandTable: HTML {
        let bands = file.bands ?? []
        func ratio(_ value: Double?) -> String { value.map { Figures.plain($0) } ?? "–" }
        func count(_ value: Int?) -> String { value.map(Figures.grouped) ?? "–" }
        let rows = bands.enumerated().map { index, band -> HTML in
            """
            <tr><th scope="row">\(pathName(index))<td>\(ratio(band.minimumRatio))<td>\(ratio(band.robustMinimum))\
            <td>\(ratio(band.contrastMinimum))<td>\(ratio(band.featureStepRatio))<td>\(ratio(band.flicker))\
            <td>\(count(band.pivots))<td>\(count(band.steps))<td>\(count(band.evaluations))<td>\(stopText(band.stop))

            """
        }
        return """
            <details class="table"><summary>Each path</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Each path"><table>
            <thead><tr><th scope="col">path<th scope="col">lowest<th scope="col">robust<th scope="col">contrast\
            <th scope="col">step max/min<th scope="col">flicker<th scope="col">pivots<th scope="col">steps\
            <th scope="col">evaluations<th scope="col">ended
            <tbody>
            \(rows)</table></div></details>
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
