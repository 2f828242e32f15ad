extension FilmRecord {
    /// Whether a film's pictures say honestly what its unit is for (Documentation/trust.md).
    public struct Trust: Sendable, Equatable {
        /// The worst of all parts.
        public private(set) var grade: Grade?
        /// The measures that have that grade, by their keys, in the order of the report.
        public private(set) var worst: [String]
        public private(set) var measures: MeasuredValues
        /// Why a measure says nothing of this film, by its key.
        public var notMeasured: [String: String]
        /// Images that the network has seen for the report.
        public var evaluations: Int
        /// Nil where the manifest names no pictures.
        public var photographs: Photographs?
        /// How natural the way through the network is, by layer, from the image on.
        public var route: [RouteEntry]
        /// The classes for which the unit speaks, those that it speaks for most first.
        public var classes: [ClassContribution]

        public init(
            measures: MeasuredValues, notMeasured: [String: String] = [:], evaluations: Int = 0,
            photographs: Photographs? = nil, route: [RouteEntry] = [], classes: [ClassContribution] = []
        ) {
            self.measures = measures
            self.notMeasured = notMeasured
            self.evaluations = evaluations
            self.photographs = photographs
            self.route = route
            self.classes = classes
            let graded = Measure.ofTrust.compactMap { measure in
                measures[measure.key]?.sound.flatMap(measure.grade).map { (key: measure.key.rawValue, grade: $0) }
            }
            grade = graded.map(\.grade).max()
            worst = graded.filter { [grade] in $0.grade == grade && grade != .a }.map(\.key)
        }

        /// A layer's share of the natural route: 1 where the film is to it as photographs that excite the unit, 0 as any.
        public struct RouteEntry: Codable, Sendable, Equatable {
            public var layer: String
            public var share: Double

            public init(layer: String, share: Double) {
                (self.layer, self.share) = (layer.cut(to: 1000), share)
            }
        }

        /// From A, the best, to D. The greater one is the worse.
        public enum Grade: String, Codable, CaseIterable, Sendable, Comparable {
            case a = "A"
            case b = "B"
            case c = "C"
            case d = "D"

            public static func < (one: Grade, other: Grade) -> Bool { one.rawValue < other.rawValue }
        }

        /// `C: seeds agree 0.41 (B from 0.50)`, and nothing but the letter for an A; nil without a grade.
        public var sentence: String? {
            guard let grade else { return nil }
            let reasons = worst.compactMap { Measure.Key(rawValue: $0)?.measure }.map { measure in
                let value = measures[measure.key].map(measure.text) ?? "not known"
                return "\(measure.words) \(value)" + (measure.bar.map { ", bar \(measure.text($0))" } ?? "")
            }
            return reasons.isEmpty ? grade.rawValue : "\(grade.rawValue): \(reasons.joined(separator: "; "))"
        }
    }

    /// The photographs that a film was held against, and those of them that its page shows.
    public struct Photographs: Sendable, Equatable {
        /// The last part of the folder's path.
        public var folder: String
        /// The key of the record of what they do to the network's units.
        public var digest: String
        public var count: Int
        /// What excites the unit most, and least; empty where the folder is only measured.
        public var strongest: [Photograph]
        public var weakest: [Photograph]

        public init(
            folder: String, digest: String, count: Int, strongest: [Photograph] = [], weakest: [Photograph] = []
        ) {
            (self.folder, self.digest, self.count) = (folder, digest, count)
            (self.strongest, self.weakest) = (strongest, weakest)
        }
    }

    public struct Photograph: Sendable, Equatable {
        /// Below the folder of photographs.
        public var path: String
        /// The unit's mean over its map.
        public var activation: Double
        /// A JPEG below the film's folder: the part of the photograph that the unit sees where it is strongest.
        public var file: String
        public var width: Int
        public var height: Int
        /// Where the activation is above half of its peak: closed lines of x and y in turn, as parts of the cut's width and
        /// height, 0...1.
        public var outline: [[Double]]

        public init(
            path: String, activation: Double, file: String, width: Int, height: Int, outline: [[Double]] = []
        ) {
            (self.path, self.activation, self.file) = (path, activation, file)
            (self.width, self.height, self.outline) = (width, height, outline)
        }
    }

    /// How much a unit speaks for a class: gradient times activation, summed over the places of its map, the mean over
    /// the pictures that excite it most.
    public struct ClassContribution: Sendable, Equatable {
        public var index: Int
        public var label: String?
        /// In the class's logits.
        public var contribution: Double

        public init(index: Int, label: String?, contribution: Double) {
            (self.index, self.label, self.contribution) = (index, label, contribution)
        }
    }
}

