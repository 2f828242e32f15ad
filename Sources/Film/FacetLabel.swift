/// A facet's name above the plot, with the mark that leads from it down to the curve.
struct FacetLabel: Sendable, Equatable {
    /// Where the mark stands.
    let x: Double
    /// Empty where no room is left for the name.
    let text: String
    /// Where the text begins, and how wide it is.
    let start: Double
    let width: Double
    /// 0 is nearest to the plot.
    let row: Int

    private var end: Double { start + width }

    static let maximumRowCount = 3
    /// The least distance between names in a row, and between a name and the mark of another one, in pixels.
    private static let gap = 12.0
    private static let clearance = 4.0
    /// Names are shortened to the first of these widths at which all find room.
    private static let widths = [Double.infinity, 200, 170, 140, 115, 90, 70]
    /// How many arrangements are tried for one width and number of rows: enough for all of 8 names on 3 rows.
    private static let tries = 10_000

    /// Places names centred on their marks (or as near as `range` allows), so that no name touches another name or
    /// another's mark. It uses as few rows as possible, and shortens names only if three rows are not enough. If there
    /// are so many facets that some names find no room, these facets keep their marks and lose their names.
    /// - Parameters:
    ///   - marks: from left to right.
    ///   - measure: the width of a text.
    static func arrange(
        _ marks: [(x: Double, name: String)], within range: ClosedRange<Double>, measure: (String) -> Double
    ) -> [FacetLabel] {
        var candidates: [(x: Double, text: String, start: Double, width: Double)] = []
        for limit in widths {
            candidates = marks.map { mark in
                let text = TextShortening.shorten(
                    mark.name, to: min(limit, range.upperBound - range.lowerBound), cutting: .end, measure)
                let width = measure(text)
                let start = min(max(mark.x - width / 2, range.lowerBound), range.upperBound - width)
                return (mark.x, text, start, width)
            }
            for rowCount in 1...maximumRowCount {
                var placed: [FacetLabel] = []
                var triesLeft = tries
                if place(candidates, rowCount, &placed, &triesLeft) { return placed }
            }
        }
        var placed: [FacetLabel] = []
        for candidate in candidates {
            let choices = (0..<maximumRowCount).map { label(candidate, row: $0) }
            let free = choices.first { choice in !placed.contains { $0.meets(choice) } }
            placed.append(free ?? FacetLabel(x: candidate.x, text: "", start: candidate.x, width: 0, row: 0))
        }
        return placed
    }

    /// Goes through the arrangements depth first, lower rows first; false where none is found.
    private static func place(
        _ candidates: [(x: Double, text: String, start: Double, width: Double)], _ rowCount: Int,
        _ placed: inout [FacetLabel], _ triesLeft: inout Int
    ) -> Bool {
        guard placed.count < candidates.count else { return true }
        for row in 0..<rowCount {
            triesLeft -= 1
            guard triesLeft >= 0 else { return false }
            let choice = label(candidates[placed.count], row: row)
            guard !placed.contains(where: { $0.meets(choice) }) else { continue }
            placed.append(choice)
            if place(candidates, rowCount, &placed, &triesLeft) { return true }
            placed.removeLast()
        }
        return false
    }

    private static func label(_ candidate: (x: Double, text: String, start: Double, width: Double), row: Int)
        -> FacetLabel
    {
        FacetLabel(x: candidate.x, text: candidate.text, start: candidate.start, width: candidate.width, row: row)
    }

    /// Whether two names touch, or the higher one's mark passes through the lower one's name.
    func meets(_ other: FacetLabel) -> Bool {
        guard !text.isEmpty, !other.text.isEmpty else { return false }
        if row == other.row { return start < other.end + FacetLabel.gap && other.start < end + FacetLabel.gap }
        let (higher, lower) = row > other.row ? (self, other) : (other, self)
        return higher.x > lower.start - FacetLabel.clearance && higher.x < lower.end + FacetLabel.clearance
    }
}
