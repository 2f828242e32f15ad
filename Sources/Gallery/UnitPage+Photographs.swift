import JSON
import Records

extension UnitPage {
    /// Of one photograph's outline: more than any honest one has, and not more than a page can hold.
    private static let outlinePoints = 2000

    /// What excites the unit most, and least, among the photographs that the film was held against.
    var photographs: HTML {
        guard let photographs = file.trust?.photographs else { return .nothing }
        let (strongest, weakest) = (photographs.strongest, photographs.weakest)
        guard !strongest.isEmpty else {
            return """
                <section aria-labelledby="photographs">
                <h2 id="photographs">Photographs</h2>
                <p class="note">The film was measured against \(Figures.count(photographs.count, "photograph")) of \
                \(photographs.folder), which the manifest keeps off the pages.</p>
                </section>
                """
        }
        let hasOutlines = (strongest + weakest).contains { !$0.outline.isEmpty }
        return """
            <section class="outlined" aria-labelledby="photographs">
            <h2 id="photographs">Photographs</h2>
            <p class="note">Where the unit sees them at its strongest, by its mean activation.\
            \(hasOutlines ? " The line goes around the places where it is above half of its peak." : "" as HTML)</p>
            \(hasOutlines ? Self.outlineSwitch : .nothing)
            <h3 id="strongest">What excites it most</h3>
            <ol class="photographs" aria-labelledby="strongest">
            \(strongest.enumerated().map { cut($1, at: $0, kind: "strongest") })</ol>
            \(leastExciting(weakest))
            <p class="note">Small cuts of the pictures of the folder \(photographs.folder) \
            (\(Figures.count(photographs.count, "picture"))) that the manifest names; who publishes this page publishes \
            them, under their own licence.</p>
            </section>
            """
    }

    private static let outlineSwitch: HTML =
        "<label class=\"switch\"><input type=\"checkbox\" role=\"switch\" class=\"outlines\" checked> Show outlines</label>"

    private func leastExciting(_ weakest: [FilmRecord.Photograph]) -> HTML {
        guard !weakest.isEmpty else { return .nothing }
        return """
            <h3 id="weakest">What excites it least</h3>
            <ol class="photographs weakest" aria-labelledby="weakest">
            \(weakest.enumerated().map { cut($1, at: $0, kind: "weakest") })</ol>
            """
    }

    private func cut(_ photograph: FilmRecord.Photograph, at index: Int, kind: HTML) -> HTML {
        let text = "\(photograph.path), activation \(Figures.plain(photograph.activation))"
        let picture: HTML
        if let file = file(of: photograph) {
            // As large as it can be in a square.
            let share = min(1, Double(photograph.width) / Double(photograph.height))
            picture = """
                <span class="cut" style="aspect-ratio:\(photograph.width)/\(photograph.height);\
                width:\(Figures.ascii(100 * share, digits: 2))%">\
                <img src="\(Address(folder + file, from: folder))" alt="Photograph \(index + 1) of the \(kind): \(text)" \
                width="\(photograph.width)" height="\(photograph.height)" loading="lazy" decoding="async">\
                \(Self.outline(photograph.outline))</span>
                """
        } else {
            picture = "<span class=\"none\">no picture</span>"
        }
        return """
            <li><span class="square">\(picture)</span>
            <p>activation \(Figures.plain(photograph.activation))</p><p class="note">\(photograph.path)</p></li>

            """
    }

    /// Nil for a name that is no file of the film's folder of photographs, or where there is none.
    private func file(of photograph: FilmRecord.Photograph) -> [String]? {
        let parts = photograph.file.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 && parts[0] == "photographs" && files.has(parts) ? parts : nil
    }

    /// Closed lines, white in a dark casing, so that they are seen on any picture.
    private static func outline(_ lines: [[Double]]) -> HTML {
        var path = ""
        var left = outlinePoints
        for line in lines where line.count >= 6 {
            let points = stride(from: 0, to: line.count - 1, by: 2).prefix(left).map { index in
                "\(Figures.ascii(line[index], digits: 4)) \(Figures.ascii(line[index + 1], digits: 4))"
            }
            left -= points.count
            if points.count > 2 { path += "M\(points.joined(separator: "L"))Z" }
        }
        guard !path.isEmpty else { return .nothing }
        return """
            <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
            <path class="casing" d="\(path)"/><path d="\(path)"/></svg>
            """
    }
}
