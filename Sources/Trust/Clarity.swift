/// Whether some pictures show one thing or several, by their features (SemanticLens, Dreyer et al., Nature Machine
/// Intelligence 2025). Features are vectors of any length above 0, and only their directions count.
public enum Clarity {
    /// The mean cosine of all pairs, by way of the length of the mean vector: 1 where all are the same, 0 where they are
    /// as unlike as directions at random. Nil for fewer than two.
    public static func clarity(_ features: [[Double]]) -> Double? {
        let count = Double(features.count)
        guard count >= 2 else { return nil }
        let mean = sum(units(features)).map { $0 / count }
        return (mean.reduce(0) { $0 + $1 * $1 } - 1 / count) * count / (count - 1)
    }

    /// 1 - the cosine of the centres of the two groups that part them best (least squared distances to the groups'
    /// means; every partition is tried): 0 where the groups are the same. Nil for fewer than two, or more than
    /// `mostVectors`.
    public static func polysemanticity(_ features: [[Double]]) -> Double? {
        guard (2...mostVectors).contains(features.count) else { return nil }
        let vectors = units(features)
        // |sum of a group|^2 / its size: the larger over both groups, the closer are the groups.
        let products = vectors.map { a in vectors.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
        var best: (gain: Double, mask: Int)?
        // The last vector is always in the second group, so that no partition is tried twice.
        for mask in 1..<(1 << (vectors.count - 1)) {
            var sums = (0.0, 0.0)
            var sizes = (0.0, 0.0)
            for i in vectors.indices {
                let isFirst = mask >> i & 1 == 1
                if isFirst { sizes.0 += 1 } else { sizes.1 += 1 }
                for j in vectors.indices where (mask >> j & 1 == 1) == isFirst {
                    if isFirst { sums.0 += products[i][j] } else { sums.1 += products[i][j] }
                }
            }
            let gain = sums.0 / sizes.0 + sums.1 / sizes.1
            if gain > best?.gain ?? -.infinity { best = (gain, mask) }
        }
        guard let mask = best?.mask else { return nil }
        let (first, second) = (
            vectors.indices.filter { mask >> $0 & 1 == 1 }, vectors.indices.filter { mask >> $0 & 1 == 0 }
        )
        return 1 - Correlation.cosine(sum(first.map { vectors[$0] }), sum(second.map { vectors[$0] }))
    }

    /// All partitions of so many are tried in a millisecond.
    public static let mostVectors = 9

    /// The mean cosine between the vectors of two lists. Nil where one is empty.
    public static func agreement(_ one: [[Double]], _ other: [[Double]]) -> Double? {
        guard !one.isEmpty, !other.isEmpty else { return nil }
        var sum = 0.0
        for a in one { for b in other { sum += Correlation.cosine(a, b) } }
        return sum / Double(one.count * other.count)
    }

    private static func units(_ vectors: [[Double]]) -> [[Double]] {
        vectors.map { vector in
            let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return norm > 0 ? vector.map { $0 / norm } : vector
        }
    }

    private static func sum(_ vectors: [[Double]]) -> [Double] {
        var sum = vectors[0]
        for vector in vectors.dropFirst() { for index in sum.indices { sum[index] += vector[index] } }
        return sum
    }
}
