import ConvNet

/// Several facets optimised together so that they differ (Olah et al., "Feature Visualization", 2017): each step
/// maximises sum_i A_i - beta mean(A) (1/k) sum_{i != j} cos(G_i, G_j), where G is the Gram matrix of the layer's
/// activations without the units that the objective names, and mean(A) counts as a constant.
///
/// The first image is left free: the others keep away from it, it does not keep away from them. So a set costs no
/// evaluation more than as many single facets, shows what the unit likes best, and has at every step the activation
/// that a facet reaches *without* the term. An image that falls too far below it has its own beta give way
/// (`DiversityWeight`), since some units have less than k kinds of image to show.
///
/// A step has two halves, each of which can run for all images at once: `look(_:)` for all of them, `settle()`, then
/// `climb(_:)` for all of them.
public final class DiverseFacets: @unchecked Sendable {
    // `@unchecked`: each half of a step changes its own member alone; `settle` runs between halves, by itself.

    private let objective: Objective
    let members: [DiverseFacet]
    /// max(mean A, 0) of the step at hand: while activations are negative, likeness costs nothing.
    private var meanActivation = 0.0

    /// - Parameters:
    ///   - names: of the facets, at least two.
    ///   - specification: of each of them but for its name.
    ///   - diversity: beta.
    ///   - firstIndex: the first facet's place in the reel; with `seed` these key all random numbers.
    ///   - evaluator: makes one for each image, all of one layer and size: about 10 MB each at 224 pixels.
    public init(
        names: [String], _ specification: FacetSpecification, diversity: Double, objective: Objective, seed: UInt64,
        firstIndex: Int, evaluator: () throws -> Evaluator
    ) rethrows {
        precondition(names.count >= 2, "a set has at least two facets")
        self.objective = objective
        members = try names.enumerated().map { place, name in
            var own = specification
            own.name = name
            let evaluator = try evaluator()
            let optimizer = FacetOptimizer(
                own, height: evaluator.height, width: evaluator.width, seed: seed, index: firstIndex + place)
            return DiverseFacet(optimizer, evaluator, DiversityWeight(place == 0 ? 0 : diversity))
        }
    }

    /// k
    public var count: Int { members.count }
    public var isFinished: Bool { members[0].optimizer.isFinished }
    /// Lowest activation of the last step, under its transforms.
    public var lowestActivation: Float { members.map(\.activation).min() ?? 0 }

    /// First half of a step for one image: it goes through the network.
    public func look(_ index: Int) {
        let member = members[index]
        member.optimizer.look()
        member.evaluator.findActivations(of: member.optimizer.view, into: &member.activations)
        member.cotangent.values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        member.activation = objective.addGradient(at: member.activations, to: &member.cotangent)
        member.rows = UnitRows(member.activations, leavingOut: objective.units)
        member.gram = GramMatrix(member.rows)
    }

    /// Between the halves: weighs what has been seen.
    /// - Throws: `FacetError`, before one image's fault reaches the others through the term.
    public func settle() throws {
        for member in members { try member.optimizer.check(member.activation) }
        meanActivation = max(0, members.reduce(0.0) { $0 + Double($1.activation) } / Double(members.count))
        members[0].weight.observe(members[0].activation, free: nil)
        for member in members.dropFirst() {
            member.weight.observe(member.activation, free: members[0].weight.average)
        }
    }

    /// Second half of a step for one image: it moves up its gradient.
    /// - Throws: `FacetError`
    public func climb(_ index: Int) throws {
        let member = members[index]
        if member.weight.value > 0, meanActivation > 0 {
            let others = members.indices.filter { $0 != index }.map { members[$0].gram }
            // Each pair stands twice in the sum.
            let scale = -2 * member.weight.value * meanActivation / Double(count)
            _ = member.gram.addGradient(of: others, at: member.rows, scale: scale, to: &member.cotangent)
        }
        try member.optimizer.climb { _, gradient in
            member.evaluator.pullBack(member.cotangent, into: &gradient)
            return member.activation
        } redirected: { view, gradient in
            member.evaluator.redirectedGradient(of: objective, at: view, into: &gradient)
        }
    }

    /// A finished facet and what keeping away from the others did to it.
    public struct Result: Sendable {
        public var facet: Facet
        /// Beta at the end; 0 of the first facet, which is free.
        public var weight: Double
        /// Mean cosine of its Gram matrix with the others', of the final images.
        public var likeness: Double
    }

    /// Evaluates the final images.
    /// - Throws: `FacetError`
    public func finish() throws -> [Result] {
        let facets = try members.map { member in
            try member.optimizer.finish { image in
                member.evaluator.findActivations(of: image, into: &member.activations)
                member.gram = GramMatrix(UnitRows(member.activations, leavingOut: objective.units))
                return objective.value(of: member.activations)
            }
        }
        return members.indices.map { index in
            let others = members.indices.filter { $0 != index }
            let sum = others.reduce(0) { $0 + members[index].gram.cosine(members[$1].gram) }
            return Result(
                facet: facets[index], weight: members[index].weight.value, likeness: sum / Double(others.count))
        }
    }
}

/// One image, with an evaluator of its own: the masks of its way forward must last until all have been looked at.
final class DiverseFacet {
    let optimizer: FacetOptimizer
    let evaluator: Evaluator
    var weight: DiversityWeight
    var activations: Tensor
    var cotangent: Tensor
    var rows: UnitRows
    var gram: GramMatrix
    var activation: Float = 0

    init(_ optimizer: FacetOptimizer, _ evaluator: Evaluator, _ weight: DiversityWeight) {
        self.optimizer = optimizer
        self.evaluator = evaluator
        self.weight = weight
        activations = Tensor(zerosOf: evaluator.activationShape)
        cotangent = activations
        rows = UnitRows(Tensor(zerosOf: [1, 1, 1]), leavingOut: [])
        gram = GramMatrix(rows)
    }
}
