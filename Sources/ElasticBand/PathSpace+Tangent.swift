extension PathSpace {
    /// The ends of the segment whose direction `from` -> `to` is the tangent at the interior pivot `index`; nil for no
    /// tangent. `lower` takes the segment towards the neighbour with the lower objective. This, unlike a central
    /// difference, keeps kinks out of the path.
    ///
    /// Thesis section 4.3.1; Henkelman and Jonsson 2000 for energies, which are negative objectives.
    public func tangent(
        at index: Int, objectives: [Double], _ kind: StepRules.Tangent = .lower
    ) -> (from: Int, to: Int)? {
        precondition(index > 0 && index < objectives.count - 1, "the ends of a path have no tangent")
        switch kind {
        case .lower:
            return objectives[index + 1] < objectives[index - 1]
                ? (from: index, to: index + 1) : (from: index - 1, to: index)
        case .central: return (from: index - 1, to: index + 1)
        case .none: return nil
        }
    }
}
