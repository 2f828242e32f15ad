import Foundation

/// Whether a machine that sees only a film, and films of other units, tells a photograph that excites the unit from one
/// that does not (machine interpretability score, Zimmermann et al., NeurIPS 2024; films as references are ours).
public struct FilmScore: Sendable, Equatable {
    /// Mean of sigmoid(.16 D / scale): .5 for a guess.
    public let score: Double
    /// The share of choices that are right, 0...1; chance is .5.
    public let share: Double

    /// The steepness of people's choices in the source.
    private static let steepness = 0.16

    /// How like two photographs are to two kinds of references.
    public struct Choice: Sendable {
        /// Mean likeness of the exciting photograph to the unit's pictures, and to those of other units.
        public var exciting: (own: Double, others: Double)
        /// The same for the photograph that does not excite it.
        public var other: (own: Double, others: Double)

        public init(exciting: (own: Double, others: Double), other: (own: Double, others: Double)) {
            (self.exciting, self.other) = (exciting, other)
        }

        /// D: above 0 the machine is right.
        var difference: Double { exciting.own - exciting.others - other.own + other.others }
    }

    /// - Parameter scale: the unit in which likenesses differ: their standard deviation.
    /// - Returns: nil without choices, or where likenesses do not differ.
    public init?(_ choices: [Choice], scale: Double) {
        guard !choices.isEmpty, scale > 0 else { return nil }
        let differences = choices.map(\.difference)
        let count = Double(choices.count)
        score = differences.reduce(0) { $0 + 1 / (1 + exp(-Self.steepness * $1 / scale)) } / count
        share = differences.reduce(0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) } / count
    }
}
