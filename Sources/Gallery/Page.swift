import JSON

/// The part of a page that is around its content, the same for all pages.
struct Page {
    /// The title of the window.
    var title: String
    /// What kind of page it is, for the style and the script.
    var kind: HTML
    /// Where it lies under the output folder.
    var folder: [String]
    var trail: [Crumb] = []
    var hasComparisons: Bool
    var hasNight: Bool
    var content: HTML
    /// The data for the script.
    var data: JSONValue?

    /// A step of the way from the overview to the page; the last one is the page itself.
    struct Crumb {
        var text: String
        var path: [String]?
    }

    func address(_ path: [String]) -> Address { Address(path, from: folder) }

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en" data-page="\(kind)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="dark light">
        <title>\(title)</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect \
        width='16' height='16' rx='3' fill='%2312151a'/%3E%3Cpath d='M2 11Q5 2 8 7t6-3' fill='none' stroke='%2374b4ff' \
        stroke-width='2'/%3E%3C/svg%3E">
        <link rel="stylesheet" href="\(address([Gallery.folder, "gallery.css"]))">
        <script src="\(address([Gallery.folder, "gallery.js"]))" defer></script>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
        <a class="brand" href="\(address(["index.html"]))">Facetreel</a>
        <nav aria-label="Pages">\(links)</nav>
        <button type="button" id="pause" class="quiet" aria-pressed="false" title="No film plays until \
        this is pressed again" hidden>Pause all</button>
        </header>
        <main id="content" tabindex="-1">
        \(crumbs)
        \(content)
        </main>
        \(data.map { "<script type=\"application/json\" id=\"data\">\(HTML(scriptData: $0))</script>\n" as HTML })</body>
        </html>

        """
    }

    private var links: HTML {
        let compare: HTML =
            hasComparisons ? "<a href=\"\(address([Gallery.folder, "compare.html"]))\">Compare</a>" : .nothing
        let nightly: HTML =
            hasNight ? "<a href=\"\(address([Gallery.folder, "nightly.html"]))\">Last run</a>" : .nothing
        return compare + nightly
    }

    private var crumbs: HTML {
        guard !trail.isEmpty else { return .nothing }
        let steps = trail.map { crumb -> HTML in
            guard let path = crumb.path else { return "<li aria-current=\"page\">\(crumb.text)</li>" }
            return "<li><a href=\"\(address(path))\">\(crumb.text)</a></li>"
        }
        return "<nav aria-label=\"Way here\" class=\"trail\"><ol>\(steps)</ol></nav>"
    }
}

extension Page {
    /// A list of what could not be read or rendered; nothing where there is none.
    static func faults(_ heading: HTML, _ faults: [(name: String, reason: String)]) -> HTML {
        guard !faults.isEmpty else { return .nothing }
        let rows = faults.map { "<li><strong>\($0.name)</strong> <span>\($0.reason)</span></li>" as HTML }
        return """
            <section class="faults" aria-labelledby="faults">
            <h2 id="faults">\(heading)</h2>
            <ul>\(rows)</ul>
            </section>
            """
    }

    /// A table that scrolls by itself if it is wider than the page.
    static func table(_ label: HTML, _ heads: [HTML], _ rows: [HTML]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(label)"><table>
        <thead><tr>\(heads.map { "<th scope=\"col\">\($0)" as HTML })
        <tbody>
        \(rows)</table></div>
        """
    }
}
