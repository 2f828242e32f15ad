import Foundation
import Testing

@testable import Records

@Suite struct FilmFileTests {
    private func read(_ text: String, with parts: FilmFile<UnreadJob>.Parts) throws -> FilmFile<UnreadJob> {
        try FilmFile<UnreadJob>(Data(text.utf8), with: parts)
    }

    @Test(arguments: [
        "{}", #"{"facets": [{}], "bands": [{}, {}], "frames": [{}, {"facet": "x"}], "seeds": {}, "digests": {}}"#,
        #"{"job": [[7]], "timing": {}, "outputs": [], "more": {"deep": [[[]]]}}"#, #"{"facets": null, "job": null}"#,
    ])
    func `any key may be missing`(text: String) throws {
        #expect(throws: Never.self) { try read(text, with: .all) }
    }

    @Test(arguments: [
        "", "{", "[]", "7", "null", #"{"facets": 7}"#, #"{"facets": [{"activation": "high"}]}"#,
        #"{"bands": [{"minimumRatio": []}]}"#, #"{"frames": [{"activation": 1e999}]}"#,
        #"{"outputs": [{"path": "film.mp4"}]}"#, #"{"seeds": {"job": -1}}"#,
    ])
    func `a value of another kind makes it unreadable`(text: String) {
        #expect(throws: DecodingError.self) { try read(text, with: .all) }
    }

    @Test func `frames, facets and bands are skipped unless they are asked for`() throws {
        let text =
            #"{"frames": [{"activation": "high"}], "bands": [{"steps": "many"}], "facets": [7], "#
            + #""digests": {"job": "a", "weights": "w"}}"#
        let file = try read(text, with: [])
        #expect(file.frames == nil && file.bands == nil && file.facets == nil && file.digests?.job == "a")
        for part: FilmFile<UnreadJob>.Parts in [.frames, .facets, .bands] {
            #expect(throws: DecodingError.self, "\(part)") { try read(text, with: part) }
        }
    }
}
