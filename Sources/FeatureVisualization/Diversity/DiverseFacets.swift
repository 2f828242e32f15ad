import ConvNet

/// Several facets optimised together so that they differ (Olah et al., "Feature Visualization", 2017): each step
/// maximises sum_i A_i - beta mean(A) (1/k) sum_{i != j} cos(G_i, G_j), where G is the Gram matrix of the layer's
/// activations without the units that the objective names, and mean(A) counts as a constant. Logits have no places to
/// be counted over: for them the matrices are those of the last layer before that has.
///
/// The first image is free: the others keep away from it, but it does not keep away from them. So a set needs no more
/// evaluations than the same number of single facets, and shows what the unit likes best. At every step it also gives
/// the activation that a facet reaches *without* the term. If another image falls too far below that, its own beta
/// becomes smaller (`DiversityWeight`), since some units have fewer than k kinds of image to show. If hardly any beta is
/// left, the image has been driven to where the unit finds little, and begins anew beside the first. The last eighth of
/// the steps is without the term and ever slower, so that no facet is a notch in the curve of the bands that go on from it.
///
/// Activations count from a baseline, what the unit gives for a flat grey image: a unit that is negative everywhere has
/// a height to lose, too. Where the uncentred matrices of two images cannot be told apart (cosine above .98), centred
/// ones take their place.
/// A step has two halves, each of which can run for all images at once: `look(_:)` for all of them, `settle()`, then
/// `climb(_:)` for all of them.
public final class DiverseFacets: @unchecked Sendable {
    // `@unchecked`: each call of `look` or `climb` changes one member alone; `settle` runs by itself between the
    // halves.

    private let objective: Objective
    let members: [DiverseFacet]
    /// The activation of a flat grey image.
    private let baseline: Double
    /// max(mean A, 0) of the present step, A from the baseline: while nothing is gained, likeness costs nothing.
    private var meanActivation = 0.0
    /// Whether the present step is one of the last, in which each image is alone with the unit.
    private var isSettling = false
    /// What the learning rate is multiplied by in the present step: it falls in the last ones.
    private var rate = 1.0
    /// Between which images the centred matrices count in this step: their places, the smaller first.
    private var centredPairs: [[Int]] = []

    /// - Parameters:
    ///   - names: one for each facet, at least two.
    ///   - specification: of every facet; only the name differs.
    ///   - diversity: beta.
    ///   - firstIndex: the place of the first facet in the reel. The facets' places and `seed` key all random numbers.
    ///   - start: where all of them start, the others with a little noise added that parts them from the first; nil: each at
    ///     noise of its own.
    ///   - diversityLayer: the layer whose Gram matrices are to differ, one of the evaluators' gradient taps; nil: the
    ///     evaluators' own.
    ///   - baseline: the activation of a flat grey image.
    ///   - evaluator: makes an evaluator for each image, all of one layer and size: about 10 MB each at 224 pixels.
    public init(
        names: [String], _ specification: FacetSpecification, diversity: Double, objective: Objective, seed: UInt64,
        firstIndex: Int, start: FacetStart? = nil, diversityLayer: String? = nil, baseline: Double = 0,
        evaluator: () throws -> Evaluator
    ) throws {
        precondition(names.count >= 2, "a set has at least two facets")
        self.objective = objective
        self.baseline = baseline
        members = try names.enumerated().map { place, name in
            var own = specification
            own.name = name
            let evaluator = try evaluator()
            let optimizer = FacetOptimizer(
                own, height: evaluator.height, width: evaluator.width, seed: seed, index: firstIndex + place,
                start: start?.ofMember(place))
            return try DiverseFacet(
                optimizer, evaluator, DiversityWeight(place == 0 ? 0 : diversity), diversityLayer: diversityLayer)
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
        member.countTogether(leavingOut: objective.units)
    }

    /// Between the two halves: checks the activations, and adapts the betas to them.
    /// - Throws: `FacetError`, before the fault of one image can reach the others through the term.
    public func settle() throws {
        for member in members { try member.optimizer.check(member.activation) }
        let heights = members.map { Double($0.activation) - baseline }
        meanActivation = max(0, heights.reduce(0, +) / Double(members.count))
        members[0].weight.observe(heights[0], free: nil)
        for (member, height) in zip(members, heights).dropFirst() {
            member.weight.observe(height, free: members[0].weight.average)
        }
        isSettling = step >= lastDiverseStep
        rate = isSettling ? Double(steps - step) / Double(steps - lastDiverseStep + 1) : 1
        centredPairs = isSettling || step < Self.earlySteps ? [] : alikePairs()
        for index in Set(centredPairs.joined()) { members[index].centre(leavingOut: objective.units) }
    }

    private var step: Int { members[0].optimizer.step }
    private var steps: Int { members[0].optimizer.specification.steps }
    /// From this step on each image is alone with the unit.
    private var lastDiverseStep: Int { steps - steps / 8 }
    /// In the first steps all images are alike, since they are noise.
    private static let earlySteps = 32
    /// Uncentred matrices with a higher cosine tell nothing apart.
    fileprivate static let alike = 0.98
    /// An image that begins anew needs so many steps before the last ones.
    private static let stepsAfterRestart = 24

    private func alikePairs() -> [[Int]] {
        members.indices.flatMap { first in
            (first + 1..<members.count).filter { members[first].gram.cosine(members[$0].gram) > Self.alike }
                .map { [first, $0] }
        }
    }

    /// After a step of all images: what has been lost begins anew.
    public func restartLost() {
        guard step + Self.stepsAfterRestart <= lastDiverseStep else { return }
        let free = members[0].weight.average
        for member in members.dropFirst() where member.weight.isLost(free: free) && !member.isRestarted {
            member.optimizer.restart(from: members[0].optimizer)
            member.weight.restart(average: free)
            member.isRestarted = true
        }
    }

    /// Second half of a step for one image: it moves up its gradient.
    /// - Throws: `FacetError`
    public func climb(_ index: Int) throws {
        let member = members[index]
        if member.weight.value > 0, meanActivation > 0, !isSettling {
            let others = members.indices.filter { $0 != index }
            let isCentred = { [centredPairs] other in centredPairs.contains([min(index, other), max(index, other)]) }
            // Each pair stands twice in the sum.
            let scale = -2 * member.weight.value * meanActivation / Double(count)
            member.addGradient(
                of: others.filter { !isCentred($0) }.map { members[$0].gram },
                centred: others.filter(isCentred).compactMap { members[$0].centred?.gram }, scale: scale)
        }
        try member.optimizer.climb(rate: rate) { _, gradient in
            member.pullBack(into: &gradient)
            return member.activation
        } redirected: { view, gradient in
            try member.evaluator.redirectedGradient(of: objective, at: view, into: &gradient)
        }
    }

    /// A finished facet, and what it cost to keep away from the others.
    public struct Result: Sendable {
        public var facet: Facet
        /// Beta at the end; 0 for the first facet, which is free.
        public var weight: Double
        /// The mean cosine between the Gram matrix of its final image and those of the others.
        public var likeness: Double
        /// Whether it began anew as a copy of the first.
        public var isRestarted: Bool
    }

    /// Evaluates the final images.
    /// - Throws: `FacetError`
    public func finish() throws -> [Result] {
        let facets = try members.map { member in
            try member.optimizer.finish { image in
                member.evaluator.findActivations(of: image, into: &member.activations)
                member.countTogether(leavingOut: objective.units)
                member.centre(leavingOut: objective.units)
                return objective.value(of: member.activations)
            }
        }
        return members.indices.map { index in
            let others = members.indices.filter { $0 != index }
            let sum = others.reduce(0) { $0 + likeness(members[index], members[$1]) }
            return Result(
                facet: facets[index], weight: members[index].weight.value, likeness: sum / Double(others.count),
                isRestarted: members[index].isRestarted)
        }
    }
}

/// How alike two evaluated images are, by the matrices that tell them apart.
private func likeness(_ a: DiverseFacet, _ b: DiverseFacet) -> Double {
    let uncentred = a.gram.cosine(b.gram)
    guard uncentred > DiverseFacets.alike, let a = a.centred, let b = b.centred else { return uncentred }
    return a.gram.cosine(b.gram)
}

/// One image with its own evaluator, whose masks must last from the image's `look` to its `climb`.
final class DiverseFacet {
    let optimizer: FacetOptimizer
    let evaluator: Evaluator
    var weight: DiversityWeight
    var activations: Tensor
    var cotangent: Tensor
    var rows: UnitRows
    var gram: GramMatrix
    /// Of the centred activations, if they are needed in this step.
    var centred: (rows: UnitRows, gram: GramMatrix)?
    /// Whether it began anew as a copy of the first.
    var isRestarted = false
    var activation: Float = 0
    /// The layer whose Gram matrix counts, with its activations and their gradient, if it is not the evaluator's own.
    private let other: String?
    private var otherActivations: Tensor
    private var otherCotangent: Tensor

