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
        <div class="watch">
        \(player)
        \(curve)
        </div>
        \(verdict)
        \(measures)
        \(facets)
        \(facetMap)
        \(record)
        """
    }

    private var duration: HTML {
        guard let count = file.frames?.count, count > 0 else { return .nothing }
        return ", \(Figures.plain(Double(count) / Double(file.framesPerSecond), digits: 1))\u{A0}s"
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
        let side = file.job?["image"]
        let size =
            film.hasGraph
            ? (1224, 504) : (side?["width"]?.integerValue ?? 224, side?["height"]?.integerValue ?? 224)
        return """
            <video id="film"\(film.hasGraph ? " class=\"graph\"" : "" as HTML) src="film.mp4"\(poster) width="\(size.0)" height="\(size.1)" controls muted loop playsinline \
            preload="none" aria-label="Film of \(film.unitTitle) of \(film.layer), without sound; its activation follows as \
            a curve and as a table"></video>
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
