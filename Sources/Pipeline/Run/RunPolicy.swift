/// How a run behaves when things go wrong or time runs out.
public struct RunPolicy: Sendable {
    /// Whether the other reels go on when one has failed; otherwise no further reel is begun.
    public var keepsGoing: Bool
    /// Whether reels that are up to date are rendered, too.
    public var isForced: Bool
    /// Reels that are not expected to end before it are not started.
    public var deadline: Deadline?
    /// Seconds before each new attempt at a reel that failed for a reason that may soon be over (`SystemFailure`): the
    /// first for short disturbances, the second for a server that restarts.
    public var retryDelays: [Double]
    /// Seconds between two looks at the locks of reels that other processes are rendering: seldom enough for a network's
    /// file server, often enough for nobody to notice.
    public var lockInterval: Double

    public init(
        keepsGoing: Bool = true, isForced: Bool = false, deadline: Deadline? = nil, retryDelays: [Double] = [0.2, 1],
        lockInterval: Double = 0.2
    ) {
        self.keepsGoing = keepsGoing
        self.isForced = isForced
        self.deadline = deadline
        self.retryDelays = retryDelays
        self.lockInterval = lockInterval
    }
}
