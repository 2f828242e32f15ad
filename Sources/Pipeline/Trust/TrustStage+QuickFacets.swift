import ConvNet
import FeatureVisualization
import JobManifest
import Records
import Trust

/// What forecasts know of reports.
public enum ReportCost {
    /// A facet of the report has the recipe's steps divided by this.
    public static let stepShare = 5
}

/// Facets that are made for the report alone, with few steps.
struct QuickFacets {
    /// Whether any facet of the film was optimised.
    var hasRecipe = false
    /// The film's first recipe, from another seed; nil where there is no recipe, or the unit is dead there.
    var otherSeed: Image?
    /// Only the phases were free; nil as above.
    var phases: Image?
    /// Of other units of the layer; only where there are photographs.
    var otherUnits: [Image] = []
    var evaluations = 0
}

extension TrustStage {
    /// What is added to the reel's seed.
    private static let otherSeed: UInt64 = 0x5851_F42D_4C95_7F2D
    /// Steps of facets of other units, which all films of a layer share.
    private static let otherUnitSteps = 48
    private static let otherUnitCount = 3
    /// Turns phases about as fast as other facets change.
    private static let phaseRate = 0.1

    /// Makes all of them, several at a time if workers are free. What cannot be made, since the unit is dead there, is
    /// left out: the film is there without it.
    func quickFacets(on worker: Worker) throws -> QuickFacets {
        var plans: [Plan] = []
        // Rather a recipe that starts at noise than one that starts at a picture.
        let recipe = reel.facets.first { $0.picture == nil } ?? reel.facets.first { $0.image == nil }
        if let recipe {
            var specification = FacetSpecification(recipe, isGrey: network.seesGrey)
            (specification.nearness, specification.until) = (nil, nil)
            specification.steps = max(1, recipe.steps / ReportCost.stepShare)
            let seed = reel.seed &+ Self.otherSeed
            plans.append(Plan(specification: specification, reel: reel, seed: seed))
            plans.append(Plan(specification: phases(specification), reel: reel, seed: seed))
        }
        let ownCount = plans.count
        if isHeldAgainstPhotographs {
            let specification = FacetSpecification(
                name: "other unit", parameterization: .fourier, steps: Self.otherUnitSteps, transforms: .lucid,
                isGrey: network.seesGrey)
            for unit in otherUnits {
                var other = reel
                (other.unit, other.objective, other.seed) = (unit, .channel, 0)
                plans.append(Plan(specification: specification, reel: other, seed: 0))
            }
        }
        let images = try pool.parallel(plans.count, on: worker) { [plans] index, worker -> Image? in
            do { return try quickFacet(plans[index], on: worker) } catch is FacetError { return nil }
        }
        var facets = QuickFacets(hasRecipe: recipe != nil)
        if recipe != nil { (facets.otherSeed, facets.phases) = (images[0], images[1]) }
        facets.otherUnits = images.dropFirst(ownCount).compactMap(\.self)
        facets.evaluations = plans.reduce(0) { $0 + $1.specification.steps + 1 }
        return facets
    }

    /// A facet to be made.
    private struct Plan: Sendable {
        var specification: FacetSpecification
        var reel: Reel
        var seed: UInt64
    }

    /// Whether the photographs say anything of the film.
    var isHeldAgainstPhotographs: Bool { reasonAgainstPhotographs == nil }

    /// Whether the film is of the mean of one unit, which is known of photographs.
    var isChannel: Bool { reel.objective == .channel }

    private func phases(_ recipe: FacetSpecification) -> FacetSpecification {
        FacetSpecification(
            name: recipe.name, parameterization: .phases, steps: recipe.steps, learningRate: Self.phaseRate,
            transforms: recipe.transforms ?? .lucid, isGrey: recipe.isGrey)
    }

    /// Some units of the layer, the same for all films of it, but for the film's own.
    private var otherUnits: [Int] {
        guard let count = network.description.layer(reel.layer)?.unitCount else { return [] }
        var units: [Int] = []
        for index in 0..<64 {
            var random = CounterRandom(seed: 0, stage: "other units of \(reel.layer)", step: 0, index: index)
            let unit = Int(random.bits() % UInt32(count))
            if unit != reel.unit, !units.contains(unit) { units.append(unit) }
            if units.count == Self.otherUnitCount { break }
        }
        return units
    }

    /// From the cache, or made on this worker alone.
    private func quickFacet(_ plan: Plan, on worker: Worker) throws -> Image {
        struct Numbers: Codable {}
        let (reel, specification, seed) = (plan.reel, plan.specification, plan.seed)
        let keys = StageKeys(
            reel: reel, networkDigest: task.networkDigest,
            perceptualLayers: network.description.perceptualLayers.map(\.name))
        let shape = task.imageShape
        return try task.context.results.result(
            try keys.reportFacet(specification, seed: seed),
            decode: { Image(height: shape[0], width: shape[1], pixels: try $0.floats("image", shape: shape)) },
            encode: { try StageRecord(Numbers(), ["image": .floats(Tensor(shape: shape, values: $0.pixels))]) },
            make: { _ in
                let objective = ImageObjective(
                    Objective(reel.objective, unit: reel.unit), layer: reel.layer, of: network, height: shape[0],
                    width: shape[1], stop: pool.stop)
                let source = try objective.activation(on: worker, isStoppable: false)
                let optimizer = FacetOptimizer(
                    specification, height: shape[0], width: shape[1], seed: seed, index: 0)
                while !optimizer.isFinished {
                    try pool.stop.check()
                    try optimizer.advance(source)
                }
                return try optimizer.finish(source).image
            })
    }
}
