import JSON
import Records

/// The page of a film, with everything that is known about it.
struct UnitPage {
    let film: ListedFilm
    let file: FilmFile<JSONValue>
    let files: FilmFiles
    let context: Site.Context

    var folder: [String] { film.folder }

    var html: HTML {
        Page(
            title: "\(film.layer), \(film.unitTitle) – \(film.name) – Facetreel", kind: "unit", folder: folder,
            trail: [
                .init(text: "Overview", path: ["index.html"]), .init(text: film.name),
                .init(text: film.layer, path: [film.name, film.layer, "index.html"]), .init(text: film.unitTitle),
            ],
            hasComparisons: context.hasComparisons, hasNight: context.hasNight, content: content, data: data
        ).html
    }

    private var content: HTML {
        """
        <div class="heading">
        <h1>\(HTML(breakable: film.layer)), \(film.unitTitle)</h1>
        \(neighbours)
        </div>
        <div class="lead">\(Figures.count(film.facetCount, "facet")), \(Figures.count(file.frames?.count ?? 0, "frame"))\
        \(duration). \(others)</div>
        \(sight)
        <div class="watch">
        \(player)
        \(curve)
        </div>
        \(verdict)
        \(trust)
        \(measures)
        \(facets)
        \(photographs)
        \(classes)
        \(facetMap)
        \(record)
        """
    }

    private var duration: HTML {
        guard let count = file.frames?.count, count > 0 else { return .nothing }
        return ", \(Figures.plain(Double(count) / Double(file.framesPerSecond), digits: 1))\u{A0}s"
    }

    /// How much of the image the unit sees, where the film says it.
    private var sight: HTML {
        guard let depth = file.depth else { return .nothing }
        let size = file.imageSize
        if let field = depth.receptiveField, field > 0 {
            if let size, field >= max(size.width, size.height) {
                return "<p class=\"note\">In the middle of its map the unit sees the whole picture.</p>"
            }
            let whole: HTML =
                size.map { $0.width == $0.height ? " of \($0.width)" : " of \($0.width)\u{A0}×\u{A0}\($0.height)" }
                ?? .nothing
            return """
                <p class="note">One place of the unit’s map sees \(field.grouped)\u{A0}×\u{A0}\(field.grouped) \
                pixels\(whole).</p>
                """
        }
        // Films of earlier versions do not say it; of newer ones, those where a place sees everything.
        guard depth.stage == "classes" || depth.stage == "objects" && file.trust != nil else { return .nothing }
        return "<p class=\"note\">The unit sees the whole picture.</p>"
    }

    private var neighbours: HTML {
        func link(_ other: ListedFilm?, _ relation: HTML, _ label: HTML) -> HTML {
            guard let other else { return .nothing }
            return """
                <a class="button" rel="\(relation)" href="\(Address(other.page, from: folder))">\(label) \
                <span class="note">\(other.unitTitle)</span></a>
                """
        }
        let links = link(context.previous, "prev", "← Previous") + link(context.next, "next", "Next →")
        return "<nav class=\"neighbours\" aria-label=\"Units of this layer\">\(links)</nav>"
    }

    private var others: HTML {
        guard !context.others.isEmpty else { return .nothing }
        let links = context.others.map { other -> HTML in
            let address = Address([Gallery.folder, "compare.html"], from: folder)
                .with(fragment: [("a", film.path), ("b", other.path)])
            return "<li><a href=\"\(address)\">\(other.name)</a></li>"
        }
        return "Compare with <ul class=\"others\">\(links)</ul>"
    }

    private var player: HTML {
        guard film.hasFilm else {
            return "<p class=\"missing\">The file film.mp4 is not there: render this unit again.</p>"
        }
        let poster: HTML = files.has(["poster.png"]) ? " poster=\"poster.png\"" : .nothing
        let size = film.hasGraph ? (width: 1224, height: 504) : file.imageSize ?? (width: 224, height: 224)
        return """
            <div class="player"><div class="screen">
            <video id="film"\(film.hasGraph ? " class=\"graph\"" : "" as HTML) src="film.mp4"\(poster) width="\(size.width)" height="\(size.height)" controls muted loop playsinline \
            preload="none" aria-label="Film of \(film.unitTitle) of \(film.layer), without sound; its activation follows as \
            a curve and as a table"></video>
            \(importanceOverFilm)</div>
            \(importanceOverFilm == .nothing ? .nothing : Self.filmSwitch)</div>
            """
    }

    /// For the curve and its point.
    private var data: JSONValue {
        .members([
            "framesPerSecond": .integer(file.framesPerSecond),
            "activations": .array(file.activations.map(JSONValue.rounded)),
            "facets": .array(
                file.facetFrames.map { place in
                    .members(["frame": .integer(place.frame), "name": .string(file.frames?[place.frame].facet ?? "")])
                }),
        ])
    }
}
