import ConvNet
import FeatureVisualization
import Records

/// The numbers of a finished facet. Its image is a tensor beside them, and so is its point, unless that is the image
/// itself. Its name is not stored: the same facet may have another name in another film.
private struct FacetNumbers: Codable {
    var activation: Float
    var robustActivation: Float
    var steps: Int
    var evaluations: Int
    /// The parameterisation of its point.
    var parameterization: Parameterization?
    /// Only in records that are older than `parameterization`. These have points of one kind alone: spectra of
    /// decorrelated colours.
    var hasSpectrum: Bool?
    var diversity: FilmRecord.FacetEntry.Diversity?
    /// Only if the mean colour was held at grey: true.
    var holdsMean: Bool?

    /// The kind of the facet's point, and the name of its tensor without the facet's index.
    var point: (parameterization: Parameterization, tensor: String)? {
        if let parameterization { return (parameterization, "point") }
        return hasSpectrum == true ? (.fourier, "spectrum") : nil
    }
}

extension [MeasuredFacet] {
    /// Finished facets, as the cache holds them.
    func record() throws -> StageRecord {
        var tensors: [String: SafetensorsContents.Values] = [:]
        for (index, facet) in map(\.facet).enumerated() {
            let shape = [facet.image.height, facet.image.width, Image.channelCount]
            tensors["image \(index)"] = .floats(Tensor(shape: shape, values: facet.image.pixels))
            if let numbers = facet.point?.numbers {
                tensors["point \(index)"] = .floats(Tensor(shape: [numbers.count], values: numbers))
            }
            if !facet.importance.isEmpty {
                tensors["importance \(index)"] = .floats(Tensor(shape: [shape[0], shape[1]], values: facet.importance))
            }
        }
        return try StageRecord(
            map {
                FacetNumbers(
                    activation: $0.facet.activation, robustActivation: $0.robustActivation, steps: $0.facet.steps,
                    evaluations: $0.facet.evaluations, parameterization: $0.facet.point?.parameterization,
                    diversity: $0.diversity, holdsMean: $0.facet.holdsMean ? true : nil)
            }, tensors)
    }

    /// Reads facets back from such a record, without names.
    /// - Throws: `StageRecordError`
    init(_ record: StageRecord, count: Int, height: Int, width: Int) throws {
        let numbers = try record.decode([FacetNumbers].self)
        guard numbers.count == count else {
            throw StageRecordError(description: "it holds \(numbers.count) facets instead of \(count)")
        }
        self = try numbers.enumerated().map { index, numbers in
            let image = Image(
                height: height, width: width,
                pixels: try record.floats("image \(index)", shape: [height, width, Image.channelCount]))
            let point = try numbers.point.map { kind, tensor in
                let shape = [kind.count(height: height, width: width)]
                return Facet.Point(kind, try record.floats("\(tensor) \(index)", shape: shape))
            }
            // A picture from elsewhere has none.
            let hasImportance = record.tensors["importance \(index)"] != nil
            let importance = hasImportance ? try record.floats("importance \(index)", shape: [height, width]) : []
            return MeasuredFacet(
                facet: Facet(
                    name: "", image: image, activation: numbers.activation, steps: numbers.steps,
                    evaluations: numbers.evaluations, point: point, holdsMean: numbers.holdsMean ?? false,
                    importance: importance),
                robustActivation: numbers.robustActivation, diversity: numbers.diversity)
        }
    }
}

/// The numbers of an unfinished facet.
private struct FacetProgressNumbers: Codable {
    var step: Int
    var activation: Float
    var evaluations: Int
    var deadSteps: Int
    var holdsMean: Bool
    /// Only of a facet in a set.
    var weight: Double?
    var averageActivation: Double?
    var isRestarted: Bool?
    /// Only of a facet that is held near its start.
    var nearness: Nearness?
    /// Only of a facet that has come to its end before its last step: true.
    var hasReached: Bool?

    struct Nearness: Codable {
        var activation: Double
        var distance: Double
        var steps: Int
    }

    init(_ progress: FacetProgress) {
        (step, activation, evaluations) = (progress.step, progress.activation, progress.evaluations)
        (deadSteps, holdsMean) = (progress.deadSteps, progress.holdsMean)
        nearness = progress.nearness.map {
            Nearness(activation: $0.activation, distance: $0.distance, steps: $0.steps)
        }
        hasReached = progress.hasReached ? true : nil
    }
}

extension FacetProgress {
    func record() throws -> StageRecord {
        try StageRecord(FacetProgressNumbers(self), tensors(0))
    }

    /// - Parameter other: progress of the same facet; the record must have the same sizes.
    /// - Throws: `StageRecordError`
    init(_ record: StageRecord, like other: FacetProgress) throws {
        try self.init(record.decode(), record, 0, like: other)
    }

    fileprivate init(
        _ numbers: FacetProgressNumbers, _ record: StageRecord, _ index: Int, like other: FacetProgress
    ) throws {
        func values(_ name: String, like other: [Float]) throws -> [Float] {
            other.isEmpty ? [] : try record.floats("\(name) \(index)", shape: [other.count])
        }
        self.init(
            step: numbers.step, activation: numbers.activation, evaluations: numbers.evaluations,
            deadSteps: numbers.deadSteps, holdsMean: numbers.holdsMean,
            parameters: try values("parameters", like: other.parameters),
            mean: try values("mean", like: other.mean), square: try values("square", like: other.square),
            importance: try values("importance", like: other.importance),
            nearness: numbers.nearness.map {
                NearnessBalance(activation: $0.activation, distance: $0.distance, steps: $0.steps)
            }, hasReached: numbers.hasReached ?? false)
    }

    fileprivate func tensors(_ index: Int) -> [String: SafetensorsContents.Values] {
        var tensors: [String: SafetensorsContents.Values] = [:]
        for (name, values) in [
            ("parameters", parameters), ("mean", mean), ("square", square), ("importance", importance),
        ] where !values.isEmpty {
            tensors["\(name) \(index)"] = .floats(Tensor(shape: [values.count], values: values))
        }
        return tensors
    }
}

extension [DiverseFacetProgress] {
    func record() throws -> StageRecord {
        var tensors: [String: SafetensorsContents.Values] = [:]
        let numbers = enumerated().map { index, progress in
            tensors.merge(progress.facet.tensors(index)) { $1 }
            var numbers = FacetProgressNumbers(progress.facet)
            (numbers.weight, numbers.averageActivation) = (progress.weight, progress.averageActivation)
            numbers.isRestarted = progress.isRestarted
            return numbers
        }
        return try StageRecord(numbers, tensors)
    }

    /// - Throws: `StageRecordError`
    init(_ record: StageRecord, like others: [DiverseFacetProgress]) throws {
        let numbers = try record.decode([FacetProgressNumbers].self)
        guard numbers.count == others.count else {
            throw StageRecordError(description: "it holds \(numbers.count) facets instead of \(others.count)")
        }
        self = try zip(numbers, others).enumerated().map { index, pair in
            guard let weight = pair.0.weight, let average = pair.0.averageActivation else {
                throw StageRecordError(description: "it is not of a set")
            }
            return DiverseFacetProgress(
                facet: try FacetProgress(pair.0, record, index, like: pair.1.facet), weight: weight,
                averageActivation: average, isRestarted: pair.0.isRestarted ?? false)
        }
    }
}
