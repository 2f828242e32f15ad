import ConvNet
import Disk
import FeatureVisualization
import Film
import JobManifest
import Records

/// A facet in the form in which later stages use it.
struct MadeFacet: Sendable {
    let facet: MeasuredFacet
    /// What identifies it for later stages.
    let reference: FacetReference
}

/// The first stage of a reel: its starting images, each optimised under its own regularisations, or read from a file.
struct FacetStage: Sendable {
    let task: ReelTask
    /// The activation of a flat grey image.
    let baseline: Double

    private var reel: Reel { task.reel }
    private var pool: WorkerPool { task.context.pool }

    /// Makes all facets, several at a time if workers are free. If one cannot be made, the reel ends with the reason.
    func make(on worker: Worker) throws -> [MadeFacet] {
        let tracker = task.tracker(
            .facets, limits: reel.facets.map { $0.image == nil ? $0.steps * $0.count : 1 },
            isExact: reel.facets.allSatisfy { $0.until == nil })
        return try pool.parallel(reel.facets.count, on: worker) { index, worker in
            let settings = reel.facets[index]
            // A facet's place in the film keys its random numbers.
            let place = reel.facets[..<index].reduce(0) { $0 + $1.count }
            defer { tracker.finish(index) }
            let (facets, key) = try facetsWithMean(settings, at: place, on: worker) {
                tracker.advance(index, by: $0, activation: $1)
            }
            return facets.enumerated().map { member, facet in
                MadeFacet(facet: facet, reference: FacetReference(key: key.description, member: member))
            }
        }.flatMap(\.self)
    }

    /// Facets whose mean colour was guarded, unless it is what the unit responds to: then the same with a free mean. The
    /// unit is asked with the first facet, which keeps away from no other one.
    private func facetsWithMean(
        _ settings: FacetSettings, at place: Int, on worker: Worker, _ onSteps: (Int, Double?) -> Void
    ) throws -> (facets: [MeasuredFacet], key: StageKey) {
        var guarded = try facets(settings, at: place, on: worker, onSteps)
        guard settings.image == nil, settings.meanColor == .guarded, guarded.facets[0].facet.holdsMean else {
            return guarded
        }
        var free = settings
        free.meanColor = .free
        var single = free
        (single.count, single.diversity) = (1, 0)
        let unguarded = try facets(single, at: place, on: worker) { _, _ in }
        // The best of them: two runs of the same image differ by chance, too.
        let held = guarded.facets.map(\.facet.activation).max() ?? 0
        let whole = unguarded.facets[0].facet.activation
        guard Double(held) - baseline < Self.featureShare * (Double(whole) - baseline) else {
            // What the question has cost is counted with the facet that it was asked of.
            guarded.facets[0].facet.evaluations += unguarded.facets[0].facet.evaluations
            return guarded
        }
        var result =
            settings.count == 1 ? unguarded : try facets(free, at: place, on: worker) { _, _ in }
        let spent = guarded.facets + (settings.count == 1 ? [] : unguarded.facets)
        result.facets[0].facet.evaluations += spent.reduce(0) { $0 + $1.facet.evaluations }
        for index in result.facets.indices { result.facets[index].showsMeanColor = true }
        return result
    }

    /// A unit that keeps less than this share of its activation without a mean colour responds to that.
    private static let featureShare = 0.85

    /// A facet, or the facets of a set, from the cache if they are there. `onSteps` gets the number of new steps and
    /// the lowest activation.
    private func facets(
        _ settings: FacetSettings, at place: Int, on worker: Worker, _ onSteps: (Int, Double?) -> Void
    ) throws -> (facets: [MeasuredFacet], key: StageKey) {
        let picture = try inPlace(of: settings) {
            try settings.picture.map { try FacetPicture($0, sha256: settings.sha256) }
        }
        if let picture, settings.image != nil {
            return try inPlace(of: settings) { try foreignFacet(settings, picture, on: worker) }
        }
        let key = try task.keys.facet(settings, at: place, start: picture?.content)
        var facets = try task.context.results.result(
            key, decode: { try decoded($0, count: settings.count) }, encode: { try $0.record() },
            make: { checkpoint in
                let start = try inPlace(of: settings) { try picture.map { FacetStart(try $0.image(for: task)) } }
                return try settings.count == 1
                    ? [optimizeFacet(settings, at: place, start, on: worker, checkpoint, onSteps)]
                    : optimizeSet(settings, from: place, start, on: worker, checkpoint, onSteps)
            })
        for (index, name) in settings.names.enumerated() {
            facets[index].facet.name = name
            facets[index].source = picture.map { source($0, of: settings) }
        }
        return (facets, key)
    }

