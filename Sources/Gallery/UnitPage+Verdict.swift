import Records

extension UnitPage {
    /// How many shortfalls the page names.
    private static let shownCount = 20

    /// Where the film is below its bars, and what else it says of itself; nothing for a film of an earlier version.
    var verdict: HTML {
        guard let verdict = file.verdict else { return .nothing }
        let remarks = verdict.remarks.prefix(Self.shownCount).map { "<p>\($0.text)</p>\n" as HTML }
        let attempts: HTML =
            verdict.attempts > 1
            ? "<p class=\"note\">It is the best of \(verdict.attempts.grouped) attempts.</p>\n" : .nothing
        if verdict.isGood, remarks.isEmpty { return "<p class=\"note\">No path is below a bar.</p>\n" + attempts }
        return """
            <section class="verdict\(verdict.isGood ? .nothing : " below" as HTML)" aria-labelledby="verdict">
            <h2 id="verdict">\(verdict.isGood ? "To know" : "Below its bars" as HTML)</h2>
            \(shortfalls(verdict))\(remarks)\(attempts)</section>
            """
    }

    private func shortfalls(_ verdict: FilmRecord.Verdict) -> HTML {
        guard !verdict.isGood else { return .nothing }
        let names = file.facetNames
        let rows = verdict.shortfalls.prefix(Self.shownCount).map { "<li>\($0.sentence(facets: names))</li>\n" as HTML }
        let more = verdict.shortfalls.count - rows.count
        return "<ul>\n\(rows)</ul>\n"
            + (more > 0 ? "<p class=\"note\">\(more.grouped) more are in film.json.</p>\n" : .nothing)
    }
}
