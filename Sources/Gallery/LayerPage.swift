import Records

/// All units of a layer of a job, as a grid that can be sorted and filtered.
struct LayerPage {
    let layer: Site.Collection
    let site: Site

    var html: HTML {
        Page(
            title: "\(layer.layer) – \(layer.name) – Facetreel", kind: "layer", folder: [layer.name, layer.layer],
            trail: [.init(text: "Overview", path: ["index.html"]), .init(text: layer.name), .init(text: layer.layer)],
            hasComparisons: site.hasComparisons, hasNight: site.hasNight, content: content
        ).html
    }

    private var content: HTML {
        """
        <h1>\(HTML(breakable: layer.layer))</h1>
        <p class="lead">\(Figures.count(layer.films.count, "film")) of the job \(layer.name)\(network)\(flagged).</p>
        \(Page.grades(grades))
        \(Page.faults("Failed in the last run", layer.failures.map { ($0.reel, $0.message ?? "no reason was given") }))
        \(Page.faults("Unreadable films", layer.unreadable.map { ($0.place.path, $0.reason) }))
        <form class="tools" id="tools" hidden>
        <label>Filter <input type="search" id="filter" placeholder="unit, facet, preset" autocomplete="off"></label>
        <label>Sort by <select id="sort">
        <option value="unit">unit</option>
        <option value="activation" data-first="highest">activation, highest first</option>
        \(Self.sorted.map(Self.option))\(gradeOrder)</select></label>
        \(gradeFilter)
        <label class="check"><input type="checkbox" id="flagged" checked> Flagged first</label>
        <output id="shown" role="status"></output>
        </form>
        <ol class="grid" id="grid">
        \(cards)</ol>
        """
    }

    /// Flagged films, the worst first, then the others by unit. The script has the numbers of both orders.
    private var cards: [HTML] {
        layer.films.enumerated().map { (order: $0.offset, film: $0.element) }.sortedByFlag(\.film.flag)
            .enumerated().map { card($0.element.order, rank: $0.offset, $0.element.film) }
    }

    private var flagged: HTML {
        let count = layer.films.count { $0.flag != nil }
        return count > 0 ? ", <strong class=\"warn\">\(count.grouped) flagged</strong>" : .nothing
    }

    private var grades: GradeCounts { GradeCounts(layer.films.map(\.grade)) }

    private var gradeOrder: HTML {
        grades.all > 0 ? "<option value=\"grade\" data-first=\"highest\">grade, worst first</option>" : .nothing
    }

    private var gradeFilter: HTML {
        guard grades.all > 0 else { return .nothing }
        let options = FilmRecord.Trust.Grade.allCases.map { "<option>\($0.rawValue)</option>" as HTML }
        return "<label>Grade <select id=\"letter\"><option value=\"\">all</option>\(options)</select></label>"
    }

    /// For the script, the worst highest; empty without a grade.
    private static func number(_ grade: FilmGrade?) -> HTML {
        guard let grade, let place = FilmRecord.Trust.Grade.allCases.firstIndex(of: grade.letter) else {
            return .nothing
        }
        return "\(1000 * place + min(grade.reasons, 999))"
    }

    /// Measures that films are sorted by.
    private static let sorted = Measure.ofPaths.filter { $0.sorting != nil }

    /// The worst film comes first.
    private static func option(_ measure: Measure) -> HTML {
        """
        <option value="\(measure.sorting?.name ?? "")" data-first="\(measure.better == .higher ? "lowest" : "highest")">\
        \(measure.sorting?.words ?? "")</option>

        """
    }

    private var network: HTML {
        let names = Set(layer.films.compactMap(\.network)).sorted()
        return names.isEmpty ? .nothing : ", network \(names.joined(separator: ", "))"
    }

    private func card(_ index: Int, rank: Int, _ film: ListedFilm) -> HTML {
        let folder = [layer.name, layer.layer]
        func number(_ value: Double?) -> String { value.map { Figures.ascii($0, digits: 4) } ?? "" }
        let text = [film.unit, film.preset ?? "", film.pictureFacet ?? "", film.label ?? ""].joined(separator: " ")
        let preview: HTML =
            film.hasFilm
            ? " data-film=\"\(Address(film.folder + ["film.mp4"], from: folder))\" data-graph=\"\(film.hasGraph ? 1 : 0)\""
            : .nothing
        let measures = Self.sorted.map { measure -> HTML in
            "data-\(measure.sorting?.name ?? "")=\"\(number(film.worth[measure.key]))\" "
        }
        return """
            <li data-order="\(index)" data-activation="\(number(film.activation))" \(measures)\
            data-flag="\(film.flag == nil ? "" : String(rank))" data-grade="\(Self.number(film.grade))" \
            data-letter="\(film.grade?.letter.rawValue ?? "")" data-text="\(text)">\
            <a class="card" href="\(Address(film.page, from: folder))"\(preview)>\
            <span class="picture">\(picture(film, folder))</span>\
            <span class="name">\(film.unitTitle)\(badge(film))</span><span class="note">\(figures(film))</span></a></li>

            """
    }

    private func picture(_ film: ListedFilm, _ folder: [String]) -> HTML {
        guard let picture = film.picture else { return "<span class=\"none\">no picture</span>" }
        return """
            <img src="\(Address(film.folder + picture, from: folder))" alt="\(Self.alternative(film))" width="224" \
            height="224" loading="lazy" decoding="async">
            """
    }

    private func figures(_ film: ListedFilm) -> HTML {
        let activation = film.activation.map { "activation \(Figures.plain($0, digits: 1))" } ?? "not measured"
        return "<span>\(activation)</span>\(headline(film))"
    }

    private func badge(_ film: ListedFilm) -> HTML {
        let flag: HTML = film.flag == nil ? .nothing : " <span class=\"badge\">flagged</span>"
        let grade = film.grade.map {
            " <span class=\"grade\" title=\"\($0.sentence)\">\(Page.letter($0.letter))</span>" as HTML
        }
        return (grade ?? .nothing) + flag
    }

    /// The measure that is furthest below its bar, or the main one if none is below.
    private func headline(_ film: ListedFilm) -> HTML {
        if let worst = film.flag?.worst {
            let value = worst.value.map { worst.row?.text($0) ?? Figures.plain($0) } ?? "not known"
            return "<span class=\"warn\">\(worst.row?.short ?? worst.measure) \(value)</span>"
        }
        let main = Measure.main.measure
        return film.worth[main.key].map { "<span>\(main.short) \(Figures.text($0, main.format))</span>" } ?? .nothing
    }

    /// A text for people who do not see the film's picture: it says what the picture shows.
    static func alternative(_ film: ListedFilm) -> String {
        let facet = film.pictureFacet.map { ": the facet \($0)" } ?? ""
        return "An image that excites \(film.unitTitle) of \(film.layer)\(facet)"
    }
}
