import JSON
import Records

/// A row of the trust report on a film's page.
private struct TrustItem {
    let measure: Measure
    let row: Measure.Trust
    let value: Double
    let sentence: String

    /// Nil for a measure that is no row of the report, and where it, or another value that its sentence names, is not
    /// known.
    init?(_ measure: Measure, of trust: FilmRecord.Trust) {
        guard let row = measure.trust else { return nil }
        guard let value = trust.measures[measure.key]?.sound, let sentence = Self.sentence(row, trust) else {
            return nil
        }
        (self.measure, self.row, self.value, self.sentence) = (measure, row, value, sentence)
    }

    var html: HTML {
        let grade = measure.grade(of: value)
        let bar = row.bounds.map { bounds -> HTML in
            let words: HTML = measure.better == .higher ? "from" : "up to"
            return "B \(words) \(Figures.worse(bounds.b, measure))"
        }
        return """
            <li>\(grade.map { Page.letter($0) } ?? Self.noLetter)<h3>\(row.title)</h3>\
            <p class="figure">\(Figures.worse(value, measure)) <span class="note">\(bar)</span></p>\
            <p>\(sentence)</p></li>

            """
    }

    /// Of a row that says what kind of unit it is.
    private static let noLetter: HTML = "<span class=\"letter\" title=\"This number grades nothing.\">·</span>"

    private static func sentence(_ row: Measure.Trust, _ trust: FilmRecord.Trust) -> String? {
        var sentence = row.sentence
        for key in Measure.ofTrust.map(\.key) where sentence.contains("{\(key.rawValue)}") {
            guard let value = trust.measures[key]?.sound else { return nil }
            // In a sentence the word "times" follows.
            let text = Figures.worse(value, key.measure).replacing("×", with: "")
            sentence = sentence.replacing("{\(key.rawValue)}", with: text)
        }
        return sentence
    }
}

extension UnitPage {
    /// Whether the film's pictures say honestly what the unit is for; nothing for a film of an earlier version.
    var trust: HTML {
        guard let trust = file.trust else { return .nothing }
        return """
            <section aria-labelledby="trust">
            <h2 id="trust">Can it be trusted?</h2>
            <div class="verdict-of-trust">\(trust.grade.map { Page.letter($0, isLarge: true) })\
            <div><p>\(summary(trust))</p>\(basis(trust))</div></div>
            <ul class="trust">
            \(Measure.ofTrust.compactMap { TrustItem($0, of: trust) }.map(\.html))</ul>
            \(notMeasured(trust))</section>
            """
    }

    /// The rows without a number, and why, those with one reason together.
    private func notMeasured(_ trust: FilmRecord.Trust) -> HTML {
        let missing = Measure.ofTrust.filter { TrustItem($0, of: trust) == nil }
        func reason(_ measure: Measure) -> String { trust.notMeasured[measure.key.rawValue] ?? "" }
        var reasons: [String] = []
        for measure in missing where !reasons.contains(reason(measure)) { reasons.append(reason(measure)) }
        let lines = reasons.map { text -> HTML in
            let titles = missing.filter { reason($0) == text }.compactMap { $0.trust?.title }.joined(separator: ", ")
            return "<p class=\"note silent\">Not measured\(text.isEmpty ? "" : ", as \(text)"): \(titles).</p>\n"
        }
        return lines.reduce(.nothing, +)
    }

    /// The grade in words, and the parts that make it.
    private func summary(_ trust: FilmRecord.Trust) -> HTML {
        let parts = trust.worst.compactMap { Measure.Key(rawValue: $0)?.measure }.compactMap { measure -> HTML? in
            guard let row = measure.trust, let value = trust.measures[measure.key]?.sound else { return nil }
            return "<strong>\(row.title)</strong> (\(Figures.worse(value, measure)))"
        }
        let list = parts.enumerated().reduce(HTML.nothing) { $0 + ($1.offset > 0 ? ", " : .nothing) + $1.element }
        let all: HTML = parts.count == 1 ? "this part" : "these parts"
        return switch trust.grade {
        case .a: "Nothing was found against it: every part that is graded has an A."
        case .b: "It meets every bar, but \(all) with less to spare than the best films: \(list)."
        case .c:
            "Look at it with care: \(all) of the report \(parts.count == 1 ? "is" : "are" as HTML) below the bar: \(list)."
        case .d:
            "Do not rely on it: \(all) of the report \(parts.count == 1 ? "is" : "are" as HTML) far below the bar: \(list)."
        case nil: "Nothing that gives a grade could be measured."
        }
    }

    /// What the report was made with.
    private func basis(_ trust: FilmRecord.Trust) -> HTML {
        let photographs: HTML =
            trust.photographs.map { "Measured against \(Figures.count($0.count, "photograph")) of \($0.folder)" }
            ?? "Measured without photographs"
        let cost: HTML =
            trust.evaluations > 0 ? ", with \(trust.evaluations.grouped) evaluations of the network" : .nothing
        return "<p class=\"note\">\(photographs)\(cost). The grade is that of the worst part.</p>"
    }
}
