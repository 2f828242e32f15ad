import Records

/// The start page: for each job a strip of its layers, from edges to objects.
struct OverviewPage {
    let site: Site

    /// How many flagged films the page names; their layers have all.
    private static let flagCount = 10

    /// Pictures on a layer's tile.
    private static let pictureCount = 4

    var html: HTML {
        Page(
            title: "Facetreel", kind: "overview", folder: [], hasComparisons: site.hasComparisons,
            hasNight: site.hasNight, content: content
        ).html
    }

    private var content: HTML {
        let jobs = Dictionary(grouping: site.collections, by: \.name)
        // Jobs of one or two layers stand side by side, after those that fill the page's width.
        func isWide(_ name: String) -> Bool { (jobs[name]?.count ?? 0) > 2 }
        let names = jobs.keys.sorted {
            isWide($0) == isWide($1) ? LayerOrder.naturally($0, precedes: $1) : isWide($0)
        }
        let units = Set(site.films.map(\.subject)).count
        let layers = Set(site.films.map { "\($0.networkFile ?? "")/\($0.layer)" }).count
        return """
            <h1>What a network looks for</h1>
            <p class="lead">\(Figures.count(site.films.count, "film")) of \(Figures.count(units, "unit")) in \
            \(Figures.count(layers, "layer")). Each film leads from one image that excites a unit to the next; early \
            layers respond to edges and colours, late ones to parts of objects.</p>
            \(night)
            \(Page.grades(GradeCounts(site.films.map(\.grade))))
            \(flagged)
            \(inner)
            \(site.films.isEmpty && site.inner.isEmpty ? empty : .nothing)
            <div class="jobs">
            \(names.map { job($0, jobs[$0] ?? []) })
            </div>
            \(Page.faults("Unreadable films", site.unreadable.map { ($0.place.path, $0.reason) }))
            """
    }

    private let empty: HTML =
        "<p>There is no film here yet. <code>make render</code> renders those of every manifest in Jobs/.</p>"

    private var inner: HTML {
        guard !site.inner.isEmpty else { return .nothing }
        let links = site.inner.map { name -> HTML in
            "<li><a href=\"\(Address([name, "index.html"], from: []))\">\(name)</a></li>"
        }
        return "<div class=\"night\">Pages of their own: <ul class=\"others\">\(links)</ul></div>"
    }

    private var night: HTML {
        guard let report = site.report else { return .nothing }
        let counts = report.counts
        let address = Address([Gallery.folder, "nightly.html"], from: [])
        let failures: HTML =
            counts.failed > 0
            ? ", <strong class=\"bad\">\(counts.failed.grouped) failed</strong>" : ", none failed"
        let flags: HTML =
            counts.flagged > 0 ? ", <strong class=\"warn\">\(counts.flagged.grouped) flagged</strong>" : .nothing
        return """
            <p class="night"><a href="\(address)">Last run</a> \(NightlyPage.date(report.started)): \
            \(counts.rendered.grouped) rendered\(failures)\(flags).</p>
            """
    }

    private var flagged: HTML {
        let flagged = site.films.filter { $0.flag != nil }.sortedByFlag(\.flag)
        guard !flagged.isEmpty else { return .nothing }
        let rows = flagged.prefix(Self.flagCount).map { film -> HTML in
            """
            <li><a href="\(Address(film.page, from: []))">\(film.name), \(film.layer), \(film.unitTitle)</a> \
            <span>\(film.flag?.sentence ?? "")</span></li>

            """
        }
        let more = flagged.count - rows.count
        let rest: HTML =
            more > 0 ? "<p class=\"note\">\(more.grouped) more come first in their layers.</p>" : .nothing
        return """
            <section class="flags" aria-labelledby="flags">
            <h2 id="flags">Below their bars</h2>
            <p class="note">\(Figures.count(flagged.count, "film")), the worst first.</p>
            <ul>
            \(rows)</ul>\(rest)
            </section>
            """
    }

    private func job(_ name: String, _ layers: [Site.Collection]) -> HTML {
        let count = layers.reduce(0) { $0 + $1.films.count }
        let networks = Set(layers.flatMap { $0.films.compactMap(\.network) }).sorted().joined(separator: ", ")
        let presets = Set(layers.flatMap { $0.films.compactMap(\.preset) }).sorted().joined(separator: ", ")
        return """
            <section class="job">
            <h2>\(name)</h2>
            <p class="note">\(Figures.count(count, "film"))\(presets.isEmpty ? .nothing : " · preset \(presets)" as HTML)\
            \(networks.isEmpty ? .nothing : " · \(networks)" as HTML)</p>
            <ol class="strip">
            \(layers.indices.map { tile(layers[$0], at: $0, of: layers) })</ol>
            </section>

            """
    }

    /// The first layer of a stage says what the stage is.
    private func tile(_ layer: Site.Collection, at index: Int, of layers: [Site.Collection]) -> HTML {
        let stage = site.order.stage(layer.layer, of: layer.name)
        let isFirst = index == 0 || site.order.stage(layers[index - 1].layer, of: layer.name) != stage
        let depth = layers.count > 1 ? 100 * index / (layers.count - 1) : 50
        let address = Address([layer.name, layer.layer, "index.html"], from: [])
        let films = layer.films.filter { $0.picture != nil }
        let count = min(films.count, films.count < Self.pictureCount ? 1 : Self.pictureCount)
        // Spread over the layer, so that the pictures are not all of neighbouring units.
        let shown = (0..<count).map { films[$0 * films.count / count] }
        let pictures = shown.map { film -> HTML in
            let source = Address(film.folder + (film.picture ?? []), from: [])
            return "<img src=\"\(source)\" alt=\"\" width=\"224\" height=\"224\" loading=\"lazy\" decoding=\"async\">"
        }
        func marked(_ count: Int, _ word: HTML) -> HTML {
            count > 0 ? "<span class=\"warn\">\(count.grouped) \(word)</span>" : .nothing
        }
        let faults =
            marked(layer.films.count { $0.flag != nil }, "flagged")
            + marked(layer.films.count { $0.grade?.letter == .d }, "graded D")
            + marked(layer.unreadable.count, "unreadable")
        return """
            <li style="--depth:\(depth)%"><p class="stage">\(isFirst ? stage ?? "" : "")</p>\
            <a class="tile" href="\(address)"><span class="pictures" data-count="\(count)">\(pictures)</span>\
            <span class="name">\(HTML(breakable: layer.layer))</span>\
            <span class="note"><span>\(Figures.count(layer.films.count, "unit"))</span>\(faults)</span></a></li>

            """
    }
}
