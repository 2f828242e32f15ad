/// Adds up the progress of the parts of one stage of a reel, which run at the same time.
final class StageTracker: Sendable {
    private struct Part {
        var step = 0
        var activation: Double?
        var isFinished = false
    }

    private let stage: Stage
    private let reel: Int
    private let limits: [Int]
    /// Every part takes exactly as many steps as its limit says.
    private let isExact: Bool
    private let reporter: any ProgressReporter
    private let parts: Guarded<[Part]>

    /// - Parameter limits: the most steps that each part can take.
    init(_ stage: Stage, reel: Int, limits: [Int], isExact: Bool, reporter: any ProgressReporter) {
        self.stage = stage
        self.reel = reel
        self.limits = limits
        self.isExact = isExact
        self.reporter = reporter
        parts = Guarded([Part](repeating: Part(), count: limits.count))
        report(parts.value)
    }

    /// More steps of a part are done; `activation` is the lowest one that it works on now.
    func advance(_ part: Int, by steps: Int = 1, activation: Double? = nil) {
        change(part) {
            $0.step += steps
            $0.activation = activation ?? $0.activation
        }
    }

    func finish(_ part: Int) {
        change(part) { $0.isFinished = true }
    }

    private func change(_ index: Int, _ body: (inout Part) -> Void) {
        report(
            parts.update { parts in
                body(&parts[index])
                return parts
            })
    }

    private func report(_ parts: [Part]) {
        let shares = zip(parts, limits).map { part, limit in
            part.isFinished ? 1 : min(Double(part.step) / Double(max(limit, 1)), 1)
        }
        // The activation of a finished part will not change any more: the lowest one of the others says more.
        let running = parts.filter { !$0.isFinished }
        let lowest = (running.isEmpty ? parts : running).compactMap(\.activation).min()
        reporter.report(
            .progressed(
                reel: reel,
                StageProgress(
                    stage: stage, fraction: shares.isEmpty ? 1 : shares.reduce(0, +) / Double(shares.count),
                    step: parts.reduce(0) { $0 + $1.step }, stepCount: isExact ? limits.reduce(0, +) : nil,
                    lowestActivation: lowest)))
    }
}
