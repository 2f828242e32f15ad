/// The state of one image of a set between two steps of the set.
public struct DiverseFacetProgress: Sendable, Equatable {
    public var facet: FacetProgress
    /// The present beta of the image, and the average activation that decides about it.
    public var weight: Double
    public var averageActivation: Double
    /// Whether it began anew as a copy of the first.
    public var isRestarted: Bool

    public init(facet: FacetProgress, weight: Double, averageActivation: Double, isRestarted: Bool = false) {
        self.facet = facet
        self.weight = weight
        self.averageActivation = averageActivation
        self.isRestarted = isRestarted
    }
}

extension DiverseFacets {
    /// The state of each image between two whole steps of the set.
    public var progress: [DiverseFacetProgress] {
        members.map {
            DiverseFacetProgress(
                facet: $0.optimizer.progress, weight: $0.weight.value, averageActivation: $0.weight.average,
                isRestarted: $0.isRestarted)
        }
    }

    /// Continues the same set from its saved state.
    /// - Throws: `FacetProgressError` if that state is impossible; then the set cannot be used any more.
    public func resume(_ progress: [DiverseFacetProgress]) throws {
        guard progress.count == count, Set(progress.map(\.facet.step)).count == 1 else {
            throw FacetProgressError(
                description: "\(progress.count) images, or not all at the same step, in a set of \(count)")
        }
        for (member, progress) in zip(members, progress) {
            try member.optimizer.resume(progress.facet)
            member.isRestarted = progress.isRestarted
            // Every step has updated the weight once.
            try member.weight.restore(
                value: progress.weight, average: progress.averageActivation, steps: progress.facet.step)
        }
    }
}
