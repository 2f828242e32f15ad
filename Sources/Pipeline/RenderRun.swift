import JobManifest

/// What became of one reel.
public enum ReelOutcome: Sendable, Equatable {
    /// The path of its `film.mp4`.
    case finished(film: String)
    /// What went wrong where, and what to try.
    case failed(message: String)
    /// Given up because the run was asked to stop.
    case stopped
    case notStarted
}

/// Renders many reels; one that fails fails alone.
public struct RenderRun: Sendable {
    public let reels: [Reel]
    public let context: RenderContext
    /// Goes on with the other reels when one has failed; otherwise starts none after it.
    public let keepsGoing: Bool

    public init(reels: [Reel], context: RenderContext, keepsGoing: Bool) {
        self.reels = reels
        self.context = context
        self.keepsGoing = keepsGoing
    }

    /// Renders all reels, in order as workers become free, and returns their outcomes in order.
    public func outcomes() -> [ReelOutcome] {
        let outcomes = Guarded([ReelOutcome](repeating: .notStarted, count: reels.count))
        context.pool.run(reels.count) { index, worker in
            context.progress.report(.started(reel: index))
            let outcome: ReelOutcome
            do {
                let film = try ReelRenderer(reel: reels[index], index: index, context: context).render(on: worker)
                outcome = .finished(film: film)
                context.progress.report(.finished(reel: index))
            } catch is Stopped {
                outcome = .stopped
                context.progress.report(.stopped(reel: index))
            } catch {
                let message = String(describing: error)
                outcome = .failed(message: message)
                context.progress.report(.failed(reel: index, message: message))
                if !keepsGoing { context.pool.startNoMore() }
            }
            outcomes.update { $0[index] = outcome }
        }
        return outcomes.value
    }
}
