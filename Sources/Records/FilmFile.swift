import Foundation

/// The contents of a `film.json`, which may come from anybody. Every key may be missing, but a value of the wrong kind
/// makes the file unreadable.
///
/// The resolved job is read as a `Job`; `UnreadJob` skips it.
public struct FilmFile<Job: Decodable & Sendable>: Sendable {
    public var job: Job?
    public var network: Network?
    /// The label of the unit's class.
    public var label: String?
    public var depth: Depth?
    public var digests: Digests?
    public var engineRevision: String?
    /// The activation of a flat grey image; films of earlier versions, whose ratios count from zero, have none.
    public var baseline: Double?
    public var outputs: [FilmRecord.Output]?
    /// Films of earlier versions have none.
    public var verdict: FilmRecord.Verdict?
    /// Films of earlier versions have none.
    public var trust: FilmRecord.Trust?
    // The others are nil also where they were not asked for.
    public var frames: [FilmFrame]?
    public var facets: [Facet]?
    public var bands: [Band]?
    public var seeds: Seeds?
    public var timing: Timing?

    /// The parts that take time to read and are not always needed.
    public struct Parts: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Most of the file.
        public static var frames: Parts { Parts(rawValue: 1) }
        public static var facets: Parts { Parts(rawValue: 2) }
        public static var bands: Parts { Parts(rawValue: 4) }
        /// Seeds and timing.
        public static var run: Parts { Parts(rawValue: 8) }
        public static var all: Parts { [.frames, .facets, .bands, .run] }
    }

    /// - Parameter data: the bytes of a film.json.
    /// - Throws: `DecodingError`
    public init(_ data: Data, with parts: Parts) throws {
        self = try JSONDecoder().decode(FilmFile.self, from: data, configuration: parts)
    }

    /// As in `FilmRecord`.
    public struct Network: Decodable, Sendable {
        public var name: String?
        public var file: String?
        public var digest: String?
        public var perceptualLayers: [String]?
    }

    public struct Depth: Decodable, Sendable {
        public var place: Int?
        public var stage: String?
        public var receptiveField: Int?
    }

    /// SHA-256 of the network; films of earlier versions have it among the digests.
    public var networkDigest: String? { network?.digest ?? digests?.weights }

    public struct Seeds: Decodable, Sendable {
        public var job: UInt64?
        public var robustActivation: UInt64?
    }

    public struct Digests: Decodable, Sendable {
        /// In films of earlier versions: of the network.
        public var weights: String?
        public var job: String?
    }

    public struct Timing: Decodable, Sendable {
        public var total: Double?
        public var workers: Int?
    }

    public struct Facet: Sendable {
        public var name: String?
        public var measures: MeasuredValues
        public var evaluations: Int?
        public var diversity: Diversity?
        public var source: Source?

        public struct Diversity: Decodable, Sendable {
            public var weight: Double?
            public var likeness: Double?
        }

        public struct Source: Decodable, Sendable {
            public var path: String?
            public var sha256: String?
        }
    }

    public struct Band: Sendable {
        public var pivots: Int?
        public var steps: Int?
        public var evaluations: Int?
        public var stop: String?
        public var minimumActivation: Double?
        public var lowerEndActivation: Double?
        public var lowestFrameReason: String?
        public var measures: MeasuredValues
    }
}

/// A frame in a `FilmFile`. Not a part of that type: a film has hundreds of them, and generic decoding is slower.
public struct FilmFrame: Decodable, Sendable {
    public var index: Int?
    public var path: Int?
    public var activation: Double?
    public var facet: String?
}

/// Stands for the job if nobody looks at it.
public struct UnreadJob: Decodable, Sendable {}

extension FilmFile: DecodableWithConfiguration {
    private enum CodingKeys: String, CodingKey {
        case job, network, depth, seeds, digests, engineRevision, baseline, frames, facets, bands, outputs, timing,
            verdict, trust
        case label = "class"
    }

    public init(from decoder: any Decoder, configuration parts: Parts) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        job = try container.decodeIfPresent(Job.self, forKey: .job)
        if parts.contains(.run) { seeds = try container.decodeIfPresent(Seeds.self, forKey: .seeds) }
        network = try container.decodeIfPresent(Network.self, forKey: .network)
        label = try container.decodeIfPresent(String.self, forKey: .label)
        depth = try container.decodeIfPresent(Depth.self, forKey: .depth)
        digests = try container.decodeIfPresent(Digests.self, forKey: .digests)
        engineRevision = try container.decodeIfPresent(String.self, forKey: .engineRevision)
        baseline = try container.decodeIfPresent(Double.self, forKey: .baseline)?.sound
        if parts.contains(.frames) { frames = try container.decodeIfPresent([FilmFrame].self, forKey: .frames) }
        if parts.contains(.facets) { facets = try container.decodeIfPresent([Facet].self, forKey: .facets) }
        if parts.contains(.bands) { bands = try container.decodeIfPresent([Band].self, forKey: .bands) }
        outputs = try container.decodeIfPresent([FilmRecord.Output].self, forKey: .outputs)
        verdict = try container.decodeIfPresent(FilmRecord.Verdict.self, forKey: .verdict)
        trust = try container.decodeIfPresent(FilmRecord.Trust.self, forKey: .trust)
        if parts.contains(.run) { timing = try container.decodeIfPresent(Timing.self, forKey: .timing) }
    }
}

extension FilmFile.Facet: Decodable {
    private enum CodingKeys: CodingKey { case name, evaluations, diversity, source }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        measures = try MeasuredValues(Measure.ofFacets, from: decoder)
        evaluations = try container.decodeIfPresent(Int.self, forKey: .evaluations)
        diversity = try container.decodeIfPresent(Diversity.self, forKey: .diversity)
        source = try container.decodeIfPresent(Source.self, forKey: .source)
    }
}

extension FilmFile.Band: Decodable {
    private enum CodingKeys: CodingKey {
        case pivots, steps, evaluations, stop, minimumActivation, lowerEndActivation, lowestFrameReason
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pivots = try container.decodeIfPresent(Int.self, forKey: .pivots)
        steps = try container.decodeIfPresent(Int.self, forKey: .steps)
        evaluations = try container.decodeIfPresent(Int.self, forKey: .evaluations)
        stop = try container.decodeIfPresent(String.self, forKey: .stop)
        minimumActivation = try container.decodeIfPresent(Double.self, forKey: .minimumActivation)
        lowerEndActivation = try container.decodeIfPresent(Double.self, forKey: .lowerEndActivation)
        lowestFrameReason = try container.decodeIfPresent(String.self, forKey: .lowestFrameReason)
        measures = try MeasuredValues(Measure.ofPaths, from: decoder)
    }
}
