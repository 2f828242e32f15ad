import Synchronization
import Testing

@testable import Pipeline

@Suite struct StageTrackerTests {
    private final class Log: ProgressReporter {
        let events = Mutex<[StageProgress]>([])
        func report(_ event: ProgressEvent) {
            guard case .progressed(_, let progress) = event else { return }
            events.withLock { $0.append(progress) }
        }
        var last: StageProgress? { events.withLock { $0.last } }
    }

    @Test func `the parts of a stage add up to its fraction, step and lowest activation`() {
        let log = Log()
        let tracker = StageTracker(.facets, reel: 0, limits: [4, 12], isExact: true, reporter: log)
        #expect(log.last == StageProgress(stage: .facets, fraction: 0, step: 0, stepCount: 16))
        tracker.advance(0, activation: 3)
        tracker.advance(1, activation: 2)
        tracker.advance(1, activation: 5)
        #expect(
            log.last
                == StageProgress(
                    stage: .facets, fraction: (1.0 / 4 + 2.0 / 12) / 2, step: 3, stepCount: 16, lowestActivation: 3))
    }

    @Test func `a band that ends early counts as done and leaves the lowest to the others`() {
        let log = Log()
        let tracker = StageTracker(.bands, reel: 0, limits: [500, 500], isExact: false, reporter: log)
        tracker.advance(0, activation: 1)
        tracker.advance(1, activation: 4)
        tracker.finish(0)
        #expect(
            log.last == StageProgress(stage: .bands, fraction: (1 + 1.0 / 500) / 2, step: 2, lowestActivation: 4))
        tracker.finish(1)
        #expect(log.last == StageProgress(stage: .bands, fraction: 1, step: 2, lowestActivation: 1))
    }

    @Test func `a stage of no steps is done, without a division by zero`() {
        let log = Log()
        let tracker = StageTracker(.bands, reel: 0, limits: [0], isExact: false, reporter: log)
        tracker.advance(0)
        #expect(log.last?.fraction == 1)
    }
}
