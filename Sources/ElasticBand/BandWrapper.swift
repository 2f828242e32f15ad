/// The numbers of a band (thesis section 4.4.2).
public struct BandSettings: Sendable, Codable, Equatable {
    /// N: pivots between two facets.
    public var pivots: Int
    /// I: images mixed in between two neighbouring pivots.
    public var interpolations: Int
    /// T: most steps with N pivots.
    public var steps: Int
    /// T': most steps with all images as pivots.
    public var refinementSteps: Int
    public var learningRate: Double

    public init(pivots: Int, interpolations: Int, steps: Int, refinementSteps: Int, learningRate: Double) {
        self.pivots = pivots
        self.interpolations = interpolations
        self.steps = steps
        self.refinementSteps = refinementSteps
        self.learningRate = learningRate
    }

    /// Images between two facets: 20 pivots and 3 interpolations give 83.
    public var imagesBetweenFacets: Int { (pivots + 1) * (interpolations + 1) - 1 }

    /// Images of a film through some facets: 6 facets with the thesis' numbers give 421.
    public func imageCount(facets: Int) -> Int { facets == 0 ? 0 : (facets - 1) * (imagesBetweenFacets + 1) + 1 }
}

/// A finished path between two facets.
public struct BandResult<Point: Sendable>: Sendable {
    /// Every image with both ends.
    public let path: [Point]
    /// Activations along `path`.
    public let activations: [Double]
    /// Pivots that moved last: N, or all images if the band ran again.
    public let pivots: Int
    public let steps: Int
    public let refinementSteps: Int
    public let evaluations: Int
    public let stop: BandStop
    /// Why the second run stopped; nil if none was needed.
    public let refinementStop: BandStop?
}

/// Thesis Algorithm 2 for one pair of facets: a band of few pivots, images mixed in between, and the band again with
/// all of them if a mixed image lies below both pivots beside it.
public struct BandWrapper<Space: PathSpace>: Sendable {
    public let settings: BandSettings
    /// The band at work, or the one that worked last.
    public private(set) var band: ElasticBand<Space>
    public private(set) var result: BandResult<Space.Point>?
    private var coarse: ElasticBand<Space>?

    /// Lays N pivots evenly between two facets.
    public init(space: Space, from first: Space.Point, to second: Space.Point, settings: BandSettings) {
        self.settings = settings
        band = ElasticBand(
            space: space, path: Path.interpolate([first, second], count: settings.pivots, in: space),
            maximumSteps: settings.steps, learningRate: settings.learningRate)
    }

    /// Whether the band runs again with all images as pivots.
    public var isRefining: Bool { coarse != nil }

    public var steps: Int { band.steps + (coarse?.steps ?? 0) }

    /// One step; `result` is set after the last.
    public mutating func step<Objective: BandObjective<Space.Point>>(_ objective: inout Objective) throws {
        precondition(result == nil, "the band is finished")
        try band.step(&objective)
        guard let stop = band.stop else { return }
        if let coarse {
            finish(
                band.path, band.activations, evaluations: coarse.evaluations + band.evaluations, coarse: coarse,
                refinementStop: stop)
            return
        }
        let path = Path.interpolate(band.path, count: settings.interpolations, in: band.space)
        let stride = settings.interpolations + 1
        let mixed = path.indices.filter { $0 % stride != 0 }
        let values = try objective.activations(of: mixed.map { path[$0] })
        var activations = path.indices.map { $0 % stride == 0 ? band.activations[$0 / stride] : 0 }
        for (index, value) in zip(mixed, values) {
            guard value.isFinite else { throw BandError.notFinite(what: "activation", pivot: index, step: band.steps) }
            activations[index] = value
        }
        let isBelow = mixed.contains { index in
            let before = index - index % stride
            return activations[index] < min(activations[before], activations[before + stride])
        }
        let evaluations = band.evaluations + mixed.count
        if isBelow, settings.refinementSteps > 0 {
            coarse = band.counting(evaluations)
            band = ElasticBand(
                space: band.space, path: path, maximumSteps: settings.refinementSteps,
                learningRate: settings.learningRate)
        } else {
            finish(path, activations, evaluations: evaluations, coarse: band, refinementStop: nil)
        }
    }

    private mutating func finish(
        _ path: [Space.Point], _ activations: [Double], evaluations: Int, coarse: ElasticBand<Space>,
        refinementStop: BandStop?
    ) {
        result = BandResult(
            path: path, activations: activations, pivots: refinementStop == nil ? settings.pivots : path.count - 2,
            steps: coarse.steps, refinementSteps: refinementStop == nil ? 0 : band.steps, evaluations: evaluations,
            stop: coarse.stop ?? .stepLimit, refinementStop: refinementStop)
    }
}
