import Disk
import Foundation

/// What `film.json` says about one film, apart from its job. Everything but `timing` is a pure function of the
/// manifest, the network and the engine's revision. `FilmFile` reads it.
public struct FilmRecord: Sendable, Equatable {
    /// The name of the file in the film's folder.
    public static let fileName = "film.json"

    public var subject: Subject
    public var seeds: Seeds
    public var digests: Digests
    public var engineRevision: String
    /// The activation of a flat grey image, from which every ratio counts.
    public var baseline: Double
    public var frames: [Frame]
    public var facets: [FacetEntry]
    public var bands: [BandEntry]
    /// Nil only in films of earlier versions.
    public var verdict: Verdict?
    /// Nil in films of earlier versions, and where the manifest wants no report.
    public var trust: Trust?
    /// The other files of the reel's folder.
    public var outputs: [Output]
    public var timing: Timing

    public init(
        subject: Subject, seeds: Seeds, digests: Digests, engineRevision: String, baseline: Double = 0,
        frames: [Frame], facets: [FacetEntry], bands: [BandEntry], verdict: Verdict?, trust: Trust? = nil,
        outputs: [Output] = [], timing: Timing
    ) {
        self.subject = subject
        self.seeds = seeds
        self.digests = digests
        self.engineRevision = engineRevision
        self.baseline = baseline
        self.frames = frames
        self.facets = facets
        self.bands = bands
        self.verdict = verdict
        self.trust = trust
        self.outputs = outputs
        self.timing = timing
    }

    /// Pretty, with sorted keys.
    ///
    /// - Parameter job: the fully resolved job of the film's reel.
    /// - Throws: where a number is not finite.
    public func json(job: some Encodable) throws -> Data {
        try Document(job: job, record: self).stableJSON(isIndented: true) + Data("\n".utf8)
    }

    /// The job stands among the record's keys.
    private struct Document<Job: Encodable>: Encodable {
        let job: Job
        let record: FilmRecord

        enum CodingKeys: CodingKey { case job }

        func encode(to encoder: any Encoder) throws {
            try record.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(job, forKey: .job)
        }
    }
}

extension FilmRecord {
    /// A file as it was written.
    public struct Output: Codable, Sendable, Equatable {
        /// Relative to the reel's folder.
        public var path: String
        public var bytes: Int
        public var sha256: String

        public init(path: String, bytes: Int, sha256: String) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    public struct Seeds: Codable, Sendable, Equatable {
        /// The seed from which facets draw their start and their transforms, each with its own index.
        public var job: UInt64
        /// The seed of the transforms under which robust activations are measured.
        public var robustActivation: UInt64

        public init(job: UInt64, robustActivation: UInt64) {
            self.job = job
            self.robustActivation = robustActivation
        }
    }

    /// SHA-256, in hexadecimal. The network's is among what is said of it.
    public struct Digests: Codable, Sendable, Equatable {
        /// The digest of the resolved job in canonical form, with only the names of pictures.
        public var job: String

        public init(job: String) {
            self.job = job
        }
    }

    public struct Frame: Codable, Sendable, Equatable {
        public var index: Int
        /// The number of the path in which the frame lies: 0 is the path from the first facet to the second.
        public var path: Int
        /// The frame's place along the path: 0 at its first facet, 1 at its second.
        public var position: Double
        public var activation: Double
        /// The facet that this frame shows.
        public var facet: String?

        public init(index: Int, path: Int, position: Double, activation: Double, facet: String?) {
            self.index = index
            self.path = path
            self.position = position
            self.activation = activation
            self.facet = facet
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(index, forKey: .index)
            try container.encode(path, forKey: .path)
            try container.encode(position, forKey: .position)
            try container.encode(activation, forKey: .activation)
            // Written as null between facets, so that the key is always there.
            try container.encode(facet, forKey: .facet)
        }
    }

    /// Wall time in seconds in the run that wrote the film; results from the cache take almost none. Only this part
    /// differs from run to run.
    public struct Timing: Codable, Sendable, Equatable {
        public var facets: Double
        /// The paths between the facets with their frames and measures.
        public var bands: Double
        public var film: Double
        /// The report; nil without one.
        public var trust: Double?
        public var total: Double
        public var workers: Int

        public init(
            facets: Double, bands: Double, film: Double, trust: Double? = nil, total: Double, workers: Int
        ) {
            self.trust = trust
            self.facets = facets
            self.bands = bands
            self.film = film
            self.total = total
            self.workers = workers
        }
    }
}
