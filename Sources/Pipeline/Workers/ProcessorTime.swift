import Foundation

/// The calling thread's processor time: what other programs do meanwhile does not count.
public enum ProcessorTime {
    public static var milliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
