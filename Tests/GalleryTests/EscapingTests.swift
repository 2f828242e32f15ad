import Foundation
import JSON
import Testing

@testable import Gallery

@Suite struct EscapingTests {
    static let hostile = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)", "a & b < c > d",
        "<!--", "]]>", "😀 naïve", "100 % #1 ?x=1", "javascript:alert(1)", "a\u{0}b\u{7}c", "line\nbreak", "\u{2028}",
        "&lt;b&gt;", "{{x}}", "`${alert(1)}`", "\\\"", "<b>bold</b>",
    ]

    @Test(arguments: hostile)
    func `text is read back as it was put in, and is no markup`(text: String) {
        let page: HTML = "<p title=\"\(text)\">\(text)</p>"
        let tokens = Tokens(page.markup)
        #expect(tokens.faults.isEmpty, "\(page.markup)")
        #expect(tokens.tags.map(\.description) == ["<p title>", "</p>"], "\(page.markup)")
        let shown = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" && $0 != "\t" ? "\u{FFFD}" : $0 }))
        #expect(tokens.values(of: "title") == [shown])
    }

    @Test(arguments: hostile)
    func `data in a script element ends where it should and reads back`(text: String) throws {
        let page: HTML =
            "<script type=\"application/json\">\(HTML(scriptData: .object([.init(key: text, value: .string(text))])))</script><hr>"
        #expect(Tokens(page.markup).tags.map(\.name) == ["script", "/script", "hr"], "\(page.markup)")
        let body = page.markup.dropFirst("<script type=\"application/json\">".count).dropLast("</script><hr>".count)
        let read = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String]
        #expect(read == [text: text], "\(body)")
    }

    /// A page with hostile texts has the same tags and attributes as one with harmless texts.
    @Test(arguments: hostile)
    func `texts of film json change no markup of any page`(text: String) throws {
        let harmless = try SyntheticOutput()
        let output = try SyntheticOutput()
        let report =
            #"{"started": TEXT, "stopped": TEXT, "manifests": [TEXT], "reels": [{"reel": "a/b/1", "outcome": "failed", "message": TEXT, "log": TEXT}, {"reel": TEXT, "outcome": "failed", "message": TEXT}, {"reel": TEXT, "outcome": "rendered", "flag": {"sentence": TEXT, "worst": {"measure": TEXT}}, "grade": {"letter": "D", "sentence": TEXT}}]}"#
        for (output, text) in [(harmless, "harmless"), (output, text)] {
            for name in ["a", "second"] {
                let texts = SyntheticOutput.Texts(facet: text, preset: text, value: text, stop: text, digest: text)
                let quoted = JSONValue.string(text).canonicalText
                try output.film(
                    "\(name)/b/1", texts: texts,
                    verdict: #"""
                        {"shortfalls": [{"path": 1, "measure": \#(quoted)}],
                         "remarks": [{"kind": \#(quoted), "text": \#(quoted)}]}
                        """#,
                    trust: #"""
                        {"grade": \#(quoted), "worst": [\#(quoted)], "measures": {"overDrive": 7},
                         "notMeasured": {"alive": \#(quoted), \#(quoted): \#(quoted)},
                         "photographs": {"folder": \#(quoted), "digest": \#(quoted), "count": 7, "strongest":
                          [{"path": \#(quoted), "file": \#(quoted), "outline": [[0, 0, 1, 0, 1, 1]]}]},
                         "classes": [{"index": 1, "label": \#(quoted), "contribution": 1}]}
                        """#)
                // The facet's picture can only lie under a name that is one.
                if output.has("\(name)/b/1/facets/01-naive.png") {
                    try output.remove("\(name)/b/1/facets/01-naive.png")
                }
            }
            try output.write(
                Data(report.replacing("TEXT", with: JSONValue.string(text).canonicalText).utf8), "report.json")
            let outcome = try Gallery.build(output: output.path)
            #expect(outcome.problems.isEmpty && outcome.unreadable.isEmpty, "\(outcome)")
        }
        let expected = try harmless.pages()
        for (name, page) in try output.pages() where name.hasSuffix(".html") {
            let tokens = Tokens(page)
            #expect(tokens.faults.isEmpty, "\(name): \(tokens.faults)")
            let plain = Tokens(try #require(expected[name]))
            #expect(tokens.tags.map(\.description) == plain.tags.map(\.description), "\(name)")
        }
    }

    @Test(arguments: [
        "\"><img src=x onerror=alert(1)>", "a & b", "😀", "with space", "100%", "a#b?c", "javascript:alert(1)", "a..",
        "%2e%2e",
    ])
    func `names of folders change no markup, and links to them resolve`(name: String) throws {
        let output = try SyntheticOutput()
        for unit in ["1", "2"] {
            for job in [name, "plain"] { try output.film("\(job)/\(name)/\(unit)") }
        }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 4 && outcome.problems.isEmpty, "\(outcome)")
        let pages = try output.pages()
        #expect(Set(Tokens(try #require(pages["index.html"])).tags.map(\.name)).isDisjoint(with: ["img onerror"]))
        for (file, page) in pages where file.hasSuffix(".html") {
            #expect(!page.contains("<img src=x"), "\(file)")
            try Links.check(page, file, in: output)
        }
    }
}
