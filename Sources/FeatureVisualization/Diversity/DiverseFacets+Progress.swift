/// Where one image of a set is between two steps of the set.
public struct DiverseFacetProgress: Sendable, Equatable {
    public var facet: FacetProgress
    /// Its beta, as far as it has given way, and what that is judged by.
    public var weight: Double
    public var averageActivation: Double

    public init(facet: FacetProgress, weight: Double, averageActivation: Double) {
        self.facet = facet
        self.weight = weight
        self.averageActivation = averageActivation
    }
}

extension DiverseFacets {
    /// Where the set is: of each image, between two whole steps.
    public var progress: [DiverseFacetProgress] {
        members.map {
            DiverseFacetProgress(
                facet: $0.optimizer.progress, weight: $0.weight.value, averageActivation: $0.weight.average)
        }
    }

    /// Goes on from where the same set was.
    /// - Throws: `FacetProgressError` where it cannot have been there; the set is of no use then.
    public func resume(_ progress: [DiverseFacetProgress]) throws {
        guard progress.count == count, Set(progress.map(\.facet.step)).count == 1 else {
            throw FacetProgressError("\(progress.count) images, or not all at the same step, in a set of \(count)")
        }
        for (member, progress) in zip(members, progress) {
            try member.optimizer.resume(progress.facet)
            // Each step has been weighed once.
            try member.weight.restore(
                value: progress.weight, average: progress.averageActivation, steps: progress.facet.step)
        }
    }
}
