/// Thesis Algorithm 2 for one pair of facets: a band of few pivots, interpolations between
/// neighbours, and a second band with all of them as pivots if an interpolation is too low.
///
///     var wrapper = BandWrapper(from: a, to: b, space: space, settings: settings)
///     while wrapper.result == nil { try wrapper.step(&objective) }
///
/// An interpolation is too low when its activation is lower than *both* its neighbouring pivots'.
/// That is how we read "smaller than activations of neighboring pivots": lower than either one
/// would hold on every slope, and refine always.
public struct BandWrapper<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public enum Stage: String, Sendable, Codable { case band, interpolation, refinement, finished }

    /// How the first run ended.
    public struct FirstRun: Sendable, Equatable, Codable {
        public let steps: Int
        public let stop: BandStop
        public init(steps: Int, stop: BandStop) {
            self.steps = steps
            self.stop = stop
        }
    }

    public let space: Space
    public let settings: BandSettings
    /// The band that runs now, or ran last.
    public private(set) var band: ElasticBand<Space>
    /// Nil while the first run is on.
    public private(set) var firstRun: FirstRun?
    /// Nil until all is done.
    public private(set) var result: BandResult<Point>?

    /// Steps taken so far, in the first run and the refinement: what `settings` bounds by the sum of both limits.
    public var steps: Int {
        // Once the first run is over, `band` counts those of the refinement.
        (firstRun?.steps ?? 0) + band.steps
    }

    /// What the next `step` is part of.
    public var stage: Stage {
        if result != nil { return .finished }
        if firstRun != nil { return .refinement }
        return band.stop == nil ? .band : .interpolation
    }

    public init(from first: Point, to last: Point, space: Space, settings: BandSettings) {
        self.space = space
        self.settings = settings
        band = ElasticBand(
            path: ElasticBand.straightPath(
                from: first, to: last, pivots: settings.pivots, in: space),
            space: space, stepLimit: settings.steps, learningRate: settings.learningRate)
    }

    /// Continues where `band` and `firstRun` were read from an unfinished wrapper.
    /// - Throws: `BandError.inconsistentState` where `settings` cannot have led there.
    public init(
        resuming band: BandState<Point>, firstRun: FirstRun?, space: Space, settings: BandSettings
    ) throws {
        let expected = firstRun == nil ? settings.pivots : settings.imagesBetweenFacets
        guard band.path.count == expected + 2 else {
            throw BandError.inconsistentState(
                "a path of \(band.path.count) points where the settings make \(expected + 2)")
        }
        let stepLimit = firstRun == nil ? settings.steps : settings.refinementSteps
        guard band.steps <= stepLimit, 0...settings.steps ~= firstRun?.steps ?? 0 else {
            throw BandError.inconsistentState("more steps taken than the settings allow")
        }
        self.space = space
        self.settings = settings
        self.firstRun = firstRun
        self.band = ElasticBand(
            resuming: band, space: space, stepLimit: stepLimit, learningRate: settings.learningRate)
    }

    /// One step of the band that is running, or the interpolation; does nothing once finished.
    /// - Throws: as `ElasticBand.step`.
    public mutating func step<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        switch stage {
        case .band:
            try band.step(&objective)
        case .interpolation:
            try interpolate(&objective)
        case .refinement:
            try band.step(&objective)
            if let stop = band.stop, let firstRun {
                finish(firstRun: firstRun, refinementSteps: band.steps, refinementStop: stop)
            }
        case .finished:
            break
        }
    }

    /// Steps until all is done.
    public mutating func run<Objective: BandObjective>(
        _ objective: inout Objective
    ) throws -> BandResult<Point> where Objective.Point == Point {
        while true {
            if let result { return result }
            try step(&objective)
        }
    }

    /// Puts the interpolations into the path, measures them, and starts the refinement if one of
    /// them is too low.
    private mutating func interpolate<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        guard let stop = band.stop else { return }
        let stride = settings.interpolations + 1
        let path = space.interpolated(band.path, count: settings.interpolations)
        let inserted = path.indices.filter { $0 % stride != 0 }
        let measured =
            inserted.isEmpty ? [] : try objective.activations(inserted.map { path[$0] })
        precondition(measured.count == inserted.count, "an objective must answer for every point")

        let pivotActivations = band.activations
        var activations = path.indices.map { pivotActivations[$0 / stride] }
        var isAnyTooLow = false
        for (index, activation) in zip(inserted, measured) {
            guard activation.isFinite else {
                throw BandError.notFinite(.activation, pivot: index, step: band.steps)
            }
            activations[index] = activation
            let left = index / stride
            isAnyTooLow =
                isAnyTooLow || activation < min(pivotActivations[left], pivotActivations[left + 1])
        }

        // The new band knows all that the first one learnt, and goes on counting evaluations.
        var state = BandState(
            path: path, activations: activations, endObjectives: band.state.endObjectives)
        state.evaluations = band.evaluations + inserted.count
        state.gradientEvaluations = band.state.gradientEvaluations
        let firstRun = FirstRun(steps: band.steps, stop: stop)
        band = ElasticBand(
            resuming: state, space: space, stepLimit: settings.refinementSteps,
            learningRate: settings.learningRate)
        if isAnyTooLow, settings.refinementSteps > 0 {
            self.firstRun = firstRun
        } else {
            finish(firstRun: firstRun, refinementSteps: 0, refinementStop: nil)
        }
    }

    private mutating func finish(
        firstRun: FirstRun, refinementSteps: Int, refinementStop: BandStop?
    ) {
        self.firstRun = firstRun
        result = BandResult(
            path: band.path, activations: band.activations, steps: firstRun.steps,
            stop: firstRun.stop, refinementSteps: refinementSteps, refinementStop: refinementStop,
            evaluations: band.evaluations, gradientEvaluations: band.state.gradientEvaluations)
    }
}
