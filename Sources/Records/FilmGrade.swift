/// What lists and reports say of how far a film can be trusted.
public struct FilmGrade: Sendable, Equatable {
    public var letter: FilmRecord.Trust.Grade
    /// The trust report's: the grade, and what it comes from.
    public var sentence: String
    /// How many parts of the report have this grade; 0 for an A.
    public var reasons: Int

    public init(letter: FilmRecord.Trust.Grade, sentence: String, reasons: Int) {
        (self.letter, self.sentence, self.reasons) = (letter, sentence, reasons)
    }

    /// Nil for a film whose report grades nothing, and for one of an earlier version, which has none.
    public init?(_ trust: FilmRecord.Trust?) {
        guard let trust, let letter = trust.grade, let sentence = trust.sentence else { return nil }
        self.letter = letter
        self.sentence = sentence
        reasons = trust.worst.count
    }

    /// Whether its film comes before another's: the worst first, and of two with one letter that with more reasons.
    public func isWorse(than other: FilmGrade) -> Bool {
        (letter, reasons) > (other.letter, other.reasons)
    }
}

/// How many films have each grade; those without one are not counted.
public struct GradeCounts: Sendable, Equatable {
    private var counts: [FilmRecord.Trust.Grade: Int] = [:]

    public init(_ grades: some Sequence<FilmGrade?>) {
        for case let grade? in grades { counts[grade.letter, default: 0] += 1 }
    }

    public subscript(letter: FilmRecord.Trust.Grade) -> Int { counts[letter] ?? 0 }

    public var all: Int { counts.values.reduce(0, +) }

    /// `A 12, B 20, C 5, D 2`; nil where no film has a grade.
    public var text: String? {
        guard all > 0 else { return nil }
        return FilmRecord.Trust.Grade.allCases.map { "\($0.rawValue) \(self[$0].grouped)" }.joined(separator: ", ")
    }
}

extension Array {
    /// The worst first; those that are as bad stay in their order, and those without a grade come last.
    public func sortedByGrade(_ grade: (Element) -> FilmGrade?) -> [Element] {
        sortedByWorst(grade) { $0.isWorse(than: $1) }
    }
}

extension FilmGrade: Codable {
    private enum CodingKeys: CodingKey { case letter, sentence, reasons }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        letter = try container.decode(FilmRecord.Trust.Grade.self, forKey: .letter)
        sentence = (try container.decodeIfPresent(String.self, forKey: .sentence) ?? letter.rawValue).cut(to: 1000)
        reasons = min(max(try container.decodeIfPresent(Int.self, forKey: .reasons) ?? 0, 0), 1000)
    }
}
