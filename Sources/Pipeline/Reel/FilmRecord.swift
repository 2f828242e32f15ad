import Foundation
import JobManifest

/// What `film.json` says about one film. Everything but `timing` is a pure function of the manifest, the weights and
/// the engine's revision.
public struct FilmRecord: Codable, Sendable, Equatable {
    /// The fully resolved job of this reel.
    public var job: Reel
    public var seeds: Seeds
    public var digests: Digests
    public var engineRevision: String
    public var frames: [Frame]
    public var facets: [FacetEntry]
    public var bands: [BandEntry]
    /// The other files of the reel's folder.
    public var outputs: [Output] = []
    public var timing: Timing

    /// A file as it was written.
    public struct Output: Codable, Sendable, Equatable {
        /// Relative to the reel's folder.
        public var path: String
        public var bytes: Int
        public var sha256: String
    }

    public struct Seeds: Codable, Sendable, Equatable {
        /// Facets draw their start and their transforms from it, each under its index.
        public var job: UInt64
        /// The transforms under which robust activations are measured.
        public var robustActivation: UInt64
    }

    /// SHA-256, in hexadecimal.
    public struct Digests: Codable, Sendable, Equatable {
        public var weights: String
        /// Of `job` in canonical form (`Reel.canonicalJSON`), pictures by their names (`Reel.portable`).
        public var job: String

        public init(weights: String, job: String) {
            (self.weights, self.job) = (weights, job)
        }
    }

    public struct Frame: Codable, Sendable, Equatable {
        public var index: Int
        /// Between which two facets: 0 is the path from the first to the second.
        public var path: Int
        /// Along the path, 0 at its first facet and 1 at its second.
        public var position: Double
        public var activation: Double
        /// The facet that this frame shows.
        public var facet: String?

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(index, forKey: .index)
            try container.encode(path, forKey: .path)
            try container.encode(position, forKey: .position)
            try container.encode(activation, forKey: .activation)
            // Present and null between facets: readers need not ask whether the key is there.
            try container.encode(facet, forKey: .facet)
        }
    }

    public struct FacetEntry: Codable, Sendable, Equatable {
        public var name: String
        public var activation: Double
        /// Mean activation under a fixed set of random transforms.
        public var robustActivation: Double
        public var steps: Int
        public var evaluations: Int
        /// Of a facet of a diverse set alone.
        public var diversity: Diversity?
        /// Of a facet that is a file alone.
        public var source: Source?

        /// What keeping away from the set's other facets did.
        public struct Diversity: Codable, Sendable, Equatable {
            /// Beta at the end, as far as it had to give way; 0 of the set's first facet, which is free.
            public var weight: Double
            /// Mean cosine of the facet's Gram matrix with the others'.
            public var likeness: Double
            /// What the free facet reached: the activation without the term.
            public var activationWithout: Double
        }

        /// The picture as it was read.
        public struct Source: Codable, Sendable, Equatable {
            /// Its name alone: a film is the same wherever its manifest lies.
            public var path: String
            public var sha256: String
        }
    }

    /// One path and what it is worth (METHODS "Measures every film reports"). A ratio is null where the ends are too
    /// near zero, or below it, for a ratio to mean anything.
    public struct BandEntry: Sendable, Equatable {
        /// Inner pivots at the end.
        public var pivots: Int
        /// Steps of each level, and of all of them.
        public var levelSteps: [Int] = []
        public var steps: Int
        public var refinementSteps: Int
        /// Images evaluated for the path and its frames, and those of them with gradient (which cost two to three times
        /// as much).
        public var evaluations: Int
        public var gradientEvaluations: Int = 0
        /// How often the frames' perceptual steps were measured, the last time as they are.
        public var timingRounds: Int = 1
        /// Why the band ended; where it was refined, why the refinement ended.
        public var stop: String
        public var refinementStop: String?
        /// The lowest activation of all frames, and the lower one of the two ends'.
        public var minimumActivation: Double
        public var lowerEndActivation: Double
        /// Their ratio.
        public var minimumRatio: Double?
        /// Activation under transforms relative to the line between the ends': the lowest, and the mean.
        public var robustMinimum: Double?
        public var robustMean: Double?
        /// Standard deviation of the pixels relative to the line between the ends', the lowest.
        public var contrastMinimum: Double?
        /// Total variation relative to the line between the ends', the lowest and the highest.
        public var totalVariationMinimum: Double?
        public var totalVariationMaximum: Double?
        /// Longest over shortest perceptual step from frame to frame, and standard deviation over mean.
        public var featureStepRatio: Double?
        public var featureStepVariation: Double?
        public var flicker: Double?
        /// Activation after a gaussian blur of 1 pixel, and after JPEG of quality 75, relative to the line between the
        /// ends', the lowest: measures that no objective knows.
        public var blurMinimum: Double?
        public var jpegMinimum: Double?
        /// The film's frame at the path's lowest place as its transforms see it, which may be frames from that of the lowest
        /// plain activation; null where it was not looked for.
        public var lowestFrame: Int?
    }

    /// Seconds on the clock in the run that wrote the film, to which what came from the cache adds next to nothing; the
    /// only part that differs from run to run.
    public struct Timing: Codable, Sendable, Equatable {
        public var facets: Double
        /// The paths between the facets with their frames and measures.
        public var bands: Double
        public var film: Double
        public var total: Double
        public var workers: Int
    }

    /// Pretty, with sorted keys; throws where a number is not finite.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

extension FilmRecord.BandEntry: Codable {
    private enum CodingKeys: String, CodingKey {
        case pivots, levelSteps, steps, refinementSteps, evaluations, gradientEvaluations, timingRounds
        case stop, refinementStop, minimumActivation, lowerEndActivation, minimumRatio
        case robustMinimum, robustMean, contrastMinimum, totalVariationMinimum, totalVariationMaximum
        case featureStepRatio, featureStepVariation, flicker, blurMinimum, jpegMinimum, lowestFrame
    }

    /// Writes null for what could not be measured, so that every band has the same keys.
    public func encode(to encoder: any Encoder) throws {
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
        try container.encode(minimumRatio, forKey: .minimumRatio)
        try container.encode(robustMinimum, forKey: .robustMinimum)
        try container.encode(robustMean, forKey: .robustMean)
        try container.encode(contrastMinimum, forKey: .contrastMinimum)
        try container.encode(totalVariationMinimum, forKey: .totalVariationMinimum)
        try container.encode(totalVariationMaximum, forKey: .totalVariationMaximum)
        try container.encode(featureStepRatio, forKey: .featureStepRatio)
        try container.encode(featureStepVariation, forKey: .featureStepVariation)
        try container.encode(flicker, forKey: .flicker)
        try container.encode(blurMinimum, forKey: .blurMinimum)
        try container.encode(jpegMinimum, forKey: .jpegMinimum)
        try container.encode(lowestFrame, forKey: .lowestFrame)
    }
}
