/// What is known of a run's progress at one time, and what it promises at the rates so far. Times are seconds of one
/// clock, whichever it is.
struct ProgressState: Sendable {
    struct RunningReel: Sendable {
        let reel: Int
        let started: Double
        var stageStarted: Double
        var progress: StageProgress?

        /// Seconds until the stage ends, at its rate so far; nil while nobody can know.
        func secondsLeft(at now: Double) -> Double? {
            guard let fraction = progress?.fraction, fraction > 0.01, fraction <= 1, now > stageStarted else {
                return nil
            }
            return (now - stageStarted) * (1 - fraction) / fraction
        }
    }

    let reels: [String]
    let started: Double
    private(set) var running: [RunningReel] = []
    private(set) var finished = 0
    private(set) var failed = 0
    private(set) var stopped = 0
    private(set) var upToDate = 0

    /// What the reels cost, in proportion to each other.
    private let weights: [Double]
    private var endedWeight = 0.0
    private var leftWeight: Double

    init(reels: [String], weights: [Double]? = nil, now: Double) {
        precondition(weights.map { $0.count == reels.count } ?? true, "a weight for each reel")
        self.reels = reels
        self.weights = weights ?? [Double](repeating: 1, count: reels.count)
        leftWeight = self.weights.reduce(0, +)
        started = now
    }

    /// Nothing runs, and nothing will.
    var isOver: Bool { running.isEmpty && finished + failed + stopped + upToDate >= reels.count }

    /// What an event changed that is worth a line of its own.
    enum Change: Equatable {
        case stageBegan
        case reelEnded(seconds: Double)
        case none
    }

    mutating func apply(_ event: ProgressEvent, now: Double) -> Change {
        switch event {
        case .started(let reel):
            running.append(RunningReel(reel: reel, started: now, stageStarted: now))
            return .none
        case .progressed(let reel, let progress):
            guard let place = running.firstIndex(where: { $0.reel == reel }) else { return .none }
            let isNewStage = running[place].progress?.stage != progress.stage
            if isNewStage { running[place].stageStarted = now }
            running[place].progress = progress
            return isNewStage ? .stageBegan : .none
        case .finished(let reel):
            finished += 1
            return end(reel, now)
        case .failed(let reel, _):
            failed += 1
            return end(reel, now)
        case .stopped(let reel):
            stopped += 1
            endedWeight -= weights[reel]
            return end(reel, now)
        case .upToDate(let reel):
            upToDate += 1
            leftWeight -= weights[reel]
            return .none
        case .stopping, .warned, .waiting:
            return .none
        }
    }

    private mutating func end(_ reel: Int, _ now: Double) -> Change {
        endedWeight += weights[reel]
        leftWeight -= weights[reel]
        guard let place = running.firstIndex(where: { $0.reel == reel }) else { return .reelEnded(seconds: 0) }
        return .reelEnded(seconds: now - running.remove(at: place).started)
    }

    /// Seconds until the run ends: the work that is left, at the rate of the work that has ended; a reel that runs
    /// counts half. With a single reel, the seconds that its stage has left. Nil if nothing has been measured.
    func secondsLeft(at now: Double) -> Double? {
        let ended = finished + failed
        if ended == 0 {
            return reels.count == 1 ? running.first?.secondsLeft(at: now) : nil
        }
        guard reels.count - upToDate - ended - stopped > 0, endedWeight > 0 else { return nil }
        let half = running.reduce(0) { $0 + weights[$1.reel] } / 2
        return (now - started) / endedWeight * max(leftWeight - half, 0)
    }
}
