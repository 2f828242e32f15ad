import ConvNet
import FeatureVisualization
import JobManifest

/// The keys of a reel's stages: pure functions of its resolved job, the network and the engine.
struct StageKeys: Sendable {
    let reel: Reel
    /// SHA-256 of the network's files.
    let networkDigest: String
    /// The layers that measure the steps between frames, which spread them, by their own names: the card says them, and
    /// the digest does not tell.
    let perceptualLayers: [String]
    /// The layer whose features hold facets near their pictures, one of those; nil: the image itself.
    var nearnessLayer: String?

    /// What every stage of a reel depends on.
    private struct Ingredients<Own: Encodable>: Encodable {
        /// What is made, and how it is laid out in the file: a new layout gets a new name.
        let stage: String
        let engineRevision: String
        let network: String
        let layer: String
        /// Nil if the result does not depend on it.
        let unit: Int?
        let objective: ObjectiveSettings
        let image: ImageSettings
        let own: Own
    }

    /// What a picture adds to a key: its content, whatever its path.
    struct Picture: Encodable {
        let sha256: String
        /// What is seen through it; nil, and no part of the key, for a picture that hides all of it. It keeps results
        /// for a background apart from those of pictures whose alpha is left out.
        let background: String?

        init(digest: String, isTransparent: Bool) {
            sha256 = digest
            background = isTransparent ? "grey" : nil
        }
    }

    /// The key of an optimised facet, or of a set: its settings, what keys its random numbers, and the picture at which it
    /// starts.
    func facet(_ settings: FacetSettings, at place: Int, start: Picture? = nil) throws -> StageKey {
        struct Own: Encodable {
            let settings: FacetSettings
            let seed: UInt64
            let place: Int
            let robustSeed: UInt64
            /// Nil, and no part of the key, for a facet that starts at random noise.
            let start: Picture?
            /// Nil, and no part of the key, for a facet that is not held near its start; "" for the image itself.
            let nearnessLayer: String?
        }
        var unnamed = settings
        (unnamed.name, unnamed.seed) = ("", nil)
        (unnamed.from, unnamed.sha256) = (nil, nil)
        return try key(
            "facet with importance",
            Own(
                settings: unnamed, seed: settings.seed ?? reel.seed, place: place, robustSeed: ReelTask.robustSeed,
                start: start, nearnessLayer: settings.nearness == nil ? nil : nearnessLayer ?? ""))
    }

    /// The key of a facet that is made for the report of a film alone.
    func reportFacet(_ specification: FacetSpecification, seed: UInt64) throws -> StageKey {
        struct Own: Encodable {
            let specification: FacetSpecification
            let seed: UInt64
        }
        var unnamed = specification
        unnamed.name = ""
        return try key("facet of the report", Own(specification: unnamed, seed: seed))
    }

    /// The key of a facet that is a picture from elsewhere.
    func picture(_ picture: Picture, as parameterization: ParameterizationSettings = .pixel) throws -> StageKey {
        struct Own: Encodable {
            let sha256: String
            let robustSeed: UInt64
            let background: String?
            /// Nil, and no part of the key, for one that is taken as it is.
            let parameterization: ParameterizationSettings?
        }
        return try key(
            "image",
            Own(
                sha256: picture.sha256, robustSeed: ReelTask.robustSeed, background: picture.background,
                parameterization: parameterization == .pixel ? nil : parameterization))
    }

    /// The key of the path between two facets, which are given by references to their results. If the path has random
    /// transforms, they are keyed by its place and the reel's seed; otherwise neither is part of the key.
    func path(_ place: Int, between facets: [FacetReference]) throws -> StageKey {
        struct Own: Encodable {
            let neb: NEBSettings
            let facets: [FacetReference]
            let seed: UInt64?
            let place: Int?
            let robustSeed: UInt64
            let perceptualLayers: [String]
        }
        let isRandom = reel.neb.transforms != nil
        return try key(
            "path",
            Own(
                neb: reel.neb, facets: facets, seed: isRandom ? reel.seed : nil, place: isRandom ? place : nil,
                robustSeed: ReelTask.robustSeed, perceptualLayers: perceptualLayers))
    }

    private func key(_ stage: String, _ own: some Encodable) throws -> StageKey {
        try StageKey(
            of: Ingredients(
                stage: stage, engineRevision: Network.engineRevision, network: networkDigest, layer: reel.layer,
                unit: reel.objective.kind == .position ? nil : reel.unit, objective: reel.objective,
                image: reel.image, own: own))
    }
}

/// A facet as a later stage knows it.
struct FacetReference: Encodable, Sendable {
    /// The key of the stage that made it.
    let key: String
    /// Its index in a set.
    let member: Int
}