// MARK: - JSON

extension FilmRecord.Trust: Codable {
    private enum CodingKeys: CodingKey {
        case grade, worst, measures, notMeasured, evaluations, photographs, route, classes
    }

    /// Grade and reasons are those of this version's bounds, whatever the file says.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            measures: try container.decodeIfPresent(MeasuredValues.self, forKey: .measures) ?? [:],
            notMeasured: Dictionary(
                (try container.decodeIfPresent([String: String].self, forKey: .notMeasured) ?? [:]).sorted {
                    $0.key < $1.key
                }.prefix(100).map { ($0.key.cut(to: 100), $0.value.cut(to: 1000)) },
                uniquingKeysWith: { first, _ in first }),
            evaluations: min(
                max(try container.decodeIfPresent(Int.self, forKey: .evaluations) ?? 0, 0), 1_000_000_000_000),
            photographs: try container.decodeIfPresent(FilmRecord.Photographs.self, forKey: .photographs),
            route: (try container.decodeIfPresent([RouteEntry].self, forKey: .route) ?? []).prefix(1000).map {
                RouteEntry(layer: $0.layer, share: $0.share.sound ?? 0)
            },
            classes: Array(
                (try container.decodeIfPresent([FilmRecord.ClassContribution].self, forKey: .classes) ?? []).prefix(10))
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(grade, forKey: .grade)
        try container.encode(worst, forKey: .worst)
        try container.encode(measures, forKey: .measures)
        if !notMeasured.isEmpty { try container.encode(notMeasured, forKey: .notMeasured) }
        try container.encode(evaluations, forKey: .evaluations)
        try container.encodeIfPresent(photographs, forKey: .photographs)
        if !route.isEmpty { try container.encode(route, forKey: .route) }
        if !classes.isEmpty { try container.encode(classes, forKey: .classes) }
    }
}

extension FilmRecord.Photographs: Codable {
    private enum CodingKeys: CodingKey { case folder, digest, count, strongest, weakest }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func photographs(_ key: CodingKeys) throws -> [FilmRecord.Photograph] {
            Array((try container.decodeIfPresent([FilmRecord.Photograph].self, forKey: key) ?? []).prefix(64))
        }
        self.init(
            folder: (try container.decodeIfPresent(String.self, forKey: .folder) ?? "").cut(to: 1000),
            digest: (try container.decodeIfPresent(String.self, forKey: .digest) ?? "").cut(to: 100),
            count: max(try container.decodeIfPresent(Int.self, forKey: .count) ?? 0, 0),
            strongest: try photographs(.strongest), weakest: try photographs(.weakest))
    }
}

extension FilmRecord.Photograph: Codable {
    private enum CodingKeys: CodingKey { case path, activation, file, width, height, outline }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func side(_ key: CodingKeys) throws -> Int {
            min(max(try container.decodeIfPresent(Int.self, forKey: key) ?? 1, 1), 100_000)
        }
        self.init(
            path: (try container.decodeIfPresent(String.self, forKey: .path) ?? "").cut(to: 1000),
            activation: try container.decodeIfPresent(Double.self, forKey: .activation)?.sound ?? 0,
            file: (try container.decodeIfPresent(String.self, forKey: .file) ?? "").cut(to: 1000),
            width: try side(.width), height: try side(.height),
            outline: (try container.decodeIfPresent([[Double]].self, forKey: .outline) ?? []).prefix(256).map {
                $0.prefix(2048).map { min(max($0.sound ?? 0, -1), 2) }
            })
    }
}

extension FilmRecord.ClassContribution: Codable {
    private enum CodingKeys: CodingKey { case index, label, contribution }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            index: max(try container.decodeIfPresent(Int.self, forKey: .index) ?? 0, 0),
            label: try container.decodeIfPresent(String.self, forKey: .label)?.cut(to: 1000),
            contribution: try container.decodeIfPresent(Double.self, forKey: .contribution)?.sound ?? 0)
    }
}
