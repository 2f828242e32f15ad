/// What lists and reports say of a film that is not good.
public struct FilmFlag: Sendable, Equatable {
    /// The verdict's.
    public var sentence: String
    public var worst: FilmRecord.Verdict.Shortfall
    /// How many there are.
    public var shortfalls: Int

    /// Nil for a good film, and for one of an earlier version, which has no verdict.
    ///
    /// - Parameter facets: the names of the film's facets.
    public init?(_ verdict: FilmRecord.Verdict?, facets: [String]) {
        guard let verdict, let worst = verdict.shortfalls.first, let sentence = verdict.sentence(facets: facets) else {
            return nil
        }
        self.sentence = sentence
        self.worst = worst
        shortfalls = verdict.shortfalls.count
    }

    /// Whether its film comes before another's: the worst first.
    public func isWorse(than other: FilmFlag) -> Bool { worst.isWorse(than: other.worst) }
}

extension Array {
    /// The worst first; those that are as bad stay in their order.
    public func sortedByFlag(_ flag: (Element) -> FilmFlag?) -> [Element] {
        sortedByWorst(flag) { $0.isWorse(than: $1) }
    }

    /// The worst first; those that are as bad stay in their order, and those without a value come last.
    func sortedByWorst<Value>(
        _ value: (Element) -> Value?, isWorse: (Value, Value) -> Bool
    ) -> [Element] {
        enumerated().sorted { left, right in
            switch (value(left.element), value(right.element)) {
            case (let one?, let other?) where isWorse(one, other): true
            case (let one?, let other?) where isWorse(other, one): false
            case (nil, _?): false
            case (_?, nil): true
            default: left.offset < right.offset
            }
        }.map(\.element)
    }
}

extension FilmFlag: Codable {
    private enum CodingKeys: CodingKey { case sentence, worst, shortfalls }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sentence = (try container.decodeIfPresent(String.self, forKey: .sentence) ?? "").cut(to: 1000)
        worst =
            try container.decodeIfPresent(FilmRecord.Verdict.Shortfall.self, forKey: .worst)
            ?? FilmRecord.Verdict.Shortfall(path: 0, measure: "", value: nil, bar: nil)
        shortfalls = min(max(try container.decodeIfPresent(Int.self, forKey: .shortfalls) ?? 1, 1), 1_000_000)
    }
}

extension FilmFile {
    /// The names of all facets, where they were asked for.
    public var facetNames: [String] {
        (facets ?? []).enumerated().map { $1.name ?? "facet \($0 + 1)" }
    }
}
