/// A measure of films. One row for each measure says everything except how it is computed. Whatever writes, reads,
/// compares or shows measures is made from these rows (`Measure.all`, in `Measure+Table.swift`).
public struct Measure: Sendable {
    public let key: Key
    /// What it measures, and with what it is stored in film.json.
    public var scope = Scope.path
    /// A short name for the heads of columns: `robust`.
    public let short: String
    /// Its name in a list: `robust activation`.
    public let words: String
    public let better: Direction
    public var format = Format.plain
    /// Whether `compare` takes a change as it is, or relative to the old value.
    public var tolerance = Tolerance.absolute
    /// The bar that every path of a film is held to (Documentation/films.md).
    public var bar: Double?
    /// Whether a path that misses the bar falls below its facets, in the curve and in the facet map.
    public var isDip = false
    public var places: Places = []
    /// Its entry on a film's page, beside what the thesis' band typically reaches.
    public var entry: Entry?
    /// Its entry in the list of orders in which a layer's films can be sorted, the worst first.
    public var sorting: Sorting?
    /// Its row of the trust report.
    public var trust: Trust?

    public enum Scope: Sendable { case path, facet, trust }

    public enum Direction: Sendable { case higher, lower }

    /// How people read a value. The pages' script knows the formats by their raw values.
    public enum Format: String, Sendable {
        /// A part of 1 in percent, rounded down, so that "at least 97 %" is true.
        case percent
        /// A ratio: `1.05×`.
        case times
        case plain
    }

    public enum Tolerance: Sendable {
        /// Activations differ from unit to unit by orders of magnitude.
        case relative
        case absolute
    }

    /// Where a measure is shown, apart from the places that need words of their own.
    public struct Places: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// What `compare` compares, and its snapshots hold.
        public static let comparison = Places(rawValue: 1)
        /// A film's page, in its table of paths.
        public static let pathTable = Places(rawValue: 2)
        /// The page of two films side by side.
        public static let comparePage = Places(rawValue: 4)
    }

    public struct Entry: Sendable {
        public let title: String
        /// Measures that are shown with this one. There is an entry if all of them have a value, and its bar shows the
        /// lowest.
        public var with: [Key] = []
        /// A key in braces stands for that measure's value.
        public let sentence: String
        /// What the thesis preset's films reach (Documentation/films.md and the tables it is held against: 224 px, real
        /// weights, twelve units from block_1 to block_16).
        public let typical: ClosedRange<Double>
        public let typicalText: String
        /// Ends of the bar.
        public let scale: ClosedRange<Double>
    }

    /// A row of the trust report: a question that the film's number answers.
    public struct Trust: Sendable {
        public let title: String
        /// A key in braces stands for that measure's value.
        public let sentence: String
        /// Nil where a number says what kind of unit it is, and not whether its film can be trusted.
        public var bounds: Bounds?

        /// The values from which on a film gets each grade; what is worse than the last gets a D. Measures that are too
        /// uncertain for that give a C at the worst.
        public struct Bounds: Sendable, Equatable {
            public let a: Double
            /// The bar of the row.
            public let b: Double
            public let c: Double
        }
    }

    /// The grade of a value; nil where the measure gives none.
    public func grade(of value: Double) -> FilmRecord.Trust.Grade? {
        guard let bounds = trust?.bounds else { return nil }
        let steps: [(bound: Double, grade: FilmRecord.Trust.Grade)] = [(bounds.a, .a), (bounds.b, .b), (bounds.c, .c)]
        return steps.first { better == .higher ? value >= $0.bound : value <= $0.bound }?.grade ?? .d
    }

    public struct Sorting: Sendable {
        /// The name of the list's entry, and of the attribute of films that it sorts by.
        public let name: String
        public let words: String
    }

    /// How far a value is below the bar, or above it if less is better; nil if there is no bar.
    public func shortfall(_ value: Double) -> Double? {
        bar.map { better == .higher ? $0 - value : value - $0 }
    }

    /// Whether a path with this value falls below its facets.
    public func isDip(_ value: Double?) -> Bool {
        guard isDip, let bar, let value else { return false }
        return value < bar
    }
}
