extension PathSpace {
    /// The ends of the segment whose direction `from` -> `to` is the tangent at interior pivot
    /// `index`: the one towards the neighbour with the lower objective. This choice, rather than
    /// a central difference, keeps kinks out of the path.
    ///
    /// Thesis section 4.3.1; Henkelman and Jonsson 2000 for energies, which are negative objectives.
    public func tangent(at index: Int, objectives: [Double]) -> (from: Int, to: Int) {
        precondition(index > 0 && index < objectives.count - 1, "the ends of a path have no tangent")
        return objectives[index + 1] < objectives[index - 1]
            ? (from: index, to: index + 1) : (from: index - 1, to: index)
    }

    /// Leaves of `force` at interior pivot `index` only what is perpendicular to the path there.
    public func project(
        _ force: inout Point, perpendicularTo path: [Point], at index: Int, objectives: [Double]
    ) {
        let (from, to) = tangent(at: index, objectives: objectives)
        project(&force, perpendicularTo: path[from], path[to])
    }
}
