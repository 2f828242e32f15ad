/// What makes the pull back to a picture as strong as the pull of the unit: b, the size of the activation's gradient over
/// that of the distance's, each the sum of its absolute values.
///
/// At the picture itself the distance has a corner and no gradient; from the first move on its gradient has the size
/// that it keeps, since the distance grows in proportion to the move. So b is taken over the first steps in which both
/// gradients are there, as the ratio of their sums, and stays from then on.
public struct NearnessBalance: Sendable, Equatable {
    /// Steps that b is taken over. Each sees another transform.
    static let measuredSteps = 8

    /// Sums of absolute gradients over the steps that count.
    public var activation: Double
    public var distance: Double
    /// How many these are.
    public var steps: Int

    public init(activation: Double = 0, distance: Double = 0, steps: Int = 0) {
        self.activation = activation
        self.distance = distance
        self.steps = steps
    }

    /// Whether b stays as it is.
    var isSettled: Bool { steps >= Self.measuredSteps }
    /// b; nil before both gradients have been there.
    var value: Double? { steps > 0 ? activation / distance : nil }

    /// Takes in the gradients of a step, unless one of them is zero everywhere.
    mutating func observe(activation: Double, distance: Double) {
        guard !isSettled, activation > 0, distance > 0 else { return }
        self.activation += activation
        self.distance += distance
        steps += 1
    }

    /// Whether an optimisation can have led to it within so many steps.
    func isPossible(after steps: Int) -> Bool {
        (0...min(Self.measuredSteps, steps)).contains(self.steps) && activation.isFinite && distance.isFinite
            && (self.steps == 0 ? activation == 0 && distance == 0 : activation > 0 && distance > 0)
    }
}
