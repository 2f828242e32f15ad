/// "Did you mean ...": the known name that a misspelt one is closest to.
package enum NearestName {
    /// The nearest of `names` if it is near enough to be what was meant: a third of the letters may differ, one always.
    package static func nearest(to text: String, among names: some Sequence<String>) -> String? {
        // Nobody misspells a name of ten lines, and the distance costs the product of both lengths.
        guard text.utf8.count <= 64 else { return nil }
        let given = Array(text.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = editDistance(given, Array(name.lowercased().utf8))
            guard distance <= max(1, max(given.count, name.utf8.count) / 3), distance < best?.distance ?? .max
            else { continue }
            best = (name, distance)
        }
        return best?.name
    }

    /// The labels that somebody may have meant: those that hold the text, the shortest first, then the nearest; at most
    /// three.
    package static func labels(like text: String, among labels: [String]) -> [String] {
        let wanted = text.lowercased()
        let holding = labels.filter { $0.lowercased().contains(wanted) }
            .sorted { ($0.count, $0) < ($1.count, $1) }
        var found: [String] = []
        for label in holding + [nearest(to: text, among: labels)].compactMap(\.self) where !found.contains(label) {
            found.append(label)
        }
        return Array(found.prefix(3))
    }

    /// `; did you mean "pivots"?`, or nothing.
    package static func hint(for text: String, among names: some Sequence<String>) -> String {
        nearest(to: text, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other
    /// (optimal string alignment).
    ///
    /// - Complexity: O(first.count * second.count).
    static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let isSame = first[row] == second[column]
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
