import Glibc
import Synchronization

/// Lets one thread sleep until another wakes it, or until so many seconds have passed, whatever happens to the time of
/// day meanwhile: a condition's deadline would be a time of day.
public final class Alarm: Sendable {
    private let sleeper: Int32
    /// Closed when the alarm rings; -1 then, and where the system gives no pipe.
    private let ringer: Atomic<Int32>

    public init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        sleeper = ends[0]
        ringer = Atomic(ends[1])
    }

    deinit {
        ring()
        if sleeper >= 0 { close(sleeper) }
    }

    /// Sleeps; returns false as soon as the alarm has rung, true if it has not when the time is over.
    public func waits(_ seconds: Double) -> Bool {
        guard ringer.load(ordering: .acquiring) >= 0 else { return false }
        var end = pollfd(fd: sleeper, events: 0, revents: 0)
        while true {
            let count = poll(&end, 1, Int32(min(seconds * 1000, 1e9)))
            if count >= 0 { return count == 0 }
            // A signal: the time begins anew, which nobody minds.
            guard errno == EINTR else { return false }
        }
    }

    /// Ends the sleep, and all later ones. May be called again.
    public func ring() {
        let end = ringer.exchange(-1, ordering: .acquiringAndReleasing)
        if end >= 0 { close(end) }
    }
}
