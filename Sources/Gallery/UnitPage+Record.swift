import JSON
import Records

extension UnitPage {
    /// What the film was made from, and how to make it again.
    var record: HTML {
        var seeds: [(HTML, String)] = [
            ("seed", file.seeds?.job.map(String.init) ?? file.job?["seed"]?.canonicalText ?? "–"),
            ("seed of robust activations", file.seeds?.robustActivation.map(String.init) ?? "–"),
            ("preset", film.preset ?? "–"),
            ("engine revision", file.engineRevision ?? "–"),
            ("network", film.network ?? film.networkFile ?? "–"),
            ("SHA-256 of the network", file.networkDigest ?? "–"),
            ("SHA-256 of the job", file.digests?.job ?? "–"),
            ("evaluations of the network", film.evaluations.grouped),
            ("rendered in", time),
        ]
        if let label = film.label { seeds.insert(("class", label), at: 0) }
        let rows = seeds.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as HTML }
        return """
            <section aria-labelledby="record">
            <h2 id="record">How it was made</h2>
            <dl class="record">
            \(rows)</dl>
            \(reproduction)
            <p><a href="film.json">film.json</a> has all of it.</p>
            </section>
            """
    }

    private var time: String {
        guard let seconds = film.seconds else { return "–" }
        let workers = file.timing?.workers.map { " with " + Figures.count($0, "worker") } ?? ""
        return Durations.short(seconds) + workers
    }

    /// The job with the digests of its pictures, so that another picture under the same name is noticed.
    private var recipe: JSONValue? {
        guard case .object(var members)? = file.job, let place = members.firstIndex(where: { $0.key == "facets" }),
            case .array(let all) = members[place].value
        else { return file.job }
        var facet = 0
        let entries = all.map { entry -> JSONValue in
            defer { facet += min(max(entry["count"]?.integerValue ?? 1, 1), file.facets?.count ?? 0) }
            guard case .object(let settings) = entry, Self.picture(of: entry) != nil, entry["sha256"] == nil,
                let facets = file.facets, facets.indices.contains(facet), let digest = facets[facet].source?.sha256
            else { return entry }
            return .object(settings + [JSONValue.Member(key: "sha256", value: .string(digest))])
        }
        members[place] = JSONValue.Member(key: "facets", value: .array(entries))
        return .object(members)
    }

    /// The picture that an entry of the manifest's facets is, or starts at.
    private static func picture(of entry: JSONValue) -> String? {
        (entry["image"] ?? entry["from"])?.stringValue
    }

    /// The manifest goes through a quoted here-document, so that a shell changes nothing in it; a line of JSON cannot be
    /// the word that ends it.
    private var reproduction: HTML {
        guard let job = recipe else { return .nothing }
        var pictures: [String] = []
        for picture in (job["facets"]?.elements ?? []).compactMap(Self.picture) where !pictures.contains(picture) {
            pictures.append(picture)
        }
        let needs: HTML =
            pictures.isEmpty
            ? .nothing : " It needs its pictures beside the manifest: \(pictures.joined(separator: ", "))."
        let network = (job["network"]?.stringValue ?? job["network"]?["file"]?.stringValue).map { name -> HTML in
            " It needs its network \(name), as a file beside the manifest or as a name."
        }
        let command = """
            cat > reel.json <<'END'
            \(job.canonicalText)
            END
            facetreel render reel.json --output Again
            """
        return """
            <h3 id="again">The same film again</h3>
            <p class="note">With this network and this engine revision every byte is the same.\(network ?? .nothing)\(needs)</p>
            <div class="command"><pre tabindex="0" role="region" aria-labelledby="again"><code id="command">\(command)</code>\
            </pre><button type="button" class="quiet" data-copy="command" hidden>Copy</button></div>
            <details><summary>The resolved manifest</summary>
            <pre tabindex="0" role="region" aria-label="The resolved manifest"><code>\(job.spreadText)</code></pre></details>
            """
    }
}
