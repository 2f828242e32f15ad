import Testing

@testable import JSON
@testable import JobManifest

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("pivots", "piovts", 1),
        ("steps", "stpes", 1), ("a", "b", 1), ("ca", "abc", 3),
    ])
    func `the edit distance counts insertions, deletions, replacements and swaps`(
        first: String, second: String, expected: Int
    ) {
        #expect(NearestName.editDistance(Array(first.utf8), Array(second.utf8)) == expected)
    }

    @Test(
        arguments: [
            ("learningrate", "learningRate"), ("learning_rate", "learningRate"), ("stpes", "steps"), ("step", "steps"),
            ("totalvariaton", "totalVariation"), ("tv", nil), ("color", nil), ("", nil),
        ] as [(String, String?)])
    func `a name is suggested only where it may have been meant`(given: String, expected: String?) {
        let names = FacetSettings.table.fields.map(\.key)
        #expect(NearestName.nearest(to: given, among: names) == expected)
    }

    @Test func `a name of a megabyte is no one's neighbour`() {
        #expect(NearestName.nearest(to: String(repeating: "a", count: 1 << 20), among: ["a"]) == nil)
    }
}
