import ConvNet
import FeatureVisualization
import Film
import JobManifest
import Records

/// A facet, and what it is worth under transforms.
struct MeasuredFacet: Sendable {
    var facet: Facet
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
    /// With each comes what later stages know it by.
    func makeFacets(on worker: Worker) throws -> [(facet: MeasuredFacet, reference: FacetReference)] {
        let tracker = StageTracker(
            .facets, reel: index, limits: reel.facets.map { $0.image == nil ? $0.steps * $0.count : 1 }, isExact: true,
            reporter: context.progress)
        return try context.pool.parallel(reel.facets.count, on: worker) { index, worker in
            let settings = reel.facets[index]
            // A facet's place in the film keys its random numbers.
            let place = reel.facets[..<index].reduce(0) { $0 + $1.count }
            defer { tracker.finish(index) }
            let (facets, key) = try facets(settings, at: place, on: worker) {
                tracker.advance(index, by: $0, activation: $1)
            }
            return facets.enumerated().map { member, facet in
                (facet: facet, reference: FacetReference(key: key.description, member: member))
            }
        }.flatMap(\.self)
    }

    /// A facet, or the facets of a set, from the cache if they are there; `onSteps` hears of steps and of the lowest
    /// activation.
    private func facets(
        _ settings: FacetSettings, at place: Int, on worker: Worker, _ onSteps: (Int, Double?) -> Void
    ) throws -> (facets: [MeasuredFacet], key: StageKey) {
        if let path = settings.image {
            return try ReelError.at("facet \(settings.name)") { try foreignFacet(settings.name, path, on: worker) }
        }
        let key = try facetKey(settings, at: place)
        var facets = try cached(
            key, decode: { try self.facets($0, count: settings.count) }, encode: { try self.record(of: $0) },
            make: { checkpoint in
                try settings.count == 1
                    ? [optimizeFacet(settings, at: place, on: worker, checkpoint, onSteps)]
                    : optimizeSet(settings, from: place, on: worker, checkpoint, onSteps)
            })
        for (index, name) in settings.names.enumerated() { facets[index].facet.name = name }
        return (facets, key)
    }

    private func optimizeFacet(
        _ settings: FacetSettings, at place: Int, on worker: Worker, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> MeasuredFacet {
        // A step is short, and half of one is nothing that could be continued.
        let source = try unitActivation(on: worker, isStoppable: false)
        let optimizer = FacetOptimizer(
            FacetSpecification(settings), height: height, width: width, seed: settings.seed ?? reel.seed, index: place)
        if checkpoint.resumed({ try optimizer.resume(FacetProgress($0, like: optimizer.progress)) }) != nil {
            onSteps(optimizer.step, nil)
        }
        while !optimizer.isFinished {
            try context.pool.stop.check()
            try optimizer.advance(source)
            onSteps(1, Double(optimizer.activation))
            checkpoint.keep { try optimizer.progress.record() }
        }
        return try measured(optimizer.finish(source), on: worker)
    }

    /// The images of a set go through each half of a step together, several at a time where workers are free.
    private func optimizeSet(
        _ settings: FacetSettings, from place: Int, on worker: Worker, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> [MeasuredFacet] {
        let set = try DiverseFacets(
            names: settings.names, FacetSpecification(settings), diversity: settings.diversity, objective: objective,
            seed: settings.seed ?? reel.seed, firstIndex: place
        ) { try Evaluator(network: context.network, layer: reel.layer, height: height, width: width) }
        let steps = checkpoint.resumed { record in
            let progress = try [DiverseFacetProgress](record, like: set.progress)
            try set.resume(progress)
            return progress[0].facet.step
        }
        if let steps { onSteps(steps * set.count, nil) }
        while !set.isFinished {
            try context.pool.stop.check()
            // To the end of the step, since half of one is nothing that could be continued.
            _ = try context.pool.parallel(set.count, on: worker, finishes: true) { index, _ in set.look(index) }
            try set.settle()
            _ = try context.pool.parallel(set.count, on: worker, finishes: true) { index, _ in try set.climb(index) }
            onSteps(set.count, Double(set.lowestActivation))
            checkpoint.keep { try set.progress.record() }
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
    private func foreignFacet(
        _ name: String, _ path: String, on worker: Worker
    ) throws -> (facets: [MeasuredFacet], key: StageKey) {
        let digest = try SHA256.hexDigest(ofFile: path)
        let key = try facetKey(imageDigest: digest)
        var facets = try cached(
            key, decode: { try self.facets($0, count: 1) }, encode: { try self.record(of: $0) },
            make: { _ in [try readFacet(name, path, digest: digest, on: worker)] })
        facets[0].facet.name = name
        facets[0].source = FilmRecord.FacetEntry.Source(path: Reel.pictureName(path), sha256: digest)
        return (facets, key)
    }

    private func readFacet(
        _ name: String, _ path: String, digest: String, on worker: Worker
    ) throws -> MeasuredFacet {
        let image = Image(try PNG.read(path: path).filling(width: width, height: height))
        guard try SHA256.hexDigest(ofFile: path) == digest else {
            throw FilmError(place: path, reason: "has changed while it was read", remedy: "render again")
        }
        let activation = try unitActivation(on: worker).activation(of: image)
        guard activation.isFinite else {
            throw FacetError.notFinite(what: "activation", stage: "facet \(name)", step: 0, seed: reel.seed)
        }
        return try measured(
            Facet(name: name, image: image, activation: activation, steps: 0, evaluations: 1), on: worker)
    }

    private func measured(_ facet: Facet, on worker: Worker) throws -> MeasuredFacet {
        MeasuredFacet(
            facet: facet,
            robustActivation: try robustActivation.activation(of: facet.image, in: unitActivation(on: worker)))
    }

    /// What the reel's images maximise.
    var objective: Objective { Objective(reel.objective, unit: reel.unit) }

    /// The reel's objective as this worker sees it.
    func unitActivation(on worker: Worker, isStoppable: Bool = true) throws -> UnitActivation {
        let evaluator = try worker.evaluator(context.network, layer: reel.layer, height: height, width: width)
        return UnitActivation(evaluator, objective: objective, stop: isStoppable ? context.pool.stop : nil)
    }

    var robustActivation: RobustActivation {
        RobustActivation(seed: Self.robustSeed, height: height, width: width)
    }
}
