import FeatureVisualization
import Film
import JobManifest
import Networks
import Pipeline

/// How much work a reel is, counted from its resolved job alone.
///
/// Facets, and bands that take all their steps, are counted exactly. For bands that may stop earlier, it expects the
/// share of the steps that such bands have taken (`expectedShare`).
struct ReelWork: Sendable, Equatable {
    /// Images through the network to the layer and back.
    var gradients = 0.0
    /// Those that only go forward.
    var forwards = 0.0
    /// Those that go forward to the deepest layer of the perceptual distance.
    var features = 0.0
    /// Pixels of all frames of the film.
    var filmPixels = 0.0

    /// - Parameter layer: the reel's.
    init(_ reel: Reel, in layer: Layer) {
        addFacets(of: reel)
        let facetCount = reel.facets.reduce(0) { $0 + $1.count }
        for _ in 0..<max(facetCount - 1, 0) { addPath(of: reel, in: layer) }
        let between = (reel.neb.pivots + 1) * (reel.neb.interpolations + 1)
        let frameCount = max(facetCount - 1, 0) * between + 1
        let pixels =
            reel.video.graph ? FilmLayout.width * FilmLayout.height : reel.image.width * reel.image.height
        filmPixels = Double(frameCount * pixels)
        if reel.trust { addReport(of: reel, facetCount: facetCount) }
    }

    /// The report of how far the film can be trusted. Facets of other units are shared by all films of a layer, and the
    /// photographs themselves by all of a network: they are not counted.
    private mutating func addReport(of reel: Reel, facetCount: Int) {
        if let recipe = (reel.facets.first { $0.picture == nil } ?? reel.facets.first { $0.image == nil }) {
            gradients += 2 * Double(max(1, recipe.steps / ReportCost.stepShare))
        }
        gradients += 3
        // What the facets survive; then all images as far as the last layer with places, about as deep as the perceptual
        // distance looks.
        forwards += Double(3 * facetCount)
        features += Double(facetCount + 3)
        guard reel.pictures != nil else { return }
        features += Double(2 * max(facetCount - 1, 0))
        forwards += Self.photographImages
    }

    /// Photographs that are cut, and parts of them that are covered.
    private static let photographImages = 75.0

    private mutating func addFacets(of reel: Reel) {
        for facet in reel.facets {
            if facet.image == nil {
                // Of guarded means, some are asked about with one more facet.
                let asked = facet.meanColor == .guarded ? Self.askedShare : 0
                gradients += (Double(facet.count) + asked) * Double(facet.steps)
                // Of a facet that is held near a picture, each step sees that as well.
                if facet.nearness != nil { forwards += Double(facet.steps) }
            }
            // The final image, plain and under each transform of the robust activation.
            forwards += Double(facet.count * (1 + RobustActivation.standardCount))
        }
    }

    private mutating func addPath(of reel: Reel, in layer: Layer) {
        let neb = reel.neb
        let share = Self.expectedShare(of: reel, in: layer)
        let transforms = neb.transforms == nil ? 1 : neb.transformsPerStep
        let movableShare = neb.stepControl ? Self.movableShare : 1
        for pivots in neb.levels + [neb.pivots] {
            let steps = share * Double(neb.steps)
            gradients += movableShare * steps * Double(pivots * transforms)
            forwards += (1 - movableShare) * steps * Double(pivots * transforms)
            // The ends, which transforms change at every step.
            if neb.transforms != nil { forwards += steps * Double(2 * transforms) }
        }
        gradients += Double(neb.climbingSteps * neb.pivots * transforms)
        let between = (neb.pivots + 1) * (neb.interpolations + 1) - 1
        if neb.refinementSteps > 0 { gradients += Self.refinementShare * Double(neb.refinementSteps * between) }
        features += (neb.retiming ? Self.retimingRounds : 1) * Double(between + 2)
        // Each frame once, then the measures of as many as there are pivots.
        forwards += Double(between + (neb.pivots + 2) * (2 + RobustActivation.standardCount))
    }

    /// What bands evaluate, as a share of their levels' steps, by what stops them. Measured over 294 paths of 98 random
    /// units with the standard preset, further steps included: 1.3 where maps are finer than 7 x 7 pixels, 2.0 in the
    /// others (and taken for logits), whose units see parts of objects, 1.5 where facets were shown in parts.
    private static func expectedShare(of reel: Reel, in layer: Layer) -> Double {
        switch reel.neb.stop {
        case .stepLimit: return 1
        case .settled where reel.neb.extraSteps > 0:
            guard layer.stride >= 32 || layer.isLogits else { return 1.3 }
            return reel.facets.contains { $0.transforms?.hasViews == true } ? 1.5 : 2
        case .settled: return 0.9
        case .reachedEnds: return 0.035
        }
    }

    /// Of the pivots, those that step control does not hold where they are: the others are evaluated without gradient.
    private static let movableShare = 0.65
    /// Measured, what follows included.
    private static let askedShare = 0.12
    /// Most bands of the thesis are not refined.
    private static let refinementShare = 0.02
    /// Measured: two to six, and once more after further steps.
    private static let retimingRounds = 2.3
}
