import Testing

@testable import Film

/// Facets' names can be read: none lies on another, or on another's mark.
struct FacetLabelTests {
    /// Each character 8 wide.
    static func measure(_ text: String) -> Double { 8 * Double(text.count) }

    static func arrange(_ names: [String], from left: Double = 550, to right: Double = 1180) -> [FacetLabel] {
        let marks = names.enumerated().map { index, name in
            (x: left + (right - left) * Double(index) / Double(max(1, names.count - 1)), name: name)
        }
        return FacetLabel.arrange(marks, within: 504...1196, measure: measure)
    }

    static func expectReadable(_ labels: [FacetLabel]) {
        for (index, label) in labels.enumerated() {
            #expect(label.start >= 504 && label.start + label.width <= 1196 + 1e-9, "\(label)")
            for other in labels[(index + 1)...] {
                #expect(!label.meets(other), "\(label) meets \(other)")
            }
        }
    }

    @Test func `short names stand in one row`() {
        let labels = Self.arrange(["naive", "L1", "smooth", "blur", "bilateral", "fourier"])
        Self.expectReadable(labels)
        #expect(labels.allSatisfy { $0.row == 0 && !$0.text.contains("…") }, "\(labels)")
    }

    @Test func `eight longish names are all there in full`() {
        let names = [
            "naive gradient ascent", "L1 penalised 0.05", "total variation 3e-5", "blur 7 sigmoid", "bilateral anneal",
            "fourier lucid", "fourier distilled", "diverse set four",
        ]
        let labels = Self.arrange(names)
        Self.expectReadable(labels)
        #expect(labels.map(\.text) == names)
    }

    @Test func `names that are too long are shortened, each keeps its beginning`() {
        let names = (0..<8).map { "\($0) " + String(repeating: "very ", count: 30) + "long" }
        let labels = Self.arrange(names)
        Self.expectReadable(labels)
        #expect(zip(labels, 0...).allSatisfy { $0.text.hasPrefix("\($1)") && $0.text.hasSuffix("…") }, "\(labels)")
    }

    @Test(arguments: [1, 2, 30, 200]) func `any number of facets keeps its marks`(count: Int) {
        let labels = Self.arrange((0..<count).map { "facet \($0)" })
        Self.expectReadable(labels)
        #expect(labels.count == count)
        #expect(labels[0].text == "facet 0")
    }

    @Test func `facets on one spot do not lie on each other`() {
        let labels = Self.arrange(["first", "second", "third"], from: 700, to: 702)
        Self.expectReadable(labels)
        #expect(labels.contains { !$0.text.isEmpty })
    }

    @Test func `a title loses its middle, a name its end`() {
        #expect(
            TextShortening.shorten("block_12_add, unit 33", to: 100, cutting: .middle, Self.measure) == "block_…it 33")
        #expect(TextShortening.shorten("total variation", to: 60, cutting: .end, Self.measure) == "total…")
        #expect(TextShortening.shorten("fits", to: 32, cutting: .end, Self.measure) == "fits")
        #expect(TextShortening.shorten("never", to: 1, cutting: .end, Self.measure) == "…")
    }
}
