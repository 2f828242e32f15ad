/// Whether pictures take the route of photographs through a network: whether, in a layer before the unit's, they excite
/// the same units as photographs that excite it (idea: Geirhos et al., "Don't trust your eyes", 2023, figure 5; the form
/// is ours).
public struct NaturalRoute: Sendable {
    private let strongest: [Ranking]
    /// Mean correlations among the strongest photographs, and among any photographs.
    public let amongStrongest: Double
    public let amongAny: Double

    /// Two kinds of photographs that are nearer to each other tell nothing.
    private static let leastDifference = 0.02

    /// - Parameters:
    ///   - strongest: means of a layer's units for the photographs that excite the unit most, `[photograph][unit]`.
    ///   - any: the same for photographs at random.
    /// - Returns: nil where there are fewer than two of a kind, or both kinds are the same to the layer.
    public init?(strongest: [[Double]], any: [[Double]]) {
        self.strongest = strongest.compactMap(Ranking.init)
        guard let own = Self.meanOfPairs(self.strongest), let others = Self.meanOfPairs(any.compactMap(Ranking.init)),
            own - others >= Self.leastDifference
        else { return nil }
        (amongStrongest, amongAny) = (own, others)
    }

    /// R: 1 where pictures are to the layer as photographs that excite the unit, 0 as any photograph. Nil without
    /// pictures.
    /// - Parameter pictures: means of the layer's units, `[picture][unit]`.
    public func share(of pictures: [[Double]]) -> Double? {
        let rankings = pictures.compactMap(Ranking.init)
        guard !rankings.isEmpty else { return nil }
        var sum = 0.0
        for picture in rankings { for photograph in strongest { sum += picture.correlation(with: photograph) } }
        return (sum / Double(rankings.count * strongest.count) - amongAny) / (amongStrongest - amongAny)
    }

    private static func meanOfPairs(_ rankings: [Ranking]) -> Double? {
        guard rankings.count >= 2 else { return nil }
        var sum = 0.0
        for (index, ranking) in rankings.enumerated() {
            for other in rankings[..<index] { sum += ranking.correlation(with: other) }
        }
        return sum / Double(rankings.count * (rankings.count - 1) / 2)
    }
}
