/// The state of one long stage, kept in the cache from time to time, so that a later run can go on from there.
///
/// A stage asks for `resumed` once, before it begins; then it calls `keep` after every step.
final class Checkpoint {
    private let cache: StageCache?
    private let key: StageKey
    private let stop: StopSignal
    private let interval: Duration
    private var last = ContinuousClock.now

    /// If the process is killed, at most this much work and one step are lost, far less than the minute that is
    /// allowed. Less would not help anybody: a checkpoint of a standard path is 40 MB, a third of a second's work.
    static let interval = Duration.seconds(15)

    init(_ cache: StageCache?, _ key: StageKey, stop: StopSignal, interval: Duration) {
        self.cache = cache
        self.key = key
        self.stop = stop
        self.interval = interval
    }

    /// What `decode` makes of the state that an earlier run left; nil if there is none that fits.
    func resumed<Result>(_ decode: (StageRecord) throws -> Result) -> Result? {
        let result = cache?.load(key, .checkpoint, decode: decode)
        last = .now
        return result
    }

    /// Saves the state of the stage, if it is time to, or if the run is asked to stop.
    func keep(_ record: () throws -> StageRecord) {
        guard stop.isRequested || last.duration(to: .now) >= interval else { return }
        keepNow(record)
    }

    func keepNow(_ record: () throws -> StageRecord) {
        cache?.save(key, .checkpoint, record)
        last = .now
    }
}
