import ConvNet
import FeatureVisualization
import Film

/// A facet, and what it is worth under transforms.
struct MeasuredFacet: Sendable {
    let facet: Facet
    let robustActivation: Float

    var entry: FilmRecord.FacetEntry {
        FilmRecord.FacetEntry(
            name: facet.name, activation: Double(facet.activation), robustActivation: Double(robustActivation),
            steps: facet.steps, evaluations: facet.evaluations)
    }
}

extension ReelRenderer {
    /// Optimises all facets, several at a time where workers are free.
    func optimizeFacets(on worker: Worker) throws -> [MeasuredFacet] {
        let specifications = reel.facets.map { FacetSpecification($0) }
        let tracker = StageTracker(
            .facets, reel: index, limits: specifications.map(\.steps), isExact: true, reporter: context.progress)
        return try context.pool.parallel(specifications.count, on: worker) { index, worker in
            let source = try unitActivation(on: worker)
            let optimizer = FacetOptimizer(
                specifications[index], height: height, width: width, seed: reel.facets[index].seed ?? reel.seed,
                index: index)
            while !optimizer.isFinished {
                try optimizer.advance(source)
                tracker.advance(index, activation: Double(optimizer.activation))
            }
            let facet = try optimizer.finish(source)
            tracker.finish(index)
            return MeasuredFacet(
                facet: facet, robustActivation: try robustActivation.activation(of: facet.image, in: source))
        }
    }

    /// The reel's unit as this worker sees it.
    func unitActivation(on worker: Worker) throws -> UnitActivation {
        let evaluator = try worker.evaluator(context.network, layer: reel.layer, height: height, width: width)
        return UnitActivation(evaluator, unit: reel.unit, stop: context.pool.stop)
    }

    var robustActivation: RobustActivation {
        RobustActivation(seed: Self.robustSeed, height: height, width: width)
    }
}
