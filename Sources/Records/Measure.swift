/// What a film is measured by: one row for each measure says everything that is not its computation, and whatever
/// writes, reads, compares or shows measures is made from these rows (`Measure.all`, in `Measure+Table.swift`).
public struct Measure: Sendable {
    public let key: Key
    /// What it is taken of, and stored with in film.json.
    public var scope = Scope.path
    /// In few letters, for the heads of columns: `robust`.
    public let short: String
    /// In a list: `robust activation`.
    public let words: String
    public let better: Direction
    public var format = Format.plain
    /// What `compare` takes a movement relative to.
    public var tolerance = Tolerance.absolute
    /// What the standard preset's films are held to (Documentation/films.md).
    public var bar: Double?
    /// Whether a film that misses the bar is suspicious.
    public var raisesConcern = false
    /// A path that keeps less than this falls below its facets, in the curve and in the facet map.
    public var dipBar: Double?
    public var places: Places = []
    /// On a film's page, beside what the thesis' band typically reaches.
    public var entry: Entry?
    /// In the list by which a layer's films are sorted, the worst first.
    public var sorting: Sorting?

    public enum Scope: Sendable { case path, facet }

    public enum Direction: Sendable { case higher, lower }

    /// How people read a value; the raw values are what the pages' script knows them by.
    public enum Format: String, Sendable {
        /// Of 1, rounded down, so that "at least 97 %" is true.
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

    /// Where a measure is shown beside the places that need words of their own.
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
        /// Measures that are shown with this one: there is an entry where all of them have a value, and its bar shows the
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

    public struct Sorting: Sendable {
        /// Of the list's entry and of the films' attribute that it sorts by.
        public let name: String
        public let words: String
    }

    /// How far a value is below the bar, or above it where less is better; nil where there is no bar.
    public func shortfall(_ value: Double) -> Double? {
        bar.map { better == .higher ? $0 - value : value - $0 }
    }

    /// Whether a path with this value falls below its facets.
    public func isDip(_ value: Double?) -> Bool {
        guard let dipBar, let value else { return false }
        return value < dipBar
    }
}
