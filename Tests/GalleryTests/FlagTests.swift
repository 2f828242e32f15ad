import Foundation
import Testing

@testable import Gallery

/// Films that are not good, on the pages.
@Suite struct FlagTests {
    private func verdict(_ value: Double?, remark: String? = nil) -> String {
        let remarks = remark.map { #"{"kind": "meanColor", "text": "\#($0)"}"# } ?? ""
        return #"""
            {"shortfalls": [{"path": 1, "measure": "robustMinimum", "value": \#(value.map { "\($0)" } ?? "null"),
             "bar": 0.95}], "remarks": [\#(remarks)], "attempts": 1}
            """#
    }

    private static let good = #"{"shortfalls": [], "remarks": [], "attempts": 1}"#

    /// The units of a page's cards, from the top.
    private func units(_ page: String) -> [String] {
        page.components(separatedBy: "class=\"card\" href=\"").dropFirst().map { String($0.prefix { $0 != "/" }) }
    }

    @Test func `flagged films come first, the worst at the top, without a script`() throws {
        let output = try SyntheticOutput()
        try output.film("eyes/block_4_add/1", verdict: Self.good)
        try output.film("eyes/block_4_add/2", verdict: verdict(0.94))
        try output.film("eyes/block_4_add/3")
        try output.film("eyes/block_4_add/10", verdict: verdict(0.5))
        try output.film("eyes/block_2_add/7", verdict: verdict(nil))
        _ = try Gallery.build(output: output.path)

        let layer = try output.text("eyes/block_4_add/index.html")
        #expect(units(layer) == ["10", "2", "1", "3"])
        let tokens = Tokens(layer)
        #expect(tokens.values(of: "data-flag") == ["0", "1", "", ""])
        #expect(tokens.values(of: "data-order") == ["3", "1", "0", "2"])
        #expect(tokens.values(of: "class").count { $0 == "badge" } == 2)
        #expect(layer.contains("<strong class=\"warn\">2 flagged</strong>"))
        #expect(layer.contains("<span class=\"warn\">robust 50 %</span>"))

        let overview = try output.text("index.html")
        #expect(overview.contains("2 flagged</span>") && overview.contains("1 flagged</span>"))
        let places = ["block_2_add, unit 7", "block_4_add, unit 10", "block_4_add, unit 2"].map {
            overview.range(of: "eyes, \($0)</a>")?.lowerBound
        }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
        #expect(overview.contains("path 1 (naive to second): robust activation 50 %, bar 95 %"))
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
        // The neighbours of a film are those of its number.
        #expect(try output.text("eyes/block_4_add/2/index.html").contains("rel=\"next\" href=\"../3/index.html\""))
    }

    @Test func `a film's page says what is wrong with it, or that nothing is`() throws {
        let output = try SyntheticOutput()
        try output.film("eyes/block_4_add/1", verdict: Self.good)
        try output.film("eyes/block_4_add/2", verdict: verdict(0.94, remark: "It is <grey>."))
        try output.film("eyes/block_4_add/3")
        try output.film(
            "eyes/block_4_add/4",
            verdict: #"{"remarks": [{"kind": "of tomorrow", "text": "A word."}], "attempts": 3}"#)
        _ = try Gallery.build(output: output.path)
        func page(_ unit: Int) throws -> String { try output.text("eyes/block_4_add/\(unit)/index.html") }
        #expect(try page(1).contains("No path is below a bar."))
        let flagged = try page(2)
        #expect(flagged.contains("<h2 id=\"verdict\">Below its bars</h2>"))
        #expect(flagged.contains("<li>path 1 (naive to second): robust activation 94 %, bar 95 %</li>"))
        #expect(flagged.contains("<p>It is &lt;grey&gt;.</p>"))
        // One of an earlier version says nothing.
        let earlier = try page(3)
        #expect(!earlier.contains("verdict") && !earlier.contains("below a bar"))
        let remarked = try page(4)
        #expect(remarked.contains("<h2 id=\"verdict\">To know</h2>") && remarked.contains("<p>A word.</p>"))
        #expect(remarked.contains("best of 3 attempts") && !remarked.contains("Below its bars"))
        #expect(try output.text("index.html").contains("1 film, the worst first"), "a remark is no flag")
    }

    @Test func `a verdict that another film comes by changes the lists`() throws {
        let output = try SyntheticOutput()
        for unit in 1...2 { try output.film("eyes/block_4_add/\(unit)", verdict: Self.good) }
        _ = try Gallery.build(output: output.path)
        #expect(units(try output.text("eyes/block_4_add/index.html")) == ["1", "2"])
        try output.film("eyes/block_4_add/2", verdict: verdict(0.9))
        _ = try Gallery.build(output: output.path)
        #expect(units(try output.text("eyes/block_4_add/index.html")) == ["2", "1"])
    }

    @Test func `thousands of shortfalls, and many flagged films, make no page long`() throws {
        let output = try SyntheticOutput()
        let one = #"{"path": 1, "measure": "robustMinimum", "value": 0.1, "bar": 0.95}"#
        let many = #"{"shortfalls": [\#(Array(repeating: one, count: 5000).joined(separator: ","))]}"#
        for unit in 0..<30 { try output.film("eyes/block_4_add/\(unit)", verdict: many) }
        _ = try Gallery.build(output: output.path)
        #expect(try output.text("eyes/block_4_add/3/index.html").contains("980 more are in film.json"))
        let overview = try output.text("index.html")
        #expect(overview.contains("30 films, the worst first") && overview.contains("20 more come first"))
    }

    @Test func `the last run's page lists its flagged films, the worst first`() throws {
        let output = try SyntheticOutput()
        try output.film("eyes/block_4_add/2", verdict: Self.good)
        func reel(_ unit: Int, _ value: Double) -> String {
            #"""
            {"reel": "eyes/block_4_add/\#(unit)", "outcome": "rendered", "flag": {"sentence": "<\#(value)>",
             "worst": {"path": 1, "measure": "robustMinimum", "value": \#(value), "bar": 0.95}, "shortfalls": 1}}
            """#
        }
        let text = #"{"started": "2026-01-02T01:00:00Z", "reels": [\#(reel(1, 0.9)), \#(reel(2, 0.5))]}"#
        try output.write(Data(text.utf8), "report.json")
        _ = try Gallery.build(output: output.path)
        let page = try output.text("gallery/nightly.html")
        let places = [0.5, 0.9].compactMap { page.range(of: "&lt;\($0)&gt;")?.lowerBound }
        #expect(places.count == 2 && places == places.sorted())
        #expect(page.contains("<dt>flagged</dt><dd>2</dd>"))
        try Links.check(page, "gallery/nightly.html", in: output)
        #expect(try output.text("index.html").contains("<strong class=\"warn\">2 flagged</strong>"))
    }
}
