extension FilmRecord {
    /// Whether a film is good: where its paths miss the bars of the measures, and what else there is to say of it.
    public struct Verdict: Sendable, Equatable {
        /// The worst first; none in a good film.
        public private(set) var shortfalls: [Shortfall]
        /// For people, in the order in which they are to be read.
        public var remarks: [Remark]
        /// How often the film was made until it was as good as it is.
        public var attempts: Int

        public init(shortfalls: [Shortfall], remarks: [Remark] = [], attempts: Int = 1) {
            // Where two are as bad, they stand in the order of the paths, and of the table.
            self.shortfalls = shortfalls.enumerated().sorted { left, right in
                left.element.isWorse(than: right.element)
                    || !right.element.isWorse(than: left.element) && left.offset < right.offset
            }.map(\.element)
            self.remarks = remarks
            self.attempts = attempts
        }

        /// Holds every path to the bar of every measure. A value that is not known misses its bar: nobody knows that it
        /// does not.
        ///
        /// - Parameter excused: measures whose bars mean nothing for this film.
        public init(
            of paths: [BandEntry], excusing excused: Set<Measure.Key> = [], remarks: [Remark] = [], attempts: Int = 1
        ) {
            var shortfalls: [Shortfall] = []
            for (index, path) in paths.enumerated() {
                for measure in Measure.ofPaths where !excused.contains(measure.key) {
                    guard let bar = measure.bar else { continue }
                    let value = path.measures[measure.key]?.sound
                    if let value, let shortfall = measure.shortfall(value), shortfall <= 0 { continue }
                    shortfalls.append(
                        Shortfall(path: index + 1, measure: measure.key.rawValue, value: value, bar: bar))
                }
            }
            self.init(shortfalls: shortfalls, remarks: remarks, attempts: attempts)
        }

        public var isGood: Bool { shortfalls.isEmpty }

        /// The worst shortfall, and how many others there are; nil of a good film.
        ///
        /// - Parameter facets: the names of the film's facets.
        public func sentence(facets: [String]) -> String? {
            guard let worst = shortfalls.first else { return nil }
            let others = shortfalls.count - 1
            return worst.sentence(facets: facets) + (others > 0 ? "; \(others) more" : "")
        }
    }
}

extension FilmRecord.Verdict {
    /// A path that misses a bar.
    public struct Shortfall: Sendable, Equatable {
        /// Counted from 1.
        public var path: Int
        /// As in the table of measures; film.json may have one of another version.
        public var measure: String
        /// Nil if the measure says nothing of this path.
        public var value: Double?
        /// The bar at the time; nil only where a foreign file does not say.
        public var bar: Double?

        public init(path: Int, measure: String, value: Double?, bar: Double?) {
            self.path = path
            self.measure = measure
            self.value = value
            self.bar = bar
        }

        /// The row of the table, if this version has it.
        public var row: Measure? { Measure.Key(rawValue: measure)?.measure }

        /// How far the value is beyond the bar, relative to the bar; nil if it is not known.
        var excess: Double? {
            guard let value else { return nil }
            let bar = bar ?? row?.bar ?? value
            let distance = row.map { $0.better == .higher ? bar - value : value - bar } ?? abs(value - bar)
            return distance / max(abs(bar), 1e-9)
        }

        /// What is not known is worst.
        public func isWorse(than other: Shortfall) -> Bool {
            (excess ?? .infinity) > (other.excess ?? .infinity)
        }

        /// `path 3 (fourier-3 to fourier-4): lowest activation 95 %, bar 98 %`
        public func sentence(facets: [String]) -> String {
            var ends = ""
            if path >= 1, path < facets.count {
                ends = " (\(facets[path - 1].cut(to: 40)) to \(facets[path].cut(to: 40)))"
            }
            let text = { (value: Double) in row?.text(value) ?? Measure.plainText(value) }
            return "path \(path)\(ends): \(row?.words ?? measure) \(value.map(text) ?? "not known")"
                + (bar.map { ", bar \(text($0))" } ?? "")
        }
    }

    /// Something to know of a film that is no shortfall.
    public struct Remark: Sendable, Equatable {
        public var kind: Kind
        public let text: String

        /// What it is about, for programs. Other versions may have others.
        public struct Kind: RawRepresentable, Sendable, Hashable {
            public let rawValue: String
            public init(rawValue: String) { self.rawValue = rawValue.cut(to: 100) }

            /// The unit responds to the mean colour, so that its film is as bright or as dark as that.
            public static let meanColor = Kind(rawValue: "meanColor")
            /// Facets look alike.
            public static let alike = Kind(rawValue: "alike")
            /// A facet does not excite the unit.
            public static let negative = Kind(rawValue: "negative")
        }

        /// - Parameter text: a sentence, which is cut after 1,000 characters.
        public init(kind: Kind, text: String) {
            self.kind = kind
            self.text = text.cut(to: 1000)
        }
    }
}

// MARK: - JSON

extension FilmRecord.Verdict: Codable {
    private enum CodingKeys: CodingKey { case shortfalls, remarks, attempts }

    /// More than a film of 64 facets can have.
    private static let limit = 1000

    /// What is missing is none, and of what is too long to be ours only the beginning is read.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            shortfalls: try container.decodeFirst(Self.limit, forKey: .shortfalls),
            remarks: try container.decodeFirst(Self.limit, forKey: .remarks),
            attempts: (try container.decodeIfPresent(Int.self, forKey: .attempts) ?? 1).held(to: 1...1_000_000))
    }
}

extension FilmRecord.Verdict.Shortfall: Codable {
    private enum CodingKeys: CodingKey { case path, measure, value, bar }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            path: (try container.decodeIfPresent(Int.self, forKey: .path) ?? 0).held(to: 0...1_000_000),
            measure: (try container.decodeIfPresent(String.self, forKey: .measure) ?? "").cut(to: 100),
            value: try container.decodeIfPresent(Double.self, forKey: .value)?.sound,
            bar: try container.decodeIfPresent(Double.self, forKey: .bar)?.sound)
    }

    /// Writes null for what is not known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(measure, forKey: .measure)
        try container.encode(value, forKey: .value)
        try container.encode(bar, forKey: .bar)
    }
}

extension FilmRecord.Verdict.Remark: Codable {
    private enum CodingKeys: CodingKey { case kind, text }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: Kind(rawValue: try container.decodeIfPresent(String.self, forKey: .kind) ?? ""),
            text: try container.decodeIfPresent(String.self, forKey: .text) ?? "")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind.rawValue, forKey: .kind)
        try container.encode(text, forKey: .text)
    }
}

extension KeyedDecodingContainer {
    /// The first elements of a list; none where there is no list.
    fileprivate func decodeFirst<Element: Decodable>(_ limit: Int, forKey key: Key) throws -> [Element] {
        guard contains(key), try !decodeNil(forKey: key) else { return [] }
        var list = try nestedUnkeyedContainer(forKey: key)
        var elements: [Element] = []
        while !list.isAtEnd, elements.count < limit { elements.append(try list.decode(Element.self)) }
        return elements
    }
}

extension Int {
    fileprivate func held(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

extension String {
    /// Counted in Unicode scalars: of these alone a foreign character can have a million.
    func cut(to limit: Int) -> String {
        unicodeScalars.count <= limit
            ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit - 1))) + "…"
    }
}
