/// What all reels of a run share.
public struct RenderContext: Sendable {
    public let networks: NetworkLibrary
    /// The output folder, in which every reel has its folder.
    public let outputFolder: String
    public let pool: WorkerPool
    public let progress: any ProgressReporter
    /// Where results of stages are kept; nil keeps none.
    public let cache: StageCache?
    /// The time between two checkpoints of an unfinished stage.
    public let checkpointInterval: Duration
    /// What the reels are held against.
    public let photographs: PhotographLibrary

    public init(
        networks: NetworkLibrary, outputFolder: String, pool: WorkerPool,
        progress: any ProgressReporter = SilentProgress(), cache: StageCache? = nil,
        checkpointInterval: Duration? = nil, photographs: PhotographLibrary = PhotographLibrary()
    ) {
        self.photographs = photographs
        self.cache = cache
        self.checkpointInterval = checkpointInterval ?? Checkpoint.interval
        self.networks = networks
        self.outputFolder = outputFolder
        self.pool = pool
        self.progress = progress
    }

    /// The results of this run's stages.
    var results: StageResults {
        StageResults(cache: cache, stop: pool.stop, checkpointInterval: checkpointInterval)
    }
}
