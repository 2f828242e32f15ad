/// A chain of pivots between two fixed ends. Each step moves the pivots up the gradient of an objective, without the
/// component along the chain, and then spaces them evenly again. This is thesis Algorithm 1, the string form of the
/// nudged elastic band. With other `rules` it is the "better band" of METHODS.
///
///     var band = ElasticBand(path: path, space: space, stepLimit: 500, learningRate: 0.002)
///     while band.stop == nil { try band.step(&objective) }
///
/// A band is a value: a copy, or its `state` on disk, continues bit for bit like the original.
public struct ElasticBand<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public let space: Space
    /// T: the greatest number of steps that move the pivots.
    public let stepLimit: Int
    /// The greatest number of further steps, taken while step control finds a pivot far below the line between the
    /// ends.
    public let extraSteps: Int
    /// gamma: how far along its force a pivot moves.
    public let learningRate: Double
    public let rules: StepRules

    public internal(set) var state: BandState<Point>

    /// The climber of the last move: the pivot that was the lowest, as a place in the path; nil outside a climb.
    public internal(set) var climber: Int?

    /// The pivots that this step may move, as places in the path, ascending.
    var movable: [Int] = []
    /// The gradients of these pivots, which then become their directions; overwritten in every step.
    var forces: [Point] = []
    var unusedForces: [Point] = []
    /// Here the next path is written; then it is swapped with `state.path`.
    var spare: [Point] = []

    /// The points, both ends included.
    public var path: [Point] { state.path }
    /// The activations of the last evaluation. While the band runs, the path has moved since then; once it has stopped
    /// on a steady objective, they are those of `path`. Empty before the first step.
    public var activations: [Double] { state.activations }
    /// The lowest of `activations` between the ends; nil before the first step.
    public var lowestActivation: Double? { activations.dropFirst().dropLast().min() }
    /// Steps taken, each of which moved every pivot.
    public var steps: Int { state.steps }
    /// Points handed to the objective, with and without gradient.
    public var evaluations: Int { state.evaluations }
    /// Why the band stopped, or nil while it runs.
    public var stop: BandStop? { state.stop }

    /// - Precondition: at least one point between the ends, `stepLimit` >= 0, `learningRate` > 0;
    ///   `BandSettings` guarantees it.
    public init(
        path: [Point], space: Space, stepLimit: Int, learningRate: Double, rules: StepRules = StepRules()
    ) {
        self.init(
            resuming: BandState(path: path), space: space, stepLimit: stepLimit, learningRate: learningRate,
            rules: rules)
    }

    /// A band that continues from `state`.
    public init(
        resuming state: BandState<Point>, space: Space, stepLimit: Int, extraSteps: Int = 0, learningRate: Double,
        rules: StepRules = StepRules()
    ) {
        precondition(state.path.count >= 3, "a band needs a pivot between its ends")
        precondition(stepLimit >= 0 && extraSteps >= 0 && learningRate > 0 && learningRate.isFinite)
        self.space = space
        self.stepLimit = stepLimit
        self.extraSteps = extraSteps
        self.learningRate = learningRate
        self.rules = rules
        self.state = state
    }

    /// Evaluates the path and either stops or takes one step; does nothing once stopped.
    ///
    /// The same evaluation serves the stop test and the gradient, so a band that stops after t steps has evaluated
    /// every pivot t + 1 times. The evaluation after the last step is without gradient, and is left out if the
    /// objective is not steady. The ends are evaluated without gradient; on a steady objective only once.
    ///
    /// - Parameter climbing: the lowest pivot goes *down* along the path instead of keeping its place on it, and the
    ///   others are spread evenly on either side of it. It converges to the saddle point itself (Henkelman, Uberuaga
    ///   and Jonsson 2000, climbing image).
    /// - Throws: what `objective` throws. An error while it is asked for values leaves the band as it was. An error
    ///   while it performs something does not, so an objective that can be interrupted must perform to the end. Also
    ///   `BandError.notFinite`, after which the band cannot go on.
    public mutating func step<Objective: BandObjective>(
        _ objective: inout Objective, climbing: Bool = false
    ) throws where Objective.Point == Point {
        guard stop == nil else { return }
        if state.activationsAreCurrent, rules.stop == .reachedEnds, state.reachesEnds {
            state.stop = .reachedEnds
            return
        }
        if steps >= stepLimit, !takesFurtherStep() {
            if objective.isSteady, !state.activationsAreCurrent { try measure(&objective) }
            let isReached = rules.stop == .reachedEnds && state.activationsAreCurrent && state.reachesEnds
            state.stop = isReached ? .reachedEnds : .stepLimit
            return
        }
        let objectives = try evaluate(&objective, climbing: climbing)
        if rules.stop == .reachedEnds, state.reachesEnds {
            state.stop = .reachedEnds
        } else if rules.stop == .settled, state.control.isSettled(from: rules.baseline) {
            state.stop = .settled
        } else {
            // Averages if there are any: under random transforms the lowest pivot of a single step is arbitrary.
            climber = climbing ? lowestPivot(rules.controlsSteps ? state.control.averages : objectives) : nil
            try movePivots(objectives: objectives, objective)
            try redistribute(objective)
            state.steps += 1
        }
    }

    /// Whether a step beyond the limit is worth its cost.
    private mutating func takesFurtherStep() -> Bool {
        guard rules.controlsSteps, steps < stepLimit + extraSteps, state.control.isLow(from: rules.baseline) else {
            return false
        }
        return !state.control.isFruitless(atFurtherStep: steps - stepLimit, from: rules.baseline)
    }

    func require(_ isFinite: Bool, _ quantity: BandError.Quantity, _ pivot: Int) throws {
        if !isFinite { throw BandError.notFinite(quantity, pivot: pivot, step: steps + 1) }
    }

    /// The interior pivot with the lowest value; `values` has one for every point of the path.
    private func lowestPivot(_ values: [Double]) -> Int? {
        (1..<(values.count - 1)).min { values[$0] < values[$1] }
    }
}
