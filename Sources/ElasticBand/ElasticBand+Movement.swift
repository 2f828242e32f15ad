extension ElasticBand {
    /// Moves the path along the directions: steps 4 to 7 of METHODS "The better band", those that `rules` ask for.
    mutating func movePivots<Objective: BandObjective>(objectives: [Double], _ objective: Objective) throws
    where Objective.Point == Point {
        let (space, path, forces, learningRate, kind) = (space, path, forces, learningRate, rules.tangent)
        if spare.count != path.count { spare = path }
        // The tangents are those of the path before any pivot moves; the moved path is written elsewhere.
        let tangents = (1..<path.count - 1).map { space.tangent(at: $0, objectives: objectives, kind) }
        // Step control is part of the weights: a separate pass over all forces would take as long as the sum itself.
        let weights = forceWeights()
        try objective.updateEach(&spare, backward: true) { index, point in
            guard index > 0, index < path.count - 1 else { return }
            // No pivot moves that is near enough to contribute.
            if weights[index - 1].weights.isEmpty { return space.mix(path[index], path[index], at: 0, into: &point) }
            var tangent: (Point, Point)?
            if let (from, to) = tangents[index - 1] { tangent = (path[from], path[to]) }
            space.move(
                path[index], by: forces, from: weights[index - 1].first, weights: weights[index - 1].weights,
                perpendicularTo: tangent, scale: learningRate, into: &point)
        }
        if let climber, let (from, to) = tangents[climber - 1] {
            // Without step control: the climber must go down from wherever it is.
            let climberDirection = forces[climber - 1]  // all are movable in a climb
            // Perpendicular part minus tangential part = 2 * perpendicular part - direction.
            var perpendicular = climberDirection
            space.project(&perpendicular, perpendicularTo: path[from], path[to])
            spare[climber] = path[climber]
            space.move(&spare[climber], by: perpendicular, scale: 2 * learningRate)
            space.move(&spare[climber], by: climberDirection, scale: -learningRate)
        }
        swap(&state.path, &spare)
        state.activationsAreCurrent = false
    }

    /// For each pivot: the first force of its weighted sum, and the weights from that force on. The weights contain
    /// chain smoothing and step control.
    private func forceWeights() -> [(first: Int, weights: [Double])] {
        let factors = pivotFactors()
        return ChainSmoothing.weights(count: factors.count, passes: rules.smoothing).map { row in
            let reached = movable.indices.filter { row.weights.indices.contains(movable[$0] - 1 - row.first) }
            return (
                first: reached.first ?? 0,
                weights: reached.map { row.weights[movable[$0] - 1 - row.first] * factors[movable[$0] - 1] }
            )
        }
    }

    /// How much of its step each pivot takes, 0...1.
    private func pivotFactors() -> [Double] {
        var factors =
            rules.controlsSteps
            ? state.control.factors(from: rules.baseline) : [Double](repeating: 1, count: path.count - 2)
        let ends = (activations[0], activations[activations.count - 1])
        for index in factors.indices where rules.freezes(activations[index + 1], ends: ends) { factors[index] = 0 }
        return factors
    }

    /// Spreads the pivots evenly between the ends, or on either side of the climber (step 8).
    mutating func redistribute<Objective: BandObjective>(_ objective: Objective) throws
    where Objective.Point == Point {
        let (space, path) = (space, path)
        var lengths = [Double](repeating: 0, count: path.count - 1)
        try objective.updateEach(&lengths) { index, length in
            length = space.distance(path[index], path[index + 1])
        }
        if let index = lengths.firstIndex(where: { !$0.isFinite }) {
            try require(false, .position, space.isFinite(path[index]) ? index + 1 : index)
        }
        var places = Arclength.evenPlaces(lengths: lengths)
        if let climber {
            let after = Arclength.evenPlaces(lengths: Array(lengths[climber...])).map { $0 + Double(climber) }
            places = Arclength.evenPlaces(lengths: Array(lengths[..<climber])) + after.dropFirst()
        }
        let target = places
        try objective.updateEach(&spare, backward: true) { index, point in
            guard index > 0, index < path.count - 1 else { return }
            space.point(at: target[index], of: path, into: &point)
        }
        swap(&state.path, &spare)
    }
}
