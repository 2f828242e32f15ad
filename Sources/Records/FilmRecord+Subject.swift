extension FilmRecord {
    /// What a film is of, apart from its job: said in the record, so that pages need no network.
    public struct Subject: Sendable, Equatable {
        public var network: Network
        /// The label of the class that the unit stands for; nil if it has none.
        public var label: String?
        /// Nil for a layer that the network does not have.
        public var depth: Depth?

        public init(network: Network, label: String?, depth: Depth?) {
            self.network = network
            self.label = label
            self.depth = depth
        }
    }

    public struct Network: Codable, Sendable, Equatable {
        /// As its card calls it.
        public var name: String
        /// The name by which the manifest asks for it, or its file's; without folders.
        public var file: String
        /// SHA-256 of everything that decides what it computes, in hexadecimal.
        public var digest: String
        /// The layers between whose outputs the film's perceptual steps were measured, by their own names.
        public var perceptualLayers: [String]

        public init(name: String, file: String, digest: String, perceptualLayers: [String]) {
            self.name = name
            self.file = file
            self.digest = digest
            self.perceptualLayers = perceptualLayers
        }
    }

    /// How deep in the network a layer lies.
    public struct Depth: Codable, Sendable, Equatable {
        /// The layer's place among the network's layers, counted from 0 at the image.
        public var place: Int
        /// What its units typically respond to.
        public var stage: String
        /// The side of the part of the image that one place of its map sees, in pixels; nil if it sees all of it.
        public var receptiveField: Int?

        public init(place: Int, stage: String, receptiveField: Int? = nil) {
            self.place = place
            self.stage = stage
            self.receptiveField = receptiveField
        }
    }
}

extension FilmRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case network, depth, seeds, digests, engineRevision, baseline, frames, facets, bands, verdict, trust
        case outputs, timing
        case label = "class"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            subject: Subject(
                network: try container.decode(Network.self, forKey: .network),
                label: try container.decodeIfPresent(String.self, forKey: .label),
                depth: try container.decodeIfPresent(Depth.self, forKey: .depth)),
            seeds: try container.decode(Seeds.self, forKey: .seeds),
            digests: try container.decode(Digests.self, forKey: .digests),
            engineRevision: try container.decode(String.self, forKey: .engineRevision),
            baseline: try container.decodeIfPresent(Double.self, forKey: .baseline) ?? 0,
            frames: try container.decode([Frame].self, forKey: .frames),
            facets: try container.decode([FacetEntry].self, forKey: .facets),
            bands: try container.decode([BandEntry].self, forKey: .bands),
            verdict: try container.decodeIfPresent(Verdict.self, forKey: .verdict),
            trust: try container.decodeIfPresent(Trust.self, forKey: .trust),
            outputs: try container.decode([Output].self, forKey: .outputs),
            timing: try container.decode(Timing.self, forKey: .timing))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subject.network, forKey: .network)
        try container.encodeIfPresent(subject.label, forKey: .label)
        try container.encodeIfPresent(subject.depth, forKey: .depth)
        try container.encode(seeds, forKey: .seeds)
        try container.encode(digests, forKey: .digests)
        try container.encode(engineRevision, forKey: .engineRevision)
        try container.encode(baseline, forKey: .baseline)
        try container.encode(frames, forKey: .frames)
        try container.encode(facets, forKey: .facets)
        try container.encode(bands, forKey: .bands)
        try container.encodeIfPresent(verdict, forKey: .verdict)
        try container.encodeIfPresent(trust, forKey: .trust)
        try container.encode(outputs, forKey: .outputs)
        try container.encode(timing, forKey: .timing)
    }
}
