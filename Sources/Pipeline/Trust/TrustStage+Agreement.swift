import ConvNet
import FeatureVisualization
import JobManifest
import Records
import Trust

/// What forecasts know of reports.
public enum TrustReport {
    /// A facet of the report has the recipe's steps divided by this.
    public static let stepShare = 4
}

/// Facets that are made for the report alone, with few steps.
struct QuickFacets {
    /// The film's first recipe, from another seed; nil where all facets are pictures.
    var otherSeed: Image?
    /// Only the phases were free; nil where all facets are pictures.
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

    func quickFacets(on worker: Worker) throws -> QuickFacets {
        var facets = QuickFacets()
        let recipe = reel.facets.first { $0.image == nil }
        if let recipe {
            var specification = FacetSpecification(recipe, isGrey: network.seesGrey)
            specification.steps = max(1, recipe.steps / TrustReport.stepShare)
            facets.otherSeed = try quickFacet("seed", specification, of: reel, on: worker)
            facets.phases = try quickFacet("phases", phases(specification), of: reel, on: worker)
            facets.evaluations += 2 * (specification.steps + 1)
        }
        guard photographs != nil, isChannel else { return facets }
        let specification = FacetSpecification(
            name: "other unit", parameterization: .fourier, steps: Self.otherUnitSteps, transforms: .lucid,
            isGrey: network.seesGrey)
        for unit in otherUnits {
            var other = reel
            (other.unit, other.objective, other.seed) = (unit, .channel, 0)
            // A unit that is dead says nothing.
            guard let image = try? quickFacet("unit", specification, of: other, on: worker) else {
                try pool.stop.check()
                continue
            }
            facets.otherUnits.append(image)
            facets.evaluations += Self.otherUnitSteps + 1
        }
        return facets
    }

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

    /// A facet of the report: from the cache, or made on this worker alone.
    private func quickFacet(
        _ name: String, _ specification: FacetSpecification, of reel: Reel, on worker: Worker
    ) throws -> Image {
        struct Numbers: Codable {}
        let keys = StageKeys(
            reel: reel, networkDigest: task.networkDigest,
            perceptualLayers: network.description.perceptualLayers.map(\.name))
        let seed = reel.seed &+ (name == "unit" ? 0 : Self.otherSeed)
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

    /// By the features of the network's last layer that has places.
    func measureAgreement(_ findings: inout Findings, _ images: TrustFeatures) {
        let own = images.facets.map { images.phi($0) }
        let isPicture = "all facets are pictures"
        findings.set(
            .seedAgreement, images.otherSeed.flatMap { Clarity.agreement(own, [images.phi($0)]) }, otherwise: isPicture)
        findings.set(
            .parameterizationAgreement, images.phases.flatMap { Clarity.agreement(own, [images.phi($0)]) },
            otherwise: isPicture)
        let some = Array(own.prefix(Clarity.mostVectors))
        findings.set(.clarity, Clarity.clarity(own), otherwise: "there is one facet")
        findings.set(.polysemanticity, Clarity.polysemanticity(some), otherwise: "there is one facet")
    }
}
