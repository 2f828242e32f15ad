import ConvNet
import FeatureVisualization
import Film
import JobManifest

/// A facet, and what it is worth under transforms.
struct MeasuredFacet: Sendable {
    let facet: Facet
    let robustActivation: Float
    /// Of a facet of a set.
    var diversity: FilmRecord.FacetEntry.Diversity?
    /// Of a facet that is a file.
    var source: FilmRecord.FacetEntry.Source?

    var entry: FilmRecord.FacetEntry {
        FilmRecord.FacetEntry(
            name: facet.name, activation: Double(facet.activation), robustActivation: Double(robustActivation),
            steps: facet.steps, evaluations: facet.evaluations, diversity: diversity, source: source)
    }
}

extension ReelRenderer {
    /// Makes all facets, several at a time where workers are free. One that cannot be made ends the reel, and says why.
    func makeFacets(on worker: Worker) throws -> [MeasuredFacet] {
        let tracker = StageTracker(
            .facets, reel: index, limits: reel.facets.map { $0.image == nil ? $0.steps * $0.count : 1 }, isExact: true,
            reporter: context.progress)
        return try context.pool.parallel(reel.facets.count, on: worker) { index, worker in
            let settings = reel.facets[index]
            defer { tracker.finish(index) }
            if let path = settings.image { return [try foreignFacet(settings.name, path, on: worker)] }
            // A facet's place in the film keys its random numbers.
            let place = reel.facets[..<index].reduce(0) { $0 + $1.count }
            return settings.count == 1
                ? [try optimizeFacet(settings, at: place, on: worker) { tracker.advance(index, activation: $0) }]
                : try optimizeSet(settings, from: place, on: worker) { tracker.advance(index, activation: $0) }
        }.flatMap(\.self)
    }

    private func optimizeFacet(
        _ settings: FacetSettings, at place: Int, on worker: Worker, _ onStep: (Double) -> Void
    ) throws -> MeasuredFacet {
        let source = try unitActivation(on: worker)
        let optimizer = FacetOptimizer(
            FacetSpecification(settings), height: height, width: width, seed: settings.seed ?? reel.seed, index: place)
        while !optimizer.isFinished {
            try optimizer.advance(source)
            onStep(Double(optimizer.activation))
        }
        return try measured(optimizer.finish(source), on: worker)
    }

    /// The images of a set go through each half of a step together, several at a time where workers are free.
    private func optimizeSet(
        _ settings: FacetSettings, from place: Int, on worker: Worker, _ onStep: (Double) -> Void
    ) throws -> [MeasuredFacet] {
        let set = try DiverseFacets(
            names: settings.names, FacetSpecification(settings), diversity: settings.diversity, objective: objective,
            seed: settings.seed ?? reel.seed, firstIndex: place
        ) { try Evaluator(network: context.network, layer: reel.layer, height: height, width: width) }
        while !set.isFinished {
            try context.pool.stop.check()
            _ = try context.pool.parallel(set.count, on: worker) { index, _ in set.look(index) }
            try set.settle()
            _ = try context.pool.parallel(set.count, on: worker) { index, _ in try set.climb(index) }
            for _ in 0..<set.count { onStep(Double(set.lowestActivation)) }
        }
        let results = try set.finish()
        return try context.pool.parallel(results.count, on: worker) { index, worker in
            let result = results[index]
            var facet = try measured(result.facet, on: worker)
            facet.diversity = FilmRecord.FacetEntry.Diversity(
                weight: result.weight, likeness: result.likeness,
                activationWithout: Double(results[0].facet.activation))
            return facet
        }
    }

    /// A picture from elsewhere, its middle cut to the film's proportions and scaled to its size.
    private func foreignFacet(_ name: String, _ path: String, on worker: Worker) throws -> MeasuredFacet {
        try ReelError.at("facet \(name)") {
            let image = Image(try PNG.read(path: path).filling(width: width, height: height))
            let activation = try unitActivation(on: worker).activation(of: image)
            guard activation.isFinite else {
                throw FacetError.notFinite(what: "activation", stage: "facet \(name)", step: 0, seed: reel.seed)
            }
            var facet = try measured(
                Facet(name: name, image: image, activation: activation, steps: 0, evaluations: 1), on: worker)
            facet.source = FilmRecord.FacetEntry.Source(path: path, sha256: try SHA256.hexDigest(ofFile: path))
            return facet
        }
    }

    private func measured(_ facet: Facet, on worker: Worker) throws -> MeasuredFacet {
        MeasuredFacet(
            facet: facet,
            robustActivation: try robustActivation.activation(of: facet.image, in: unitActivation(on: worker)))
    }

    /// What the reel's images maximise.
    var objective: Objective { Objective(reel.objective, unit: reel.unit) }

    /// The reel's objective as this worker sees it.
    func unitActivation(on worker: Worker) throws -> UnitActivation {
        let evaluator = try worker.evaluator(context.network, layer: reel.layer, height: height, width: width)
        return UnitActivation(evaluator, objective: objective, stop: context.pool.stop)
    }

    var robustActivation: RobustActivation {
        RobustActivation(seed: Self.robustSeed, height: height, width: width)
    }
}
