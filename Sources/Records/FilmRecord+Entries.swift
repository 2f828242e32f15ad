extension FilmRecord {
    public struct FacetEntry: Codable, Sendable, Equatable {
        public var name: String
        public var activation: Double
        /// Mean activation under a fixed set of random transforms.
        public var robustActivation: Double
        public var steps: Int
        public var evaluations: Int
        /// Only for a facet of a diverse set.
        public var diversity: Diversity?
        /// Only for a facet that is a file.
        public var source: Source?
        /// "held" where the mean colour was held at mid grey since it would have become dark or bright, "feature" where
        /// it was not although it did, since it is what the unit responds to.
        public var meanColor: MeanColor?

        public enum MeanColor: String, Codable, Sendable {
            case held, feature
        }

        public init(
            name: String, activation: Double, robustActivation: Double, steps: Int, evaluations: Int,
            diversity: Diversity? = nil, source: Source? = nil, meanColor: MeanColor? = nil
        ) {
            self.name = name
            self.activation = activation
            self.robustActivation = robustActivation
            self.steps = steps
            self.evaluations = evaluations
            self.diversity = diversity
            self.source = source
            self.meanColor = meanColor
        }

        /// The effect of keeping away from the other facets of the set.
        public struct Diversity: Codable, Sendable, Equatable {
            /// Beta at the end, which may have become smaller; 0 for the first facet of the set, which is free.
            public var weight: Double
            /// Mean cosine of the facet's Gram matrix with the others'.
            public var likeness: Double
            /// The activation of the free facet, that is, without the diversity term.
            public var activationWithout: Double
            /// Whether it was lost on the way, and began anew as a noisy copy of the first; only then in film.json.
            public var isRestarted: Bool?

            public init(weight: Double, likeness: Double, activationWithout: Double, isRestarted: Bool = false) {
                self.isRestarted = isRestarted ? true : nil
                self.weight = weight
                self.likeness = likeness
                self.activationWithout = activationWithout
            }
        }

        /// The picture that the facet is, or that its optimisation started at, as it was read.
        public struct Source: Codable, Sendable, Equatable {
            /// Only the file's name, with as many folders as tell it from the film's other pictures, so that a film is the
            /// same wherever its manifest lies.
            public var path: String
            public var sha256: String

            public init(path: String, sha256: String) {
                self.path = path
                self.sha256 = sha256
            }
        }
    }

    /// One path and its measures (METHODS "Measures every film reports"). A ratio is null if the ends are too near
    /// zero, or below it, for a ratio to mean anything.
    public struct BandEntry: Sendable, Equatable {
        /// The number of pivots between the two facets in the last run of the band.
        public var pivots: Int
        /// Steps of each level, and of all of them.
        public var levelSteps: [Int]
        public var steps: Int
        public var refinementSteps: Int
        /// Images evaluated for the path and its frames, and those of them with gradient (which cost two to three times
        /// as much).
        public var evaluations: Int
        public var gradientEvaluations: Int
        /// How often the perceptual steps between the frames were measured; the last time for the frames of the film.
        public var timingRounds: Int
        /// Why the band ended; where it was refined, why the refinement ended.
        public var stop: String
        public var refinementStop: String?
        /// The lowest activation of all frames, and the lower activation of the two facets.
        public var minimumActivation: Double
        public var lowerEndActivation: Double
        /// The values of all measures of paths.
        public var measures: MeasuredValues
        /// The frame of the film at the lowest place of the path under its transforms. The lowest plain activation may
        /// be some frames away from it. Null if the place was not looked for, or if the path has none between its
        /// facets.
        public var lowestFrame: Int?
        /// Why there is no lowest frame although it was looked for; only then in film.json.
        public var lowestFrameReason: String?

        public init(
            pivots: Int, levelSteps: [Int] = [], steps: Int, refinementSteps: Int, evaluations: Int,
            gradientEvaluations: Int = 0, timingRounds: Int = 1, stop: String, refinementStop: String?,
            minimumActivation: Double, lowerEndActivation: Double, measures: MeasuredValues
        ) {
            self.pivots = pivots
            self.levelSteps = levelSteps
            self.steps = steps
            self.refinementSteps = refinementSteps
            self.evaluations = evaluations
            self.gradientEvaluations = gradientEvaluations
            self.timingRounds = timingRounds
            self.stop = stop
            self.refinementStop = refinementStop
            self.minimumActivation = minimumActivation
            self.lowerEndActivation = lowerEndActivation
            self.measures = measures
        }
    }
}

extension FilmRecord.BandEntry: Codable {
    private enum CodingKeys: CodingKey {
        case pivots, levelSteps, steps, refinementSteps, evaluations, gradientEvaluations, timingRounds
        case stop, refinementStop, minimumActivation, lowerEndActivation, lowestFrame, lowestFrameReason
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pivots = try container.decode(Int.self, forKey: .pivots)
        levelSteps = try container.decode([Int].self, forKey: .levelSteps)
        steps = try container.decode(Int.self, forKey: .steps)
        refinementSteps = try container.decode(Int.self, forKey: .refinementSteps)
        evaluations = try container.decode(Int.self, forKey: .evaluations)
        gradientEvaluations = try container.decode(Int.self, forKey: .gradientEvaluations)
        timingRounds = try container.decode(Int.self, forKey: .timingRounds)
        stop = try container.decode(String.self, forKey: .stop)
        refinementStop = try container.decodeIfPresent(String.self, forKey: .refinementStop)
        minimumActivation = try container.decode(Double.self, forKey: .minimumActivation)
        lowerEndActivation = try container.decode(Double.self, forKey: .lowerEndActivation)
        measures = try MeasuredValues(Measure.ofPaths, from: decoder)
        lowestFrame = try container.decodeIfPresent(Int.self, forKey: .lowestFrame)
        lowestFrameReason = try container.decodeIfPresent(String.self, forKey: .lowestFrameReason)
    }

    /// Writes null for what is not known, so that every band has the same keys, but for the reason.
    public func encode(to encoder: any Encoder) throws {
        try measures.encode(Measure.ofPaths, to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pivots, forKey: .pivots)
        try container.encode(levelSteps, forKey: .levelSteps)
        try container.encode(steps, forKey: .steps)
        try container.encode(refinementSteps, forKey: .refinementSteps)
        try container.encode(evaluations, forKey: .evaluations)
        try container.encode(gradientEvaluations, forKey: .gradientEvaluations)
        try container.encode(timingRounds, forKey: .timingRounds)
        try container.encode(stop, forKey: .stop)
        try container.encode(refinementStop, forKey: .refinementStop)
        try container.encode(minimumActivation, forKey: .minimumActivation)
        try container.encode(lowerEndActivation, forKey: .lowerEndActivation)
        try container.encode(lowestFrame, forKey: .lowestFrame)
        try container.encodeIfPresent(lowestFrameReason, forKey: .lowestFrameReason)
    }
}
