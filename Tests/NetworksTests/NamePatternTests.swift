import Networks
import Testing

@Suite struct NamePatternTests {
    @Test(arguments: [
        ("*", "", true), ("*", "layer4.1", true), ("layer4.*.conv3", "layer4.10.conv3", true),
        ("layer4.*.conv3", "layer4.conv3", false), ("layer?", "layer4", true), ("layer?", "layer", false),
        ("*_BN", "block_1_project_BN", true), ("*_BN", "block_BN_add", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "acb", false), ("", "", true), ("", "a", false), ("a.c", "abc", false), ("[ab]", "a", false),
        ("**", "x", true), ("ü?", "üé", true),
    ])
    func `a pattern matches what it says`(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    @Test func `no name takes long`() {
        let pattern = NamePattern(String(repeating: "*a", count: 200) + "b")
        let time = ContinuousClock().measure { #expect(!pattern.matches(String(repeating: "a", count: 20_000))) }
        #expect(time < .seconds(5), "\(time)")
    }

    @Test func `a text without stars and question marks is no pattern`() {
        #expect(NamePattern.isPattern("a*") && NamePattern.isPattern("?") && !NamePattern.isPattern("[a].b"))
    }
}
