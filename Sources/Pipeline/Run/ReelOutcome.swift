import Records

/// What became of one reel.
public enum ReelOutcome: Sendable, Equatable {
    /// Rendered by this run. `film` is the path of its `film.mp4`.
    case finished(film: String)
    /// Its film was there already, as the manifest, the weights and the engine would make it.
    case upToDate(film: String)
    /// Another process has rendered it during this run.
    case finishedElsewhere(film: String)
    /// What went wrong where, and what to try.
    case failed(message: String)
    /// Given up because the run was asked to stop.
    case stopped
    /// The reason, in words that can stand after "not started: ".
    case notStarted(reason: String)

    /// The path of the film, where it is there.
    public var film: String? {
        switch self {
        case .finished(let film), .upToDate(let film), .finishedElsewhere(let film): film
        case .failed, .stopped, .notStarted: nil
        }
    }
}

/// What became of one reel, and what it took.
public struct ReelResult: Sendable, Equatable {
    /// The reel's folder, `name/layer/unit`.
    public let reel: String
    public var outcome: ReelOutcome
    /// Wall time that this run spent on it.
    public var seconds = 0.0
    /// Images that the network has seen for it in this run.
    public var evaluations = 0
    /// The path of its log, where this run has written one.
    public var log: String?
    /// The label of the class that it is of.
    public var label: String?
    /// The name of the network's file, or the name that the manifest has for it; nil for the default one.
    public var network: String?
    /// Only of a film that is there and is not good.
    public var flag: FilmFlag?
    /// Only of a film that is there and has a trust report.
    public var grade: FilmGrade?
}
