/// Keeps pivots at the height of the ends: METHODS "The better band", step 4.
///
/// Under random transforms a single activation says little, so averages over the steps are compared: c = clip((L - E) /
/// (.15 |L - A0|), 0, 1). E is a pivot's average, and L is the line between the averages of the two ends. The ends go
/// through the same transforms as the pivots, even if they were made without any. A0 is the baseline, from which all
/// activations count (`StepRules.baseline`).
public struct StepControl: Sendable, Equatable, Codable {
    /// E along the path, both ends included; empty before the first step.
    public internal(set) var averages: [Double] = []
    /// How many steps `averages` have seen.
    public internal(set) var steps = 0
    /// How much higher than the line each pivot's bar is, in parts of its height over the baseline; empty for the line
    /// itself.
    public internal(set) var lifts: [Double] = []
    /// What further steps have brought so far; nil before the first.
    public internal(set) var gain: Gain?

    /// What further steps bring: they are not taken for nothing.
    public struct Gain: Sendable, Equatable, Codable {
        /// The least sum of what the pivots lack.
        var least: Double
        /// Checks in a row that did not find noticeably less.
        var fruitless = 0
        /// The further step before which was checked last: one that is begun again after a stop is not checked twice.
        var checkedAt = 0
    }

    public init() {}

    /// Weight of the past in an average.
    static let memory = 0.8
    /// Pivots that lie less than this share below the bar take smaller steps.
    static let margin = 0.15
    /// The least |L - A0|, as a part of what the higher end reaches over the baseline: an end that the unit likes no
    /// better than grey would leave no margin.
    static let floor = 0.05
    /// A path is settled if no factor is larger than this.
    static let settledFactor = 0.02
    /// A pivot that lies further below the bar than this share is worth further steps. What little is missing then is
    /// seen, and mended, by measure (`PathStage.improved`).
    static let lowGap = 0.02
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
    func factors(from baseline: Double) -> [Double] { gaps(from: baseline).map { min(max($0 / Self.margin, 0), 1) } }

    /// How far each pivot's average lies below its bar, relative to the line's height over the baseline.
    private func gaps(from baseline: Double) -> [Double] {
        guard let first = averages.first, let last = averages.last, averages.count > 2 else { return [] }
        let least = max(Self.floor * max(abs(first - baseline), abs(last - baseline)), .leastNormalMagnitude)
        return (1..<averages.count - 1).map { index in
            let line = first + (last - first) * Double(index) / Double(averages.count - 1)
            let lift = lifts.indices.contains(index - 1) ? lifts[index - 1] : 0
            return (line - averages[index]) / max(abs(line - baseline), least) + lift
        }
    }

    /// Whether some pivot is so far below the bar that further steps are worth their cost.
    func isLow(from baseline: Double) -> Bool { gaps(from: baseline).contains { $0 > Self.lowGap } }

    func isSettled(from baseline: Double) -> Bool {
        steps >= Self.leastSteps && factors(from: baseline).allSatisfy { $0 <= Self.settledFactor }
    }

    /// Whether further steps have brought nothing in the last checks; `number` counts them from 0.
    mutating func isFruitless(atFurtherStep number: Int, from baseline: Double) -> Bool {
        guard number.isMultiple(of: Self.stepsPerCheck) else { return false }
        let lacking = gaps(from: baseline).reduce(0) { $0 + max($1 - Self.lowGap, 0) }
        guard var gain else {
            gain = Gain(least: lacking, checkedAt: number)
            return false
        }
        guard number != gain.checkedAt else { return gain.fruitless >= Self.mostFruitless }
        let isBetter = lacking < Self.noticeable * gain.least
        gain.fruitless = isBetter ? 0 : gain.fruitless + 1
        gain.least = min(gain.least, lacking)
        gain.checkedAt = number
        self.gain = gain
        return gain.fruitless >= Self.mostFruitless
    }

    private static let stepsPerCheck = 10
    private static let noticeable = 0.9
    private static let mostFruitless = 3
}
