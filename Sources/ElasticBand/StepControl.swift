/// Keeps pivots at the height of the ends: METHODS "The better band", step 4.
///
/// Under random transforms a single activation says little, so averages over the steps are compared: c = clip((L - E) /
/// (.15 |L|), 0, 1). E is a pivot's average, and L is the line between the averages of the two ends. The ends go
/// through the same transforms as the pivots, even if they were made without any.
public struct StepControl: Sendable, Equatable, Codable {
    /// E along the path, both ends included; empty before the first step.
    public internal(set) var averages: [Double] = []
    /// How many steps `averages` have seen.
    public internal(set) var steps = 0

    public init() {}

    /// Weight of the past in an average.
    static let memory = 0.8
    /// Pivots that lie less than this share below the bar take smaller steps.
    static let margin = 0.15
    /// The least |L| of the margin: ends near zero would leave no margin. Facets of the network's units reach 1 to 12.
    static let floor = 0.1
    /// A path is settled if no factor is larger than this.
    static let settledFactor = 0.02
    /// A pivot that lies further below the bar than this share is worth further steps. Some images between the pivots
    /// lie lower than the pivots: with .03, paths of the deepest layers ended as low as .84 of the line between their
    /// facets.
    static let lowGap = 0.01
    /// An average over fewer steps, 1 / (1 - .8), says too little: a single mild transform must not settle a path.
    static let leastSteps = 5

    /// Takes in the activations of one step, both ends included.
    mutating func add(_ activations: [Double]) {
        steps += 1
        guard averages.count == activations.count else {
            averages = activations
            return
        }
        for index in averages.indices {
            averages[index] = Self.memory * averages[index] + (1 - Self.memory) * activations[index]
        }
    }

    /// c of every pivot between the ends, 0...1.
    var factors: [Double] { gaps.map { min(max($0 / Self.margin, 0), 1) } }

    /// How far each pivot's average lies below the bar, relative to the bar.
    private var gaps: [Double] {
        guard let first = averages.first, let last = averages.last, averages.count > 2 else { return [] }
        return (1..<averages.count - 1).map { index in
            let bar = first + (last - first) * Double(index) / Double(averages.count - 1)
            return (bar - averages[index]) / max(abs(bar), Self.floor)
        }
    }

    /// Whether some pivot is so far below the bar that further steps are worth their cost.
    var isLow: Bool { gaps.contains { $0 > Self.lowGap } }

    var isSettled: Bool {
        steps >= Self.leastSteps && factors.allSatisfy { $0 <= Self.settledFactor }
    }
}
