/// All that happens to one pair of facets. By levels, bands of more and more pivots; then, where asked for, a climb
/// of the lowest pivot; then thesis Algorithm 2: interpolations between neighbours, and another band with all of
/// them as pivots if an interpolation is too low.
///
///     var wrapper = BandWrapper(from: a, to: b, space: space, settings: settings)
///     while wrapper.result == nil { try wrapper.step(&objective) }
///
/// An interpolation is too low when its activation is lower than *both* its neighbouring pivots'.
/// That is how we read "smaller than activations of neighboring pivots": lower than either one
/// would hold on every slope, and refine always.
public struct BandWrapper<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public enum Stage: String, Sendable, Codable { case band, climbing, interpolation, refinement, finished }

    public let space: Space
    public let settings: BandSettings
    /// The band that runs now, or ran last.
    public private(set) var band: ElasticBand<Space>
    /// The runs that are over: of levels, then of the climb, where there is one.
    public private(set) var runs: [BandRun] = []
    /// Whether the interpolations are pivots now.
    public private(set) var isRefining = false
    /// The lowest pivot when the path was last moved around a climber; of the last level's path.
    public private(set) var climber: Int?
    /// Nil until all is done.
    public private(set) var result: BandResult<Point>?

    /// Steps taken so far, in all runs: what `settings.stepLimit` bounds.
    public var steps: Int { band.state.earlierSteps + band.steps }

    private var levelCount: Int { settings.levelPivots.count }
    private var runCount: Int { levelCount + (settings.climbingSteps > 0 ? 1 : 0) }

    /// What the next `step` is part of.
    public var stage: Stage {
        if result != nil { return .finished }
        if isRefining { return .refinement }
        if runs.count < levelCount { return .band }
        return runs.count < runCount ? .climbing : .interpolation
    }

    public init(from first: Point, to last: Point, space: Space, settings: BandSettings) {
        self.space = space
        self.settings = settings
        band = ElasticBand(
            path: ElasticBand.straightPath(from: first, to: last, pivots: settings.levelPivots[0], in: space),
            space: space, stepLimit: 0, learningRate: settings.learningRate, rules: settings.rules)
        band = makeBand(band.state)
    }

    /// Continues where the parts were read from an unfinished wrapper.
    /// - Throws: `BandError.inconsistentState` where `settings` cannot have led there.
    public init(
        resuming band: BandState<Point>, runs: [BandRun], isRefining: Bool, climber: Int? = nil, space: Space,
        settings: BandSettings
    ) throws {
        self.space = space
        self.settings = settings
        self.runs = runs
        self.isRefining = isRefining
        self.climber = climber
        self.band = ElasticBand(
            resuming: band, space: space, stepLimit: 0, learningRate: settings.learningRate, rules: settings.rules)
        guard runs.count <= runCount, !isRefining || runs.count == runCount, runs.allSatisfy({ $0.steps >= 0 }) else {
            throw BandError.inconsistentState("\(runs.count) runs where the settings make \(runCount)")
        }
        let level = min(runs.count, levelCount - 1)
        let expected = isRefining ? settings.imagesBetweenFacets : settings.levelPivots[level]
        guard band.path.count == expected + 2 else {
            throw BandError.inconsistentState(
                "a path of \(band.path.count) points where the settings make \(expected + 2)")
        }
        guard climber.map({ settings.climbingSteps > 0 && 1...settings.pivots ~= $0 }) ?? true else {
            throw BandError.inconsistentState("a climber that the settings do not make")
        }
        self.band = makeBand(band)
        // Before the interpolations the band is still that of the last run.
        let limit =
            stage == .interpolation
            ? max(settings.steps + settings.extraSteps, settings.climbingSteps)
            : self.band.stepLimit + self.band.extraSteps
        guard band.steps <= limit else {
            throw BandError.inconsistentState("more steps taken than the settings allow")
        }
    }

    /// One step of the band that is running, or the interpolation; does nothing once finished.
    /// - Throws: as `ElasticBand.step`.
    public mutating func step<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        switch stage {
        case .band, .climbing:
            try band.step(&objective, climbing: stage == .climbing)
            climber = band.climber ?? climber
            if let stop = band.stop { endRun(BandRun(steps: band.steps, stop: stop)) }
        case .interpolation:
            try interpolate(&objective)
        case .refinement:
            try band.step(&objective)
            if let stop = band.stop { finish(refinement: BandRun(steps: band.steps, stop: stop)) }
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

    /// Begins the next level, or the climb.
    private mutating func endRun(_ run: BandRun) {
        runs.append(run)
        if runs.count < levelCount {
            // New pivots by the mix, and a fresh memory: an old one belongs to other places of the path.
            let path = space.resampled(band.path, pivots: settings.levelPivots[runs.count])
            band = makeBand(BandState(path: path, after: band.state))
        } else if runs.count < runCount {
            var state = band.state
            state.stop = nil
            state.earlierSteps += state.steps
            state.steps = 0
            state.memories = []
            band = makeBand(state)
        }
    }

    /// The band that goes on from `state` in the present stage.
    private func makeBand(_ state: BandState<Point>) -> ElasticBand<Space> {
        var rules = settings.rules
        if stage == .climbing { rules.stop = .stepLimit }
        let limit =
            switch stage {
            case .refinement: settings.refinementSteps
            case .climbing: settings.climbingSteps
            default: settings.steps
            }
        let isLastLevel = stage == .band && runs.count == levelCount - 1
        return ElasticBand(
            resuming: state, space: space, stepLimit: limit, extraSteps: isLastLevel ? settings.extraSteps : 0,
            learningRate: settings.learningRate, rules: rules)
    }

    private mutating func finish(refinement: BandRun?) {
        let stride = band.path.count == settings.pivots + 2 ? 1 : settings.interpolations + 1
        result = BandResult(
            path: band.path, activations: band.state.activationsAreCurrent ? band.activations : [],
            levels: Array(runs.prefix(levelCount)), refinement: refinement,
            // A refinement moves all, and nobody climbs in it.
            climber: refinement == nil ? climber.map { $0 * stride } : nil, evaluations: band.evaluations,
            gradientEvaluations: band.state.gradientEvaluations)
    }
}

extension BandWrapper {
    /// Puts the interpolations into the path, measures them, and starts the refinement if one of
    /// them is too low. Without a refinement to decide on, they are left to whoever shows the path.
    private mutating func interpolate<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        guard settings.refinementSteps > 0 else { return finish(refinement: nil) }
        if !band.state.activationsAreCurrent { try band.measure(&objective) }
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

        // The new band knows all that the last one learnt, and goes on counting.
        var state = BandState(path: path, after: band.state)
        state.activations = activations
        state.activationsAreCurrent = true
        state.endObjectives = band.state.endObjectives
        state.evaluations += inserted.count
        isRefining = isAnyTooLow
        band = makeBand(state)
        if !isAnyTooLow { finish(refinement: nil) }
    }
}
