/// A clock that never runs backwards, whatever happens to the time of day.
public struct MonotonicClock: Sendable {
    /// Seconds since some fixed moment.
    public let now: @Sendable () -> Double

    /// The system's clock, which goes on while the machine sleeps.
    public static let system: MonotonicClock = {
        let start = ContinuousClock.now
        return MonotonicClock {
            let parts = (ContinuousClock.now - start).components
            return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        }
    }()
}

/// A moment of a clock.
public struct Deadline: Sendable {
    public let clock: MonotonicClock
    /// In the clock's seconds.
    public let end: Double

    /// - Parameter seconds: from now on.
    public init(after seconds: Double, clock: MonotonicClock = .system) {
        self.clock = clock
        end = clock.now() + seconds
    }

    public var hasPassed: Bool { clock.now() >= end }
    public var secondsLeft: Double { max(end - clock.now(), 0) }
}