    private func optimizeFacet(
        _ settings: FacetSettings, at place: Int, _ start: FacetStart?, on worker: Worker, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> MeasuredFacet {
        // A step is short, and half a step cannot be continued.
        let plain = try task.objective.activation(on: worker, isStoppable: false)
        let source: any ActivationSource = settings.nearness == nil ? plain : try task.objective.features()
        let optimizer = FacetOptimizer(
            FacetSpecification(settings, isGrey: task.network.seesGrey), height: task.height, width: task.width,
            seed: settings.seed ?? reel.seed, index: place, start: start)
        if checkpoint.resumed({ try optimizer.resume(FacetProgress($0, like: optimizer.progress)) }) != nil {
            onSteps(optimizer.step, nil)
        }
        while !optimizer.isFinished {
            try pool.stop.check()
            try optimizer.advance(source)
            onSteps(1, Double(optimizer.activation))
            checkpoint.keep { try optimizer.progress.record() }
        }
        return try measured(optimizer.finish(plain), on: worker)
    }

    /// The images of a set go through each half of a step together, several at a time where workers are free.
    private func optimizeSet(
        _ settings: FacetSettings, from place: Int, _ start: FacetStart?, on worker: Worker, _ checkpoint: Checkpoint,
        _ onSteps: (Int, Double?) -> Void
    ) throws -> [MeasuredFacet] {
        let objective = task.objective
        let set = try DiverseFacets(
            names: settings.names, FacetSpecification(settings, isGrey: task.network.seesGrey),
            diversity: settings.diversity, objective: objective.objective,
            seed: settings.seed ?? reel.seed, firstIndex: place, start: start, diversityLayer: objective.diversityLayer,
            baseline: baseline,
            evaluator: objective.diversityEvaluator)
        let steps = checkpoint.resumed { record in
            let progress = try [DiverseFacetProgress](record, like: set.progress)
            try set.resume(progress)
            return progress[0].facet.step
        }
        if let steps { onSteps(steps * set.count, nil) }
        while !set.isFinished {
            try pool.stop.check()
            // The step is always finished, since half a step cannot be continued.
            _ = try pool.parallel(set.count, on: worker, finishes: true) { index, _ in set.look(index) }
            try set.settle()
            _ = try pool.parallel(set.count, on: worker, finishes: true) { index, _ in try set.climb(index) }
            set.restartLost()
            onSteps(set.count, Double(set.lowestActivation))
            checkpoint.keep { try set.progress.record() }
        }
        let results = try set.finish()
        return try pool.parallel(results.count, on: worker) { index, worker in
            let result = results[index]
            var facet = try measured(result.facet, on: worker)
            facet.diversity = FilmRecord.FacetEntry.Diversity(
                weight: result.weight, likeness: result.likeness,
                activationWithout: Double(results[0].facet.activation), isRestarted: result.isRestarted)
            return facet
        }
    }

    /// A facet that is a picture from elsewhere.
    private func foreignFacet(
        _ settings: FacetSettings, _ picture: FacetPicture, on worker: Worker
    ) throws -> (facets: [MeasuredFacet], key: StageKey) {
        let key = try task.keys.picture(picture.content, as: settings.parameterization)
        var facets = try task.context.results.result(
            key, decode: { try decoded($0, count: 1) }, encode: { try $0.record() },
            make: { _ in [try readFacet(settings, picture, on: worker)] })
        facets[0].facet.name = settings.name
        facets[0].source = source(picture, of: settings)
        return (facets, key)
    }

    private func readFacet(_ settings: FacetSettings, _ picture: FacetPicture, on worker: Worker) throws
        -> MeasuredFacet
    {
        let image = try picture.image(for: task)
        let source = try task.objective.activation(on: worker)
        guard settings.parameterization == .pixel else {
            let optimizer = FacetOptimizer(
                FacetSpecification(settings, isGrey: task.network.seesGrey), height: task.height, width: task.width,
                seed: reel.seed, index: 0, start: FacetStart(image))
            return try measured(optimizer.finish(source), on: worker)
        }
        let activation = try source.activation(of: image)
        guard activation.isFinite else {
            throw FacetError.notFinite(what: "activation", stage: "facet \(settings.name)", step: 0, seed: reel.seed)
        }
        return try measured(
            Facet(name: settings.name, image: image, activation: activation, steps: 0, evaluations: 1), on: worker)
    }

    /// What the record says about a picture: its name among the film's pictures, as in the job.
    private func source(_ picture: FacetPicture, of settings: FacetSettings) -> FilmRecord.FacetEntry.Source {
        let portable = reel.portable.facets.first { $0.name == settings.name }?.picture
        return FilmRecord.FacetEntry.Source(path: portable ?? picture.path, sha256: picture.digest)
    }

    /// Says in errors about a facet's picture which facet it is.
    private func inPlace<Result>(of settings: FacetSettings, _ body: () throws -> Result) throws -> Result {
        try ReelError.at("facet \(settings.name)", body)
    }

    private func decoded(_ record: StageRecord, count: Int) throws -> [MeasuredFacet] {
        try [MeasuredFacet](record, count: count, height: task.height, width: task.width)
    }

    private func measured(_ facet: Facet, on worker: Worker) throws -> MeasuredFacet {
        MeasuredFacet(
            facet: facet,
            robustActivation: try task.robustActivation.activation(
                of: facet.image, in: task.objective.activation(on: worker)))
    }
}
