/// The nudged elastic band, string form (thesis section 4.3.1, Algorithm 1): a chain of pivots between two fixed ends
/// that climbs the objective perpendicular to itself.
///
/// A value that is stepped: the caller shows progress, checkpoints and continues bit for bit.
///
/// ```swift
/// var band = ElasticBand(space: space, path: path, maximumSteps: 500, learningRate: 0.002)
/// while band.stop == nil { try band.step(&objective) }
/// ```
public struct ElasticBand<Space: PathSpace>: Sendable {
    public typealias Point = Space.Point

    public let space: Space
    public let maximumSteps: Int
    public let learningRate: Double
    /// The pivot of lowest objective climbs along the path to its saddle: its tangential force is turned around
    /// (Henkelman et al. 2000). For finding saddles; the stop rule then never holds.
    public let climbs: Bool
    /// The pivots with both ends.
    public private(set) var path: [Point]
    /// Activations along `path`; empty before the first step.
    public private(set) var activations: [Double] = []
    /// Objectives along `path`, as far as they were needed.
    public private(set) var objectives: [Double] = []
    public private(set) var steps = 0
    /// Evaluations of the objective so far, ends included.
    public private(set) var evaluations = 0
    public private(set) var stop: BandStop?

    /// - Parameter path: at least the two ends, which stay; the pivots between them move.
    public init(space: Space, path: [Point], maximumSteps: Int, learningRate: Double, climbs: Bool = false) {
        precondition(path.count >= 2, "a path has two ends")
        precondition(maximumSteps >= 0 && learningRate.isFinite, "steps and learning rate are sensible")
        self.space = space
        self.path = path
        self.maximumSteps = maximumSteps
        self.learningRate = learningRate
        self.climbs = climbs
    }

    /// The lowest activation among the pivots.
    public var lowestActivation: Double? { activations.dropFirst().dropLast().min() }

    /// Evaluates the pivots; stops if they all reach the lower end, or else moves them and redistributes the chain.
    ///
    /// The evaluation of the current path serves the stop rule and the forces: nothing is evaluated twice.
    /// - Throws: `BandError.notFinite`, and what the objective throws.
    public mutating func step<Objective: BandObjective<Point>>(_ objective: inout Objective) throws {
        precondition(stop == nil, "the band has stopped")
        let last = path.count - 1
        guard last > 1 else {
            stop = .reachedEnds
            return
        }
        let isFirst = activations.isEmpty
        if steps == maximumSteps, !isFirst {
            // The last path needs no forces.
            let values = try objective.activations(of: Array(path[1..<last]))
            evaluations += values.count
            try accept(values, objectives: nil)
            stop = hasReachedEnds ? .reachedEnds : .stepLimit
            return
        }
        var evaluated = try objective.evaluate(isFirst ? path : Array(path[1..<last]))
        evaluations += evaluated.count
        if isFirst {
            activations = evaluated.map(\.activation)
            objectives = evaluated.map(\.objective)
            evaluated = Array(evaluated[1..<last])
        }
        try accept(evaluated.map(\.activation), objectives: evaluated.map(\.objective))
        if hasReachedEnds {
            stop = .reachedEnds
        } else if steps == maximumSteps {
            stop = .stepLimit
        } else {
            try move(evaluated)
            steps += 1
        }
    }

    private var hasReachedEnds: Bool {
        guard let lowest = lowestActivation else { return true }
        return lowest >= min(activations[0], activations[activations.count - 1])
    }

    private mutating func accept(_ values: [Double], objectives new: [Double]?) throws {
        for (index, value) in values.enumerated() { activations[index + 1] = value }
        for (index, value) in (new ?? []).enumerated() { objectives[index + 1] = value }
        for (index, value) in activations.enumerated() where !value.isFinite {
            throw BandError.notFinite(what: "activation", pivot: index, step: steps)
        }
    }

    private mutating func move(_ evaluated: [PivotEvaluation<Point>]) throws {
        let last = path.count - 1
        let climber = climbs ? (1..<last).min { objectives[$0] < objectives[$1] } : nil
        var forces: [Point] = []
        for pivot in 1..<last {
            var force = evaluated[pivot - 1].gradient
            guard space.isFinite(force) else { throw BandError.notFinite(what: "gradient", pivot: pivot, step: steps) }
            space.condition(&force)
            let (from, to) = tangent(at: pivot)
            space.subtractComponent(pivot == climber ? 2 : 1, from: &force, along: path[from], path[to])
            forces.append(force)
        }
        for pivot in 1..<last { space.move(&path[pivot], by: forces[pivot - 1], scale: learningRate) }
        if let climber {
            // The climber divides the chain: each side spreads evenly by itself.
            path =
                Path.redistribute(Array(path[...climber]), in: space)
                + Path.redistribute(Array(path[climber...]), in: space).dropFirst()
        } else {
            path = Path.redistribute(path, in: space)
        }
    }

    /// The tangent at a pivot as the indices of its foot and tip: towards the neighbour with the lower objective.
    private func tangent(at pivot: Int) -> (from: Int, to: Int) {
        objectives[pivot + 1] < objectives[pivot - 1] ? (pivot, pivot + 1) : (pivot - 1, pivot)
    }

    /// The same band with another count of evaluations: what its wrapper spent beside it belongs to it.
    func counting(_ evaluations: Int) -> Self {
        var band = self
        band.evaluations = evaluations
        return band
    }
}
