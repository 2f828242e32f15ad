import JobManifest

/// What became of one reel.
public enum ReelOutcome: Sendable, Equatable {
    /// The path of its `film.mp4`.
    case finished(film: String)
    /// Its film was there already, as the manifest, the weights and the engine would make it.
    case upToDate(film: String)
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
    /// Renders also what is up to date.
    public let isForced: Bool
    private let pictures = PictureDigests()

    public init(reels: [Reel], context: RenderContext, keepsGoing: Bool, isForced: Bool = false) {
        self.isForced = isForced
        self.reels = reels
        self.context = context
        self.keepsGoing = keepsGoing
    }

    /// Renders all reels, in order as workers become free, and returns their outcomes in order.
    public func outcomes() -> [ReelOutcome] {
        let outcomes = Guarded([ReelOutcome](repeating: .notStarted, count: reels.count))
        context.pool.run(reels.count) { index, worker in
            if let film = upToDateFilm(of: reels[index]) {
                outcomes.update { $0[index] = .upToDate(film: film) }
                context.progress.report(.upToDate(reel: index))
                return
            }
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

    /// The path of the reel's film, if nothing has to be done for it.
    private func upToDateFilm(of reel: Reel) -> String? {
        guard !isForced else { return nil }
        let status = ReelStatus.of(
            reel, in: context.outputFolder, weightsDigest: context.weightsDigest, pictures: pictures)
        guard status == .upToDate else { return nil }
        let folder = "\(context.outputFolder)/\(reel.folder)"
        // A writer may have been killed when all was done but the last.
        ReelFolder.sweep(folder)
        return "\(folder)/film.mp4"
    }
}
