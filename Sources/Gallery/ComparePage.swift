import JSON
import Records

/// Two films of a unit side by side, in step. The fragment of the address says which: `#a=name/layer/unit&b=...`.
struct ComparePage {
    let site: Site

    var html: HTML {
        Page(
            title: "Compare – Facetreel", kind: "compare", folder: [Gallery.folder],
            trail: [.init(text: "Overview", path: ["index.html"]), .init(text: "Compare")],
            hasComparisons: true, hasNight: site.hasNight, content: content, data: data
        ).html
    }

    private var content: HTML {
        """
        <h1>Compare two films of a unit</h1>
        <noscript><p>This page needs JavaScript: it plays two films in step.</p></noscript>
        <form class="tools" id="tools" hidden>
        <label>Unit <select id="unit"></select></label>
        <label>Left <select id="left"></select></label>
        <label>Right <select id="right"></select></label>
        <button type="button" id="play">Play both</button>
        </form>
        <div class="pair">
        \(side("a", "left"))
        \(side("b", "right"))
        </div>
        <figure class="curve" id="overlay" hidden>
        <figcaption>Activation: <span class="a" id="name-a"></span> and <span class="b" id="name-b"></span></figcaption>
        <div class="plot" id="curve" role="slider" tabindex="0" aria-label="Place in both films" aria-valuemin="0" \
        aria-valuemax="1000" aria-valuenow="0" aria-valuetext="at the beginning">
        <span class="tick" id="tick-high" aria-hidden="true"><span></span></span>\
        <span class="tick" id="tick-low" aria-hidden="true"><span></span></span>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
        <path class="line a" id="line-a" d=""/><path class="line b" id="line-b" d=""/></svg>
        <span class="now a" id="now-a" hidden></span><span class="now b" id="now-b" hidden></span>
        </div>
        <p class="hint">Films of different length are stretched over each other, so that facets meet.</p>
        </figure>
        <p id="problem" role="alert" hidden></p>
        """
    }

    private func side(_ key: HTML, _ word: HTML) -> HTML {
        """
        <section aria-labelledby="title-\(key)" class="side \(key)">
        <h2 id="title-\(key)"><a id="link-\(key)">–</a></h2>
        <div class="frame"><video id="film-\(key)" muted loop playsinline preload="none" width="448" height="448" \
        aria-label="The \(word) film, without sound"></video></div>
        <dl class="record" id="worth-\(key)"></dl>
        </section>
        """
    }

    private static let measures = Measure.ofPaths.filter { $0.places.contains(.comparePage) }

    /// `block_12_add, unit 1`; with the network where there are films of several.
    private static func title(of film: ListedFilm, isTold: Bool) -> String {
        (isTold ? "\(film.network ?? film.networkFile ?? "?"): " : "") + "\(film.layer), \(film.unitTitle)"
    }

    private var data: JSONValue {
        let isOfSeveral = Set(site.comparable.map { $0[0].networkFile }).count > 1
        return .members([
            "measures": .array(
                Self.measures.map { Self.measure($0.key.rawValue, $0.words, $0.format) }
                    + [Self.measure("meanActivation", "mean activation", .plain)]),
            "units": .array(
                site.comparable.map { films in
                    .members([
                        "title": .string(Self.title(of: films[0], isTold: isOfSeveral)),
                        "layer": .string(films[0].layer),
                        "unit": .string(films[0].unit),
                        "runs": .array(films.map(Self.run)),
                    ])
                }),
        ])
    }

    private static func measure(_ key: String, _ words: String, _ format: Measure.Format) -> JSONValue {
        .members(["key": .string(key), "words": .string(words), "format": .string(format.rawValue)])
    }

    private static func run(_ film: ListedFilm) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.rounded) ?? .null }
        return .members([
            "name": .string(film.name), "preset": .string(film.preset ?? ""), "hasFilm": .boolean(film.hasFilm),
            "hasGraph": .boolean(film.hasGraph),
            "picture": .array((film.picture ?? []).map(JSONValue.string)),
            "lowest": number(film.curve.lowest), "highest": number(film.curve.highest),
            "curve": .string(film.curve.levels),
            "worth": .object(
                measures.map { .init(key: $0.key.rawValue, value: number(film.worth[$0.key])) }
                    + [.init(key: "meanActivation", value: number(film.activation))]),
        ])
    }
}
