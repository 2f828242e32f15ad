/// The stages of one reel, in order.
public enum Stage: String, Sendable, Codable, CaseIterable {
    /// The starting images are optimised.
    case facets
    /// The paths between them are relaxed, their frames made and measured.
    case bands
    /// Frames are drawn and encoded.
    case film
}

/// How far a stage of a reel is.
public struct StageProgress: Sendable, Equatable {
    public var stage: Stage
    /// 0...1.
    public var fraction: Double
    /// Steps done, and how many there are, if that is known beforehand (a band may end early).
    public var step: Int
    public var stepCount: Int?
    /// The lowest of the activations that the stage works on now; nil if it has none.
    public var lowestActivation: Double?
}

/// What happens to the reels of a run, each known by its index.
public enum ProgressEvent: Sendable {
    case started(reel: Int)
    /// Its film is there already, so that nothing was started.
    case upToDate(reel: Int)
    case progressed(reel: Int, StageProgress)
    case finished(reel: Int)
    case failed(reel: Int, message: String)
    /// Given up because the run was asked to stop.
    case stopped(reel: Int)
    /// A signal has asked the run to stop; steps are brought to their end.
    case stopping(signal: Int32)
    /// Something is not as it should be, but the run goes on.
    case warned(message: String)
    /// Nothing is left but reels that another process is rendering.
    case waiting(reels: Int)
}

/// Takes the events of a run, from any worker.
public protocol ProgressReporter: Sendable {
    func report(_ event: ProgressEvent)
}

/// Says nothing.
public struct SilentProgress: ProgressReporter {
    public init() {}
    public func report(_ event: ProgressEvent) {}
}
