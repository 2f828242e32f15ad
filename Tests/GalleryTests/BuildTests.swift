import Disk
import Foundation
import Testing

@testable import Gallery

@Suite struct BuildTests {
    private func small() throws -> SyntheticOutput {
        let output = try SyntheticOutput()
        for film in ["eyes/block_12_add/1", "eyes/block_12_add/33", "eyes/block_4_add/6", "thesis/block_12_add/33"] {
            try output.film(film, robust: film.hasPrefix("thesis") ? 0.5 : 0.97)
        }
        try output.write(
            Data(
                #"{"started": "2026-01-01T01:00:00Z", "reels": [{"reel": "eyes/block_4_add/6", "outcome": "rendered"}]}"#
                    .utf8),
            "report.json")
        return output
    }

    @Test func `every link of every page resolves`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        let pages = try output.pages().filter { $0.key.hasSuffix(".html") }
        #expect(
            Set(pages.keys) == [
                "index.html", "gallery/compare.html", "gallery/nightly.html", "eyes/block_12_add/index.html",
                "eyes/block_4_add/index.html", "thesis/block_12_add/index.html", "eyes/block_12_add/1/index.html",
                "eyes/block_12_add/33/index.html", "eyes/block_4_add/6/index.html", "thesis/block_12_add/33/index.html",
            ])
        for (file, page) in pages { try Links.check(page, file, in: output) }
    }

    @Test func `the same folder gives the same bytes, whatever was there before`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        let first = try output.pages()
        for file in first.keys { try output.remove(file) }
        try output.remove("gallery")
        _ = try Gallery.build(output: output.path)
        #expect(try output.pages() == first)
    }

    @Test func `a build with nothing new writes nothing`() throws {
        let output = try small()
        let first = try Gallery.build(output: output.path)
        #expect(first.written == first.pages, "\(first)")
        let stamps = try output.pages().keys.map { FileSignature("\(output.path)/\($0)") }
        let second = try Gallery.build(output: output.path)
        #expect(second.written == 0 && second.pages == first.pages, "\(second)")
        #expect(try output.pages().keys.map { FileSignature("\(output.path)/\($0)") } == stamps)
    }

    @Test func `a new film changes its own page, its neighbours' and the lists`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        try output.film("eyes/block_12_add/7")
        let outcome = try Gallery.build(output: output.path)
        // Its page, units 1 and 33 beside it, their layer, the overview.
        #expect(outcome.written == 5, "\(outcome)")
        #expect(try output.text("eyes/block_12_add/33/index.html").contains("../7/index.html"))
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
    }

    @Test func `a damaged page or state is made again`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        let pages = try output.pages()
        try output.write(Data(), "eyes/block_12_add/1/index.html")
        try output.write(Data("{\"films\": 7".utf8), "gallery/state.json")
        try output.write(Data("x".utf8), "gallery/gallery.css")
        _ = try Gallery.build(output: output.path)
        #expect(try output.pages() == pages)
    }

    @Test func `pages of films that are gone go too`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        for file in ["thesis/block_12_add/33/film.json", "eyes/block_4_add/6/film.json"] { try output.remove(file) }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 2)
        for page in ["thesis/block_12_add/33", "thesis/block_12_add", "eyes/block_4_add", "gallery/compare.html"] {
            #expect(!output.has(page.hasSuffix(".html") ? page : page + "/index.html"), "\(page)")
        }
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
    }

    @Test func `a page that cannot be written keeps no other from being`() throws {
        let output = try small()
        // A folder stands where the page should: also the superuser cannot write it.
        try output.write(Data(), "eyes/block_12_add/1/index.html/x")
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.problems.count == 1, "\(outcome)")
        #expect(outcome.problems.first?.description.contains("eyes/block_12_add/1/index.html") == true, "\(outcome)")
        #expect(output.has("eyes/block_12_add/33/index.html") && output.has("index.html"))
        try output.remove("eyes/block_12_add/1/index.html")
        #expect(try Gallery.build(output: output.path).written == 1)
    }

    @Test func `no unfinished file is left`() throws {
        let output = try small()
        _ = try Gallery.build(output: output.path)
        let files = FileManager.default.enumerator(atPath: output.path)?.compactMap { $0 as? String } ?? []
        #expect(!files.contains { $0.contains("partial") }, "\(files)")
    }

    @Test func `what another process is writing stays, what one left long ago goes, and films are not touched`() throws
    {
        let output = try small()
        let place = "eyes/block_12_add/1"
        let film = "\(place)/.partial-node7~7~a~film/film.mp4"
        // The last two as earlier versions named them.
        let old = ["\(place)/.partial-node7~7~a~old", ".index.html.old.partial", "\(place)/.index.html.partial"]
        for name in old + ["\(place)/.partial-node7~7~a~new", film] { try output.write(Data("half".utf8), name) }
        let hour = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
        for name in old + [(film as NSString).deletingLastPathComponent] { utimes("\(output.path)/\(name)", hour) }
        _ = try Gallery.build(output: output.path)
        #expect(output.has("\(place)/.partial-node7~7~a~new") && output.has(film))
        for name in old { #expect(!output.has(name), "\(name)") }
    }

    @Test func `two builds at a time leave whole pages`() async throws {
        let output = try small()
        let path = output.path
        let outcomes = try await withThrowingTaskGroup(of: Gallery.Outcome.self) { group in
            for _ in 0..<4 { group.addTask { try Gallery.build(output: path) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.problems.isEmpty }, "\(outcomes)")
        #expect(outcomes.map(\.written).reduce(0, +) == outcomes[0].pages, "\(outcomes)")
    }

    @Test func `an empty folder says what to do`() throws {
        let output = try SyntheticOutput()
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 0 && outcome.pages == 3, "\(outcome)")
        #expect(try output.text("index.html").contains("make render"))
    }

    @Test func `a folder that is none is an error with a remedy`() throws {
        let output = try SyntheticOutput()
        try output.write(Data(), "file")
        for path in ["\(output.path)/file", "\(output.path)/nothing", ""] {
            #expect(throws: DiskError.self) { try Gallery.build(output: path) }
        }
    }

    @Test func `runs become a trend, each once`() throws {
        let output = try small()
        for (day, pace) in [(2, 300.5), (3, 310.5), (3, 310.5), (4, 320.5)] {
            try output.write(
                Data(#"{"started": "2026-01-0\#(day)T01:00:00Z", "evaluationsPerSecond": \#(pace), "reels": []}"#.utf8),
                "report.json")
            _ = try Gallery.build(output: output.path)
        }
        let page = try output.text("gallery/nightly.html")
        #expect(page.contains("2026-01-02 01:00 UTC") && page.contains("300.5"))
        #expect(Tokens(page).values(of: "class").count { $0 == "column" } == 3)
    }

    @Test func `what changed since the last night is told, with links to the films`() throws {
        let output = try small()
        func change(_ film: String, _ measure: String, _ old: Double, _ new: Double, worse: Double) -> String {
            #"{"film": "\#(film)", "changes": [{"measure": "\#(measure)", "old": \#(old), "new": \#(new), "worse": \#(worse)}]}"#
        }
        let text = """
            {"tolerance": 0.02, "compared": 3, "new": [], "gone": ["a/b/c"], "evaluations": {"old": 10, "new": 12},
             "seconds": {"old": 3.9, "new": 4}, "changed": [
             \(change("eyes/block_12_add/1", "path 1 robustMinimum", 0.97, 0.81, worse: 8)),
             \(change("gone/<b>/2", "path 1 flicker", 0.3, 0.1, worse: -10))]}
            """
        try output.write(Data(text.utf8), "regressions.json")
        _ = try Gallery.build(output: output.path)
        let page = try output.text("gallery/nightly.html")
        #expect(page.contains("path 1 robustMinimum: 0.97 -&gt; 0.81") && page.contains("gone/&lt;b&gt;/2"), "\(page)")
        for remark in [
            "3 films in both, 1 worse, 1 better", "gone: a/b/c", "evaluations 10 -&gt; 12, seconds 3 -&gt; 4",
        ] {
            #expect(page.contains("<p class=\"note\">\(remark)</p>"), "\(remark) in \(page)")
        }
        #expect(Tokens(page).values(of: "href").contains("../eyes/block_12_add/1/index.html"))
        try Links.check(page, "gallery/nightly.html", in: output)
        // Nights of earlier versions have left sentences, and disks leave half a file.
        for text in ["", "3 films in both", #"{"compared": 3"#, "[]"] {
            try output.write(Data(text.utf8), "regressions.json")
            #expect(try Gallery.build(output: output.path).problems.isEmpty)
            #expect(!(try output.text("gallery/nightly.html").contains("What changed")))
        }
    }

    @Test func `an output folder within another is led to`() throws {
        let output = try small()
        try output.film("nightly/projection-layers/block_1_project_BN/3")
        #expect(try Gallery.build(output: "\(output.path)/nightly").films == 1)
        #expect(try Gallery.build(output: output.path).films == 4)
        let page = try output.text("index.html")
        #expect(Tokens(page).values(of: "href").contains("nightly/index.html"))
        try Links.check(page, "index.html", in: output)
    }

    /// What the whole night's pages weigh, and what a build costs that has nothing to do.
    @Test func `1,504 units have a small overview, and lists that load their pictures late`() throws {
        let output = try SyntheticOutput()
        // METHODS "Network and weights": units of the projection layers.
        let units = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320]
        #expect(units.reduce(0, +) == 1504)
        for (block, count) in units.enumerated() {
            let layer = block == 0 ? "expanded_conv_project_BN" : "block_\(block)_project_BN"
            for unit in 0..<count { try output.film("nightly/\(layer)/\(unit)") }
        }
        let clock = ContinuousClock()
        var outcomes: [Gallery.Outcome] = []
        let first = try clock.measure { outcomes.append(try Gallery.build(output: output.path)) }
        let second = try clock.measure { outcomes.append(try Gallery.build(output: output.path)) }
        #expect(outcomes[0].films == 1504 && outcomes[1].written == 0, "\(outcomes)")
        let index = try output.text("index.html")
        let largest = try output.text("nightly/block_16_project_BN/index.html")
        print(
            "1,504 films: \(first) at first, \(second) with nothing new; overview \(index.utf8.count) bytes, "
                + "largest layer \(largest.utf8.count) bytes")
        #expect(index.utf8.count < 300_000)
        #expect(largest.utf8.count < 300_000)
        for page in [index, largest] {
            for tag in Tokens(page).tags where tag.name == "img" {
                #expect(zip(tag.attributes, tag.values).contains { $0 == ("loading", "lazy") }, "\(tag)")
            }
        }
    }

    @Test func `films of one unit's name in two networks are not compared, and count twice`() throws {
        let output = try SyntheticOutput()
        try output.film("eyes/block_4_add/6")
        var texts = SyntheticOutput.Texts()
        (texts.network, texts.label) = ("mine.onnx", "goldfinch, Carduelis carduelis")
        try output.film("mine/block_4_add/6", texts: texts)
        _ = try Gallery.build(output: output.path)
        #expect(!output.has("gallery/compare.html"))
        let overview = try output.text("index.html")
        #expect(overview.contains("2 films of 2 units in"), "\(overview)")
        #expect(
            try output.text("mine/block_4_add/index.html").contains("<span class=\"name\">unit 6, goldfinch</span>"))
        let page = try output.text("mine/block_4_add/6/index.html")
        #expect(page.contains("<title>block_4_add, unit 6, goldfinch – mine – Facetreel</title>"))
        #expect(page.contains("<dt>class</dt><dd>goldfinch, Carduelis carduelis</dd>"))
        // The same network under another name of a job: now there are two of a unit.
        try output.film("again/block_4_add/6", texts: texts)
        _ = try Gallery.build(output: output.path)
        #expect(try output.text("gallery/compare.html").contains("block_4_add, unit 6, goldfinch"))
    }
}
