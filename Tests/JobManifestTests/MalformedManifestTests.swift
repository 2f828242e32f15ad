import Testing

@testable import JSON
@testable import JobManifest

@Suite struct MalformedManifestTests {
    @Test(arguments: MalformedManifest.syntax)
    func `a text that is not JSON gives one error with its place`(_ manifest: MalformedManifest) throws {
        let found = diagnostics(manifest.bytes)
        #expect(found.count == 1, "\(found)")
        check(try #require(found.first), manifest)
    }

    @Test(arguments: MalformedManifest.content)
    func `JSON that is no manifest gives one error with its place`(_ manifest: MalformedManifest) throws {
        let found = diagnostics(manifest.bytes)
        #expect(found.count == 1, "\(found)")
        check(try #require(found.first), manifest)
    }

    private func check(_ found: Diagnostic, _ expected: MalformedManifest) {
        #expect(found.line == expected.line, "\(found)")
        #expect(found.column == expected.column, "\(found)")
        #expect(found.pointer == expected.pointer, "\(found)")
        #expect(found.message.contains(expected.phrase), "\(found)")
        #expect(found.message.hasPrefix("expected "), "\(found)")
        #expect(found.message.utf8.count < 500, "\(found)")
        #expect(found.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(found)")
    }

    @Test func `an error reads as file, line, column, pointer, message`() {
        let text = """
            {
              "name": "n", "layer": "block_12_add", "unit": 1,
              "neb": { "pivots": "ten" }
            }
            """
        #expect(
            diagnostics(text).map(\.description)
                == [#"job.json:3:22: /neb/pivots: expected an integer from 1 to 200, found "ten""#])
    }

    @Test func `every error of a file is reported, in the order of the text`() {
        let text = """
            {"jobs": [
              {"name": "a b", "layer": "block_12_ad", "unit": 1, "neb": {"steps": -1}},
              {"name": "c", "layer": "block_12_add", "unit": 500, "facets": [{"steps": 0}, {"step": 1}]},
              7,
              {"name": "d", "layer": "block_12_add", "unit": 1}
            ]}
            """
        #expect(
            diagnostics(text).map { "\($0.line):\($0.column) \($0.pointer)" } == [
                "2:12 /jobs/0/name", "2:28 /jobs/0/layer", "2:71 /jobs/0/neb/steps", "3:50 /jobs/1/unit",
                "3:76 /jobs/1/facets/0/steps", "3:81 /jobs/1/facets/1/step", "4:3 /jobs/2",
            ])
    }

    @Test func `errors without end are cut short`() {
        let keys = (0..<5000).map { "\"k\($0)\": 0" }.joined(separator: ", ")
        let found = diagnostics("{\(keys)}")
        #expect(found.count == ManifestDecoding.greatestFaultCount + 1)
        #expect(found.last?.message.contains("the rest is not listed") == true, "\(found.last as Any)")
    }

    @Test func `a file beyond 16 MiB is refused`() {
        let found = diagnostics([UInt8](repeating: UInt8(ascii: " "), count: SourceText.largestByteCount + 1))
        #expect(found.map(\.message) == ["expected a file of at most 16777216 bytes, found more"])
    }

    @Test func `a file of a million values is refused`() {
        let found = diagnostics("[" + String(repeating: "0,", count: JSONScanner.greatestValueCount) + "0]")
        #expect(found.map(\.message) == ["expected at most 1000000 values in a file, found more"])
    }

    @Test func `a run of more than 100,000 films is refused`() {
        let jobs = (0..<67).map { #"{"name": "n\#($0)", "layer": "projection", "units": "all"}"# }
        let found = diagnostics("{\"jobs\": [\(jobs.joined(separator: ","))]}")
        #expect(found.map(\.pointer) == ["/jobs/66"], "\(found)")
        #expect(found.first?.message.contains("at most 100000 films") == true, "\(found)")
    }

    @Test func `terminal escapes in a manifest stay harmless in its errors`() {
        let found = diagnostics("{\"name\": \"\\u001b[31m\u{9b}x\u{202e}\", \"layer\": \"block_12_add\", \"unit\": 1}")
        #expect(found.count == 1)
        #expect(found.first?.message.contains(#"found "\u{1b}[31m\u{9b}x\u{202e}""#) == true, "\(found)")
    }
}