    /// - Throws: `EvaluatorError` if the evaluator was not made to keep the diversity's layer.
    init(
        _ optimizer: FacetOptimizer, _ evaluator: Evaluator, _ weight: DiversityWeight, diversityLayer: String?
    ) throws(EvaluatorError) {
        self.optimizer = optimizer
        self.evaluator = evaluator
        self.weight = weight
        activations = Tensor(zerosOf: evaluator.activationShape)
        cotangent = activations
        rows = UnitRows(Tensor(zerosOf: [1, 1, 1]), leavingOut: [])
        gram = GramMatrix(rows)
        other = diversityLayer
        otherActivations = Tensor(
            zerosOf: try diversityLayer.map { (layer) throws(EvaluatorError) in
                try evaluator.activationShape(of: layer)
            } ?? [1, 1, 1])
        otherCotangent = otherActivations
    }

    /// The Gram matrix for the image that has just been evaluated. `units` are those of the evaluator's own layer.
    func countTogether(leavingOut units: [Int]) {
        if let other {
            evaluator.copyActivations(of: other, into: &otherActivations)
            otherCotangent.values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
            rows = UnitRows(otherActivations, leavingOut: [])
        } else {
            rows = UnitRows(activations, leavingOut: units)
        }
        gram = GramMatrix(rows)
        centred = nil
    }

    /// The same for the centred activations.
    func centre(leavingOut units: [Int]) {
        let rows =
            other == nil
            ? UnitRows(activations, leavingOut: units, isCentred: true)
            : UnitRows(otherActivations, leavingOut: [], isCentred: true)
        centred = (rows, GramMatrix(rows))
    }

    /// Adds the likeness's gradient.
    func addGradient(of others: [GramMatrix], centred othersCentred: [GramMatrix], scale: Double) {
        func add(to cotangent: inout Tensor) {
            if !others.isEmpty { _ = gram.addGradient(of: others, at: rows, scale: scale, to: &cotangent) }
            if let centred, !othersCentred.isEmpty {
                _ = centred.gram.addGradient(of: othersCentred, at: centred.rows, scale: scale, to: &cotangent)
            }
        }
        if other != nil { add(to: &otherCotangent) } else { add(to: &cotangent) }
    }

    func pullBack(into gradient: inout Image) {
        evaluator.pullBack(
            cotangent, adding: other.map { [(layer: $0, cotangent: otherCotangent)] } ?? [], into: &gradient)
    }
}
