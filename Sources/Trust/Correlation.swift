/// How alike two lists of numbers of the same length are.
public enum Correlation {
    /// The cosine of two vectors, -1...1; 0 where one is zero.
    public static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        precondition(a.count == b.count, "vectors have the same length")
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += x * y
            first += x * x
            second += y * y
        }
        let norm = (first * second).squareRoot()
        return norm > 0 ? product / norm : 0
    }

    /// Spearman's rank correlation, -1...1: equal numbers share their mean rank. Nil where all numbers of a list are
    /// equal.
    public static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
        guard let a = Ranking(a), let b = Ranking(b) else { return nil }
        return a.correlation(with: b)
    }
}

/// The ranks of some numbers, less their mean and divided by their norm, so that the correlation of two lists is one
/// sum: many are held against each other.
public struct Ranking: Sendable {
    private let scores: [Double]

    /// Nil where all numbers are equal.
    public init?(_ values: [Double]) {
        var ranks = Self.ranks(of: values)
        let mean = ranks.reduce(0, +) / Double(max(ranks.count, 1))
        for index in ranks.indices { ranks[index] -= mean }
        let norm = ranks.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 0 else { return nil }
        scores = ranks.map { $0 / norm }
    }

    public func correlation(with other: Ranking) -> Double {
        precondition(scores.count == other.scores.count, "lists have the same length")
        var sum = 0.0
        for (x, y) in zip(scores, other.scores) { sum += x * y }
        return sum
    }

    /// From 1 on; equal numbers share their mean rank.
    static func ranks(of values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var first = 0
        while first < order.count {
            var next = first + 1
            while next < order.count, values[order[next]] == values[order[first]] { next += 1 }
            for place in first..<next { ranks[order[place]] = Double(first + next + 1) / 2 }
            first = next
        }
        return ranks
    }
}
