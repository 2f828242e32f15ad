/// Everything that happens between two facets. First come bands with more and more pivots, level by level. Then, if
/// asked for, the lowest pivot climbs down. Then follows thesis Algorithm 2: images are interpolated between
/// neighbours, and if one of them is too low, another band runs with all of them as pivots.
///
///     var wrapper = BandWrapper(from: a, to: b, space: space, settings: settings)
///     while wrapper.result == nil { try wrapper.step(&objective) }
///
/// An interpolation is too low if its activation is lower than those of *both* neighbouring pivots. That is how we read
/// "smaller than activations of neighboring pivots". On every slope an interpolation is lower than one of its
/// neighbours, so "lower than either one" would always refine.
public struct BandWrapper<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public enum Stage: String, Sendable, Codable { case band, climbing, interpolation, refinement, finished }

    public let space: Space
    public let settings: BandSettings
    /// The band that runs now, or ran last.
    public private(set) var band: ElasticBand<Space>
    /// The finished runs: those of the levels, then that of the climb, if there is one.
    public private(set) var runs: [BandRun] = []
    /// Whether the interpolations are pivots now.
    public private(set) var isRefining = false
    /// The last climber: the lowest pivot when the path last moved in a climb, as a place in the path of the last
    /// level.
    public private(set) var climber: Int?
    /// Nil until all is done.
    public private(set) var result: BandResult<Point>?

    /// Steps taken so far in all runs; at most `settings.stepLimit`.
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
            path: space.interpolated([first, last], count: settings.levelPivots[0]), space: space, stepLimit: 0,
            learningRate: settings.learningRate, rules: settings.rules)
        band = makeBand(band.state)
    }

    /// A band that goes on along a finished path, whose ends stay, with one level of further steps.
    /// - Parameters:
    ///   - path: as many points as the last level has, and the ends.
    ///   - lifts: see `StepControl.lifts`; one for each pivot.
    ///   - earlierSteps: all steps of the path so far: they key the random transforms of the next ones.
    ///   - settings: of the path; its climb and its refinement are left out.
    public init(along path: [Point], lifts: [Double], after earlierSteps: Int, space: Space, settings: BandSettings) {
        precondition(path.count == settings.pivots + 2 && lifts.count == settings.pivots, "a lift for each pivot")
        self.space = space
        self.settings = settings.furtherLevel
        var state = BandState(path: path)
        state.control.lifts = lifts
        state.earlierSteps = earlierSteps
        band = ElasticBand(
            resuming: state, space: space, stepLimit: 0, learningRate: settings.learningRate, rules: settings.rules)
        band = makeBand(state)
    }

    /// Continues an unfinished wrapper from its saved parts.
    /// - Throws: `BandError.inconsistentState` if no wrapper with `settings` can have had these parts.
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
        guard runs.count <= runCount, !isRefining || runs.count == runCount,
            runs.allSatisfy({ 0...mostCounted ~= $0.steps })
        else {
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

    /// Begins the next level, or the climb.
    private mutating func endRun(_ run: BandRun) {
        runs.append(run)
        if runs.count < levelCount {
            // The new pivots are mixes of the old ones. They start with a fresh memory: the old one belongs to other
            // places.
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
            // A refinement moves all pivots, and none of them climbs.
            climber: refinement == nil ? climber.map { $0 * stride } : nil, evaluations: band.evaluations,
            gradientEvaluations: band.state.gradientEvaluations)
    }
}

extension BandWrapper {
    /// Puts the interpolations into the path, evaluates them, and starts the refinement if one of them is too low. If
    /// the settings have no refinement, nothing is interpolated here: the caller does it when it shows the path.
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

        // The new band takes over what the last one has evaluated, and goes on counting.
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
