import Records

/// What the last run did: failures first, then films that are not good, the slowest, then how it compares with earlier runs.
struct NightlyPage {
    private let site: Site
    private let films: [String: ListedFilm]

    init(_ site: Site) {
        self.site = site
        films = Dictionary(site.films.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let slowestCount = 10
    private static let flagCount = 50
    private static let folder = [Gallery.folder]

    var html: HTML {
        Page(
            title: "Last run – Facetreel", kind: "nightly", folder: Self.folder,
            trail: [.init(text: "Overview", path: ["index.html"]), .init(text: "Last run")],
            hasComparisons: site.hasComparisons, hasNight: true, content: content
        ).html
    }

    private var content: HTML {
        let fault: HTML =
            site.reportFault.map {
                "<p class=\"missing\">The last run cannot be shown: \($0). The next run writes it anew.</p>"
            }
            ?? .nothing
        guard let report = site.report else { return "<h1>Last run</h1>\(fault)\(changes)\(trend)" }
        let stopped: HTML =
            report.stopped.map { "<p class=\"missing\">It was stopped: \($0).</p>" } ?? .nothing
        return """
            <h1>Last run</h1>
            <p class="lead">\(Self.date(report.started)), \(Durations.short(report.seconds > 0 ? report.seconds : .nan)) with \
            \(Figures.count(report.workers, "worker")). Manifests: \(report.manifests.joined(separator: ", ")).</p>
            \(stopped)
            \(totals(report))
            \(Page.grades(report.grades))
            \(failures(report))
            \(flagged(report))
            \(changes)
            \(forecast(report))
            \(slowest(report))
            \(trend)
            """
    }

    /// `2025-11-23 08:25 UTC`, as the report has it.
    static func date(_ text: String) -> String {
        guard text.utf8.count >= 16, text.utf8.count < 40 else { return text.isEmpty ? "at an unknown time" : text }
        return text.prefix(16).replacing("T", with: " ") + (text.hasSuffix("Z") ? " UTC" : "")
    }

    private func totals(_ report: RunReport) -> HTML {
        let counts = report.counts
        let figures: [(HTML, String, isBad: Bool)] = [
            ("rendered", counts.rendered.grouped, false),
            ("up to date", counts.upToDate.grouped, false),
            ("failed", counts.failed.grouped, counts.failed > 0),
            ("flagged", counts.flagged.grouped, counts.flagged > 0),
            ("by another process", counts.byAnotherProcess.grouped, false),
            ("stopped or not started", counts.left.grouped, false),
            ("evaluations", report.evaluations.grouped, false),
            ("evaluations per second", Figures.plain(report.evaluationsPerSecond, digits: 1), false),
        ]
        let items = figures.map { label, figure, isBad -> HTML in
            "<div\(isBad ? " class=\"bad\"" : "" as HTML)><dt>\(label)</dt><dd>\(figure)</dd></div>"
        }
        return "<dl class=\"totals\">\(items)</dl>"
    }

    private func failures(_ report: RunReport) -> HTML {
        let failed = report.failures
        guard !failed.isEmpty else { return "<section><h2>Failures</h2><p>No film failed.</p></section>" }
        let rows = failed.map { entry -> HTML in
            let isFirst = !entry.reel.isEmpty && entry.reel == report.firstFailure?.reel
            return """
                <tr><th scope="row">\(link(entry.reel, entry.label))\(isFirst ? " <span class=\"warn\">the first</span>" : "" as HTML)\
                <td class="text">\(entry.message ?? "no reason was given")<td><code>\(entry.log ?? "–")</code>

                """
        }
        return """
            <section aria-labelledby="failures"><h2 id="failures">Failures</h2>
            \(Page.table("Table of failures", ["film", "why", "log"], rows))</section>
            """
    }

    /// Films that are there and are not good, up to date or new.
    private func flagged(_ report: RunReport) -> HTML {
        let flagged = report.flagged
        guard !flagged.isEmpty else { return .nothing }
        let rows = flagged.prefix(Self.flagCount).map { entry, flag -> HTML in
            "<tr><th scope=\"row\">\(link(entry.reel, entry.label))<td class=\"text\">\(flag.sentence)\n"
        }
        let more = flagged.count - rows.count
        let rest: HTML =
            more > 0 ? "<p class=\"note\">\(more.grouped) more come first in their layers.</p>" : .nothing
        return """
            <section aria-labelledby="flagged"><h2 id="flagged">Below their bars</h2>
            \(Page.table("Table of flagged films", ["film", "what is below"], rows))\(rest)</section>
            """
    }

    private var changes: HTML {
        guard let changes = site.changes else { return .nothing }
        let rows = changes.named.map { film -> HTML in
            let word: HTML = film.isWorse ? "<span class=\"bad\">worse</span>" : "better"
            let measures = film.named.map { "<li>\($0)</li>" as HTML }
            return "<tr><th scope=\"row\">\(link(film.film))<td>\(word)<td class=\"text\"><ul>\(measures)</ul>\n"
        }
        let table =
            rows.isEmpty ? .nothing : Page.table("Table of changed films", ["film", "now", "what moved"], rows)
        return """
            <section aria-labelledby="changes"><h2 id="changes">What changed</h2>
            \(changes.remarks.map { "<p class=\"note\">\($0)</p>" as HTML })\(table)</section>
            """
    }

    /// How long the films that were not reached will take, at the pace of those that were rendered.
    private func forecast(_ report: RunReport) -> HTML {
        let counts = report.counts
        guard counts.left > 0, counts.rendered > 0, report.seconds > 0 else { return .nothing }
        let forecast = report.seconds / Double(counts.rendered) * Double(counts.left)
        return """
            <section><h2>Forecast</h2>
            <p>\(Figures.count(counts.left, "film")) left; at the pace of this run they take \(Durations.short(forecast)).</p></section>
            """
    }

    private func slowest(_ report: RunReport) -> HTML {
        let rendered = report.reels.filter { $0.outcome == .rendered && $0.seconds > 0 }
        let slowest = rendered.sorted { $0.seconds > $1.seconds }.prefix(Self.slowestCount)
        guard !slowest.isEmpty else { return .nothing }
        let rows = slowest.map { entry -> HTML in
            """
            <tr><th scope="row">\(link(entry.reel, entry.label))<td>\(Durations.short(entry.seconds))\
            <td>\(entry.evaluations.grouped)

            """
        }
        return """
            <section aria-labelledby="slowest"><h2 id="slowest">Slowest</h2>
            \(Page.table("Table of the slowest films", ["film", "time", "evaluations"], rows))</section>
            """
    }

    /// A film's path, as a link if the film has a page.
    private func link(_ path: String, _ label: String? = nil) -> HTML {
        let title =
            path.isEmpty ? "–" : path + ((label ?? films[path]?.label).map { " (\(ClassLabel.short($0)))" } ?? "")
        guard let film = films[path] else { return HTML(text: title) }
        return "<a href=\"\(Address(film.page, from: Self.folder))\">\(title)</a>"
    }

    /// Evaluations per second of the runs that did anything.
    private var trend: HTML {
        let nights = site.nights.filter { $0.evaluationsPerSecond > 0 }.suffix(60)
        guard nights.count > 1 else { return .nothing }
        let highest = nights.map(\.evaluationsPerSecond).max() ?? 1
        let bars = nights.map { night -> HTML in
            let height = Figures.ascii(100 * night.evaluationsPerSecond / highest, digits: 1)
            return "<span class=\"column\(night.failed > 0 ? " bad" : "" as HTML)\" style=\"height:\(height)%\"></span>"
        }
        let rows = nights.reversed().map { night -> HTML in
            """
            <tr><th scope="row">\(Self.date(night.started))<td>\(Figures.plain(night.evaluationsPerSecond, digits: 1))\
            <td>\(night.rendered.grouped)<td>\(night.failed.grouped)<td>\(Durations.short(night.seconds))

            """
        }
        return """
            <section aria-labelledby="trend"><h2 id="trend">Trend</h2>
            <p class="note">Evaluations per second, the latest run at the right; the highest column is \
            \(Figures.plain(highest, digits: 1)).</p>
            <div class="columns" aria-hidden="true">\(bars)</div>
            \(Page.table(
                "Table of earlier runs", ["run", "evaluations per second", "rendered", "failed", "time"], rows))</section>
            """
    }
}
