import Records

extension UnitPage {
    /// What the film was made from, and how to make it again.
    var record: HTML {
        let seeds: [(HTML, String)] = [
            ("seed", file.seeds?.job.map(String.init) ?? file.job?["seed"]?.canonicalText ?? "–"),
            ("seed of robust activations", file.seeds?.robustActivation.map(String.init) ?? "–"),
            ("preset", film.preset ?? "–"),
            ("engine revision", file.engineRevision ?? "–"),
            ("SHA-256 of the weights", file.digests?.weights ?? "–"),
            ("SHA-256 of the job", file.digests?.job ?? "–"),
            ("evaluations of the network", film.evaluations.grouped),
            ("rendered in", time),
        ]
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

    /// The manifest goes through a quoted here-document, so that a shell changes nothing in it; a line of JSON cannot be
    /// the word that ends it.
    private var reproduction: HTML {
        guard let job = file.job else { return .nothing }
        let command = """
            cat > reel.json <<'END'
            \(job.canonicalText)
            END
            facetreel render reel.json --output Again
            """
        return """
            <h3 id="again">The same film again</h3>
            <p class="note">With these weights and this engine revision every byte is the same.</p>
            <div class="command"><pre tabindex="0" role="region" aria-labelledby="again"><code id="command">\(command)</code>\
            </pre><button type="button" class="quiet" data-copy="command" hidden>Copy</button></div>
            <details><summary>The resolved manifest</summary>
            <pre tabindex="0" role="region" aria-label="The resolved manifest"><code>\(job.spreadText)</code></pre></details>
            """
    }
}
