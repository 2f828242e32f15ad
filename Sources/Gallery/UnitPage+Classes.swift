import JSON
import Records

extension UnitPage {
    /// How many classes the page names.
    private static let classCount = 3

    /// The classes that the unit speaks for, and against.
    var classes: HTML {
        let classes = (file.trust?.classes ?? []).prefix(Self.classCount)
        let highest = classes.map { abs($0.contribution) }.max() ?? 0
        guard highest > 0 else { return .nothing }
        func list(_ classes: [FilmRecord.ClassContribution], _ heading: HTML) -> HTML {
            let rows = classes.map { entry -> HTML in
                let name = entry.label.map { ClassLabel.short($0) } ?? "class \(entry.index)"
                let sign = entry.contribution > 0 ? "+" : ""
                return """
                    <li><span>\(name)</span><span class="length" aria-hidden="true"><span style="width:\
                    \(Figures.ascii(100 * abs(entry.contribution) / highest, digits: 1))%"></span></span>\
                    <span>\(sign)\(Figures.plain(entry.contribution)) logits</span></li>

                    """
            }
            return rows.isEmpty ? .nothing : "<ol class=\"classes\" aria-label=\"\(heading)\">\n\(rows)</ol>\n"
        }
        let (speaksFor, speaksAgainst) = (
            classes.filter { $0.contribution > 0 }, classes.filter { $0.contribution < 0 }
        )
        let heading: HTML = speaksFor.isEmpty ? "Speaks against" : "Speaks for"
        let against: HTML =
            speaksFor.isEmpty || speaksAgainst.isEmpty
            ? list(speaksAgainst, "Classes that it speaks against")
            : "<h3>Speaks against</h3>\n" + list(speaksAgainst, "Classes that it speaks against")
        return """
            <section aria-labelledby="classes">
            <h2 id="classes">\(heading)</h2>
            <p class="note">What the unit adds to the logits of classes, to first order, on average over the pictures that \
            excite it most.</p>
            \(list(speaksFor, "Classes that it speaks for"))\(against)</section>
            """
    }
}
