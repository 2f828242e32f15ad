import Testing

@testable import Pipeline

@Suite struct GlobTests {
    @Test(arguments: [
        ("eyes/block_12_add/1", true), ("eyes", true), ("eyes/*", true), ("eyes/*/1", true), ("eyes/*/2", false),
        ("*", true), ("**", true), ("*/*/*", true), ("*/*/*/*", false), ("**/1", true), ("*/1", false),
        ("eye", false), ("eye?", true), ("ey[d-f]s/**", true), ("ey[!e]s", false), ("[!a]yes", true),
        ("eyes/block_*_add", true), ("eyes/block_?_add", false), ("eyes/", false), ("EYES", false),
        ("e*s*", true), ("**add**", true), ("*****/1", true), ("eyes?block_12_add", false),
        ("[]e]yes", true),
    ])
    func `a pattern selects the reels of every folder that it matches`(pattern: String, isMatch: Bool) throws {
        #expect(try Glob(pattern).matches("eyes/block_12_add/1") == isMatch, "\(pattern)")
    }

    @Test(arguments: ["", "a[bc", "[", "[!", "a[z-b]"])
    func `malformed patterns are refused`(pattern: String) {
        #expect(throws: MalformedArgument.self) { try Glob(pattern) }
    }

    @Test func `a pattern of many stars does not take long`() throws {
        // Backtracking would take 2^40 steps here.
        let pattern = String(repeating: "a*", count: 40) + "b"
        #expect(try !Glob(pattern).matches(String(repeating: "a", count: 400)))
    }
}
