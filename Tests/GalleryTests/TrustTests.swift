import Foundation
import JSON
import Records
import Testing

@testable import Gallery

/// How far films can be trusted, on the pages.
@Suite struct TrustTests {
    private static let good = #"""
        "alive": 0.98, "survivesTransforms": 0.83, "survivesBlur": 0.9, "survivesJPEG": 0.97, "survivesShift": 0.95,
        "spectrumDistance": 0.41, "seedAgreement": 0.81, "parameterizationAgreement": 0.72, "clarity": 0.77
        """#

    private func trust(_ measures: String, _ more: String = "") -> String { "{\"measures\": {\(measures)}\(more)}" }

    /// With this value in place of the good one.
    private func trust(overDrive: Double) -> String { trust("\(Self.good), \"overDrive\": \(overDrive)") }

    private func photographs(_ strongest: [String], _ weakest: [String] = []) -> String {
        #"""
        , "photographs": {"folder": "pictures <of> animals", "digest": "ab", "count": 2000,
        "strongest": [\#(strongest.joined(separator: ", "))], "weakest": [\#(weakest.joined(separator: ", "))]}
        """#
    }

    private func photograph(_ file: String, outline: String = "[]", path: String = "birds/finch.jpg") -> String {
        #"{"path": "\#(path)", "activation": 4.2, "file": "\#(file)", "width": 224, "height": 112, "outline": \#(outline)}"#
    }

    private func page(_ trust: String?, receptiveField: Int? = nil, files: [String] = []) throws -> String {
        let output = try SyntheticOutput()
        for file in files { try output.write(Data("a picture".utf8), "eyes/block_4_add/1/\(file)") }
        try output.film("eyes/block_4_add/1", trust: trust, receptiveField: receptiveField)
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 1 && outcome.problems.isEmpty, "\(outcome)")
        let page = try output.text("eyes/block_4_add/1/index.html")
        try Links.check(page, "eyes/block_4_add/1/index.html", in: output)
        return page
    }

    private func titled(_ title: String, _ page: String) throws -> String {
        let start = try #require(page.range(of: "<h3>\(title)</h3>"), "\(title)").lowerBound
        let item = try #require(page.range(of: "<li", options: .backwards, range: page.startIndex..<start)).lowerBound
        return String(page[item..<(try #require(page.range(of: "</li>", range: start..<page.endIndex)).lowerBound)])
    }

    @Test func `every row has its number, its grade, its bar and its sentence`() throws {
        let page = try page(trust(overDrive: 9.1), files: [])
        let row = try titled("Survives moving", page)
        for text in ["data-grade=\"A\"", ">83\u{A0}%", "B from 40\u{A0}%", "keep 83\u{A0}% of their activation."] {
            #expect(row.contains(text), "\(text) in \(row)")
        }
        let overDrive = try titled("Over-drive", page)
        for text in ["data-grade=\"C\"", ">9.10× ", "B up to 8.00×", "excite it 9.10 times as much"] {
            #expect(overDrive.contains(text), "\(text) in \(overDrive)")
        }
        let clarity = try titled("One thing", page)
        #expect(
            clarity.contains("0.77") && !clarity.contains("data-grade") && !clarity.contains("B from"), "\(clarity)")
        #expect(page.contains("below the bar: <strong>Over-drive</strong> (9.10×)."))
        #expect(page.contains("this part of the report is below"))
        #expect(page.contains("Measured without photographs"))
        for measure in Measure.ofTrust {
            #expect(page.contains(measure.trust?.title ?? "–"), "\(measure.key)")
            #expect(!page.contains("{\(measure.key.rawValue)}"), "\(measure.key) is no figure")
        }
    }

    @Test(arguments: [
        (2.0, "A", "Nothing was found against it"), (3.5, "B", "It meets every bar"), (9, "C", "Look at it with care"),
        (22, "D", "Do not rely on it"),
    ])
    func `the worst part gives the grade, in words`(overDrive: Double, letter: String, words: String) throws {
        let page = try page(trust(overDrive: overDrive))
        #expect(page.contains("<span class=\"letter large\" data-grade=\"\(letter)\">"))
        #expect(page.contains(words))
    }

    @Test func `what was not measured says why, and a value beyond all numbers is none`() throws {
        let page = try page(
            trust(#""alive": 1e300, "overDrive": 2"#, #", "notMeasured": {"alive": "it is <dead>", "odd": "word"}"#))
        #expect(page.contains("Not measured, as it is &lt;dead&gt;: Alive."))
        #expect(page.contains("Not measured: Survives moving, Survives a blur, "))
        #expect(page.contains("<h3>Over-drive</h3>") && !page.contains("<h3>Alive</h3>") && !page.contains("as word"))
        let nothing = try self.page("{}")
        #expect(nothing.contains("Nothing that gives a grade could be measured.") && !nothing.contains("letter large"))
    }

    @Test func `a film of an earlier version has no such sections`() throws {
        let page = try page(nil)
        for word in ["Can it be trusted?", "Photographs", "Speaks", "what matters", "data-grade"] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func `photographs are shown with their outlines, and named`() throws {
        let outline = "[[0.1, 0.2, 0.5, 0.25, 0.3, 0.75], [0.5], [], [0.1, 0.2, 0.3, 0.4, 0.5]]"
        let files = ["photographs/strongest-01.jpg", "photographs/weakest-01.jpg"]
        let page = try page(
            trust(
                Self.good,
                photographs([photograph(files[0], outline: outline)], [photograph(files[1], path: "a<b>.jpg")])),
            files: files)
        #expect(page.contains("<path class=\"casing\" d=\"M0.1000 0.2000L0.5000 0.2500L0.3000 0.7500Z\"/>"))
        #expect(
            page.contains("src=\"photographs/strongest-01.jpg\" alt=\"Photograph 1 of the strongest: birds/finch.jpg"))
        #expect(page.contains("src=\"photographs/weakest-01.jpg\"") && page.contains("a&lt;b&gt;.jpg"))
        #expect(page.contains("style=\"aspect-ratio:224/112;width:100.00%\""))
        #expect(page.contains("of the folder pictures &lt;of&gt; animals (2,000 pictures) that the manifest names"))
        #expect(page.contains("class=\"outlines\" checked"))
        // One line that is one, twice: with its casing.
        #expect(Tokens(page).tags.count { $0.name == "path" && $0.attributes == ["d", "/"] } == 1)
    }

    @Test func `a switch for outlines is there only where there are any`() throws {
        let file = "photographs/strongest-01.jpg"
        let page = try page(trust(Self.good, photographs([photograph(file)])), files: [file])
        #expect(page.contains("src=\"\(file)\"") && !page.contains("Show outlines"))
    }

    @Test(arguments: [
        "../2/photographs/strongest-01.jpg", "/etc/hostname", "photographs/../film.mp4", "film.mp4", "photographs",
        "photographs/", "photographs//strongest-01.jpg", "photographs/./strongest-01.jpg", "photographs/missing.jpg",
        "https://example.org/a.jpg", "",
    ])
    func `a photograph's name leads to no file elsewhere`(file: String) throws {
        let page = try page(
            trust(Self.good, photographs([photograph(file)])), files: ["photographs/strongest-01.jpg"])
        #expect(page.contains("no picture"))
        #expect(!Tokens(page).values(of: "src").contains { $0.contains("strongest") || $0.contains("example") })
    }

    @Test func `photographs that stay off the pages are counted`() throws {
        let page = try page(trust(Self.good, photographs([])))
        #expect(
            page.contains("measured against 2,000 photographs of pictures &lt;of&gt; animals, which the manifest keeps")
        )
    }

    @Test func `an outline of a million points makes no page long`() throws {
        let line = "[" + Array(repeating: "0.5", count: 4000).joined(separator: ",") + "]"
        let lines = "[" + Array(repeating: line, count: 200).joined(separator: ",") + "]"
        let file = "photographs/strongest-01.jpg"
        let page = try page(trust(Self.good, photographs([photograph(file, outline: lines)])), files: [file])
        #expect(page.utf8.count < 200_000, "\(page.utf8.count)")
    }

    @Test func `classes stand with what the unit adds to them, for and against`() throws {
        let classes = #"""
            , "classes": [{"index": 11, "label": "goldfinch, Carduelis", "contribution": 2.31},
            {"index": 7, "contribution": -1.5}, {"index": 3, "label": "<b>", "contribution": 0.4},
            {"index": 4, "label": "fourth", "contribution": 0.3}]
            """#
        let page = try page(trust(Self.good, classes))
        #expect(page.contains("<h2 id=\"classes\">Speaks for</h2>") && page.contains("<h3>Speaks against</h3>"))
        #expect(page.contains("<span>goldfinch</span>") && page.contains("+2.31 logits"))
        #expect(page.contains("<span>class 7</span>") && page.contains("−1.50 logits"))
        #expect(page.contains("<span>&lt;b&gt;</span>") && !page.contains("fourth"))
        let against = try self.page(trust(Self.good, #", "classes": [{"index": 1, "contribution": -1}]"#))
        #expect(against.contains("<h2 id=\"classes\">Speaks against</h2>") && !against.contains("Speaks for"))
        #expect(try !self.page(trust(Self.good, #", "classes": [{"index": 1, "contribution": 0}]"#)).contains("Speaks"))
    }

    @Test func `what matters can be shown where all of it is there`() throws {
        let masks = ["importance/01-naive.png", "importance/02-second.png"]
        let all = try page(nil, files: masks)
        #expect(
            all.contains("class=\"matters\"") && all.contains("id=\"matters\"") && all.contains("id=\"importance\""))
        #expect(
            Tokens(all).values(of: "src").filter { $0.hasPrefix("importance/") }.sorted() == (masks + masks).sorted())
        // The film needs those of all its facets.
        let one = try page(nil, files: [masks[0]])
        #expect(
            one.contains("class=\"matters\"") && !one.contains("id=\"matters\"") && !one.contains("id=\"importance\""))
    }

    @Test func `the page says how much of the picture the unit sees`() throws {
        #expect(try page(nil, receptiveField: 99).contains("sees 99\u{A0}×\u{A0}99 pixels of 224."))
        #expect(
            try page(nil, receptiveField: 224).contains("In the middle of its map the unit sees the whole picture."))
        for page in [try page(nil, receptiveField: -7), try page(nil)] {
            #expect(!page.contains("One place of") && !page.contains("whole picture"))
        }
    }

    @Test func `lists have grades, orders and counts of them`() throws {
        let output = try SyntheticOutput()
        try output.film("eyes/block_4_add/1", trust: trust(overDrive: 2))
        try output.film("eyes/block_4_add/2", trust: trust(overDrive: 22))
        try output.film("eyes/block_4_add/3", trust: trust(#""overDrive": 22, "survivesBlur": 0.1"#))
        try output.film("eyes/block_4_add/4")
        try output.film("eyes/block_2_add/4")
        _ = try Gallery.build(output: output.path)
        let layer = try output.text("eyes/block_4_add/index.html")
        let tokens = Tokens(layer)
        #expect(tokens.values(of: "data-letter") == ["A", "D", "D", ""])
        let numbers = tokens.tags.filter { $0.name == "li" }.compactMap { tag in
            tag.attributes.firstIndex(of: "data-letter").map { _ in
                tag.values[tag.attributes.firstIndex(of: "data-grade") ?? 0]
            }
        }
        #expect(numbers == ["0", "3001", "3002", ""])
        #expect(layer.contains("<option value=\"grade\" data-first=\"highest\">grade, worst first</option>"))
        #expect(layer.contains("<select id=\"letter\">") && layer.contains("title=\"D: over-drive 22.00×, bar 8.00×\""))
        for page in [layer, try output.text("index.html")] {
            #expect(
                page.contains("data-grade=\"A\">A</span> 1</li>") && page.contains("data-grade=\"D\">D</span> 2</li>"))
        }
        #expect(try output.text("index.html").contains("2 graded D"))
        let none = try output.text("eyes/block_2_add/index.html")
        #expect(
            !none.contains("id=\"letter\"") && !none.contains("value=\"grade\"")
                && !none.contains("Can they be trusted"))
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
    }

    @Test func `a grade that another film comes by changes the lists`() throws {
        let output = try SyntheticOutput()
        for (overDrive, letter) in [(2.0, "A"), (22, "D")] {
            try output.film("eyes/block_4_add/1", trust: trust(overDrive: overDrive))
            _ = try Gallery.build(output: output.path)
            #expect(Tokens(try output.text("eyes/block_4_add/index.html")).values(of: "data-letter") == [letter])
        }
        // As it was kept.
        _ = try Gallery.build(output: output.path)
        #expect(Tokens(try output.text("eyes/block_4_add/index.html")).values(of: "data-letter") == ["D"])
    }

    @Test func `the last run's page counts its films by grade`() throws {
        let output = try SyntheticOutput()
        let text = #"""
            {"started": "2026-01-02T01:00:00Z", "reels": [
             {"reel": "a/b/1", "outcome": "rendered", "grade": {"letter": "B", "sentence": "B: <b>"}},
             {"reel": "a/b/2", "outcome": "rendered", "grade": {"letter": "Z"}}]}
            """#
        try output.write(Data(text.utf8), "report.json")
        _ = try Gallery.build(output: output.path)
        #expect(try output.text("gallery/nightly.html").contains("data-grade=\"B\">B</span> 1</li>"))
    }
}
