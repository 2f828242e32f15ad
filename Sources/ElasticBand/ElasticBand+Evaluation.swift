extension ElasticBand {
    /// Evaluates the pivots, their gradients into `forces`, and the ends unless they are known for good.
    /// Returns the objectives of the whole path.
    mutating func evaluate<Objective: BandObjective>(_ objective: inout Objective) throws -> [Double]
    where Objective.Point == Point {
        let pivotCount = path.count - 2
        let withEnds = state.endObjectives.isEmpty || !objective.isSteady
        var points = Array(path[1...pivotCount])
        if withEnds { points += [path[0], path[pivotCount + 1]] }
        if forces.count != pivotCount {
            forces = (0..<pivotCount).map { _ in space.zero(like: path[0]) }
        }
        let values = try objective.evaluate(
            points, step: state.earlierSteps + steps, gradients: &forces)
        precondition(
            values.count == points.count && forces.count == pivotCount, "an objective must answer for every point")
        for (index, value) in values.enumerated() {
            let pivot = index < pivotCount ? index + 1 : index == pivotCount ? 0 : pivotCount + 1
            try require(value.activation.isFinite, .activation, pivot)
            try require(value.objective.isFinite, .objective, pivot)
        }
        state.evaluations += points.count
        state.gradientEvaluations += pivotCount
        let pivots = values[..<pivotCount]
        var ends = Array(values[pivotCount...])
        if !withEnds {
            ends = zip([activations[0], activations[pivotCount + 1]], state.endObjectives).map {
                PivotValue(activation: $0, objective: $1)
            }
        }
        state.activations = [ends[0].activation] + pivots.map(\.activation) + [ends[1].activation]
        state.activationsAreCurrent = objective.isSteady
        if objective.isSteady { state.endObjectives = ends.map(\.objective) }
        state.control.add(state.activations)
        return [ends[0].objective] + pivots.map(\.objective) + [ends[1].objective]
    }

    /// Learns the plain activations of the path, the ends' only if not known yet.
    mutating func measure<Objective: BandObjective>(_ objective: inout Objective) throws
    where Objective.Point == Point {
        let withEnds = activations.isEmpty || !objective.isSteady
        let points = withEnds ? path : Array(path.dropFirst().dropLast())
        let values = try objective.activations(points)
        precondition(values.count == points.count, "an objective must answer for every point")
        for (index, value) in values.enumerated() {
            try require(value.isFinite, .activation, withEnds ? index : index + 1)
        }
        state.evaluations += points.count
        if withEnds {
            state.activations = values
        } else {
            state.activations.replaceSubrange(1...values.count, with: values)
        }
        state.activationsAreCurrent = true
    }
}
