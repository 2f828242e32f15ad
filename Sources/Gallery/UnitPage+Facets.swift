import JSON
import Records

extension UnitPage {
    /// The starting images with their names, what they reach and how they were made.
    var facets: HTML {
        let facets = file.facets ?? []
        guard !facets.isEmpty else { return .nothing }
        let settings = facetSettings
        let cards = facets.indices.map { index -> HTML in
            let facet = facets[index]
            let settings = settings.indices.contains(index) ? settings[index] : nil
            return """
                <li>\(picture(index))
                <h3><span class="number">\(index + 1)</span> \(file.facetName(index))</h3>
                <p>activation \(facet.measures[.activation].map { Figures.plain($0) } ?? "–"), under transforms \
                \(facet.measures[.robustActivation].map { Figures.plain($0) } ?? "–")</p>
                \(origin(facet, settings))
                \(settings.map(Self.list))
                </li>

                """
        }
        return """
            <section aria-labelledby="facets">
            <h2 id="facets">Facets</h2>
            <p class="note">Images that excite the unit, each found under its own conditions.</p>
            \(facets.indices.contains { files.has(file.importance($0)) } ? Self.facetSwitch : .nothing)
            <ol class="facets">
            \(cards)</ol>
            </section>
            """
    }

    private func picture(_ index: Int) -> HTML {
        let picture = file.facetPicture(index)
        guard files.has(picture) else { return "<span class=\"none\">no picture</span>" }
        return """
            <span class="screen"><img src="\(Address(folder + picture, from: folder))" \
            alt="Facet \(index + 1), \(file.facetName(index))" \
            width="224" height="224" loading="lazy" decoding="async">\(importanceOverFacet(index))</span>
            """
    }

    private func origin(_ facet: FilmFile<JSONValue>.Facet, _ settings: JSONValue?) -> HTML {
        var html = HTML.nothing
        if let source = facet.source?.path {
            let verb = settings?["from"] == nil ? "read from" : "optimised from"
            html = html + "<p class=\"note\">\(verb) \(source)</p>"
        }
        if let diversity = facet.diversity, let likeness = diversity.likeness {
            let weight = diversity.weight.map { ", kept apart with weight \(Figures.plain($0))" } ?? ""
            html = html + "<p class=\"note\">likeness to the others \(Figures.plain(likeness))\(weight)</p>"
        }
        return html
    }

    /// For each facet the entry of the manifest that it comes from; a set counts as often as it has facets.
    private var facetSettings: [JSONValue] {
        let limit = file.facets?.count ?? 0
        var settings: [JSONValue] = []
        for entry in file.job?["facets"]?.elements ?? [] {
            let count = min(max(entry["count"]?.integerValue ?? 1, 1), limit)
            settings += Array(repeating: entry, count: count)
            if settings.count >= limit { break }
        }
        return settings
    }

    private static func list(_ settings: JSONValue) -> HTML {
        guard case .object(let members) = settings else { return .nothing }
        let entries = members.filter { $0.key != "name" }.sorted { $0.key < $1.key }
        let items = entries.map { "<li>\(words($0.key)) <b>\(words($0.value))</b></li>" as HTML }
        return "<ul class=\"settings\">\(items)</ul>"
    }

    /// `learningRate` as people write it.
    private static func words(_ key: String) -> String {
        key.reduce(into: "") { words, letter in
            words += letter.isUppercase && !words.isEmpty ? " " + letter.lowercased() : String(letter)
        }
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .boolean(let value): value ? "yes" : "no"
        case .number(let literal): literal
        case .string(let text): text
        case .array(let elements): elements.map(words).joined(separator: ", ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\(words($0.key)) \(words($0.value))" }.joined(separator: ", ")
        }
    }
}
