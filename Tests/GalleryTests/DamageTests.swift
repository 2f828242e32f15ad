import Foundation
import Testing

@testable import Gallery

@Suite struct DamageTests {
    @Test(arguments: [
        ("", "is empty"), ("{", "beginning"), ("[]", "has no"), ("7", "has no"), ("null", "has no"),
        ("{}", "no film's"),
        ("not JSON", "no JSON"), (#"{"facets": 7}"#, "/facets"),
        (#"{"frames": [{"activation": "high"}]}"#, "/frames/0/activation"),
        (#"{"bands": [{"minimumRatio": []}], "frames": []}"#, "/bands/0/minimumRatio"),
        (#"{"frames": [{"activation": 1e999}]}"#, "out of range"),
        (#"{"facets": [{"evaluations": 1e99}]}"#, "out of range"),
        (#"{"facets": [], "verdict": {"shortfalls": [{"path": "one"}]}}"#, "/verdict/shortfalls/0/path"),
    ])
    func `a film json that is none is named with the reason`(text: String, reason: String) throws {
        let output = try SyntheticOutput()
        try output.film("good/block_4_add/6")
        try output.write(Data(text.utf8), "bad/block_4_add/6/film.json")
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 1, "\(outcome)")
        let line = try #require(outcome.unreadable.first)
        #expect(line.hasPrefix("bad/block_4_add/6: film.json") && line.contains(reason), "\(line)")
        #expect(try output.text("index.html").contains("bad/block_4_add/6"))
        #expect(!output.has("bad/block_4_add/6/index.html"))
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
    }

    @Test func `a film json of missing keys, foreign numbers and foreign keys is shown as far as it goes`() throws {
        let output = try SyntheticOutput()
        let texts = [
            #"{"frames": []}"#, #"{"facets": []}"#, #"{"job": {}}"#, #"{"job": []}"#,
            #"{"job": {"video": 7, "facets": {}}}"#,
            #"{"facets": [{}], "bands": [{}, {}, {}], "frames": [{}, {"facet": "x"}]}"#,
            #"{"frames": [{"activation": 1e308}, {"activation": -1e308}], "facets": [{"activation": 1e308}, {"activation": -1e308}], "bands": [{"minimumRatio": -1e308, "robustMinimum": 1e308, "featureStepRatio": 1e308}]}"#,
            #"{"frames": [{"activation": 5e-324}, {"activation": 0}], "facets": [{"evaluations": 9223372036854775807}, {"evaluations": 9223372036854775807}]}"#,
            #"{"job": {"facets": [{"count": 9223372036854775807}], "video": {"framesPerSecond": 1e300}}, "facets": [{"name": "../../../../etc/passwd"}, {"name": "a/b"}]}"#,
            #"{"job": {"image": {"width": -5, "height": 1e30}}, "frames": [{"activation": 3}], "timing": {"total": -1e300}}"#,
            #"{"frames": [{"activation": 1, "facet": "x", "path": -9223372036854775808}], "more": {"deep": [[[]]]}}"#,
            #"{"facets": [], "verdict": {"attempts": -9223372036854775808, "shortfalls": [{"path": -9223372036854775808, "value": 1e308, "bar": -1e308}, {"path": 9223372036854775807, "measure": "flicker", "value": -1e29, "bar": 0}]}}"#,
        ]
        for (number, text) in texts.enumerated() { try output.write(Data(text.utf8), "a/b/\(number)/film.json") }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films + outcome.unreadable.count == texts.count, "\(outcome)")
        #expect(outcome.unreadable.isEmpty, "\(outcome.unreadable)")
        for (file, page) in try output.pages() where file.hasSuffix(".html") { try Links.check(page, file, in: output) }
    }

    @Test(arguments: ["..", "../x", ".", ""])
    func `what the last build has kept leads to no file elsewhere`(name: String) throws {
        let output = try SyntheticOutput()
        try output.film("a/b/1")
        _ = try Gallery.build(output: output.path)
        let state = try output.text("gallery/state.json")
        let others = [#""layer":"b""#: #""layer":"\#(name)""#, #""name":"a""#: #""name":"\#(name)""#]
        for (own, other) in others {
            #expect(state.contains(own))
            try output.write(Data(state.replacing(own, with: other).utf8), "gallery/state.json")
            try output.write(Data("mine".utf8), "1/index.html")
            try output.write(Data("mine".utf8), "x/1/index.html")
            let outcome = try Gallery.build(output: output.path)
            #expect(outcome.films == 1 && outcome.problems.isEmpty, "\(outcome)")
            #expect(try output.text("1/index.html") == "mine" && output.text("x/1/index.html") == "mine")
            #expect(output.has("a/b/1/index.html"))
        }
    }

    @Test func `a job of as many levels as JSON is read with is shown`() throws {
        let output = try SyntheticOutput()
        for depth in [60, 400, 505, 600] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            try output.write(Data(#"{"job": {"a": \#(text)}, "facets": []}"#.utf8), "a/b/\(depth)/film.json")
        }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films == 3 && outcome.unreadable.count == 1, "\(outcome)")
    }

    @Test func `any file cut short or with a changed byte is shown or named, and never ends the program`() throws {
        let output = try SyntheticOutput()
        try output.film("a/b/1")
        let whole = Array(try output.text("a/b/1/film.json").utf8)
        var random = SystemRandomNumberGenerator()
        var count = 1
        for length in stride(from: 0, to: whole.count, by: 97) {
            count += 1
            try output.write(Data(whole.prefix(length)), "a/b/\(count)/film.json")
        }
        for _ in 0..<100 {
            count += 1
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            try output.write(Data(bytes), "a/b/\(count)/film.json")
        }
        let outcome = try Gallery.build(output: output.path)
        #expect(outcome.films + outcome.unreadable.count == count, "\(outcome)")
        #expect(outcome.problems.isEmpty, "\(outcome.problems)")
    }

    @Test func `folders, links in a circle and deep nesting in place of a film json are named`() throws {
        let output = try SyntheticOutput()
        try output.write(Data(), "a/b/1/film.json/x")
        try FileManager.default.createDirectory(atPath: "\(output.path)/a/b/2", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(output.path)/a/b/2/film.json", withDestinationPath: "film.json")
        try output.write(Data(("{\"job\":" + String(repeating: "[", count: 100_000)).utf8), "a/b/3/film.json")
        let nested = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        try output.write(Data("{\"job\": \(nested)}".utf8), "a/b/4/film.json")
        let outcome = try Gallery.build(output: output.path)
        // A link in a circle is no file at all.
        #expect(outcome.films + outcome.unreadable.count == 3, "\(outcome)")
    }

    @Test(arguments: ["", "{", "7", #"{"reels": 7}"#])
    func `a damaged report is said to be, and the pages are made`(text: String) throws {
        let output = try SyntheticOutput()
        try output.film("a/block_4_add/6")
        try output.write(Data(text.utf8), "report.json")
        #expect(try Gallery.build(output: output.path).films == 1)
        #expect(try output.text("gallery/nightly.html").contains("report.json is damaged"))
    }
}
