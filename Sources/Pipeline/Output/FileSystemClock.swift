import Disk

/// The clock from which a file system gives files their times: that of the file server, if the folder lies on one. The
/// machines' own clocks may differ from it, and from each other, by hours. Times of files are compared only with this
/// clock.
public final class FileSystemClock: Sendable {
    private let monotonic: MonotonicClock
    private let timeOfNewFile: @Sendable () -> Double?
    private let known = Guarded<(file: Double, monotonic: Double)?>(nil)

    /// At most once in so many seconds, a new file is made to read its time; in between, the machine's clock counts on.
    private static let interval = 30.0

    /// - Parameter timeOfNewFile: the time that a new file gets there; for tests, which cannot set a server's clock.
    init(
        folder: String, monotonic: MonotonicClock = .system, timeOfNewFile: (@Sendable () -> Double?)? = nil
    ) {
        self.monotonic = monotonic
        self.timeOfNewFile = timeOfNewFile ?? { FileTime.ofNewFile(in: folder) }
    }

    /// Seconds since 1970; nil where no file can be made in the folder.
    func now() -> Double? {
        let time = monotonic.now()
        if let known = known.value, time - known.monotonic < Self.interval {
            return known.file + time - known.monotonic
        }
        guard let file = timeOfNewFile() else { return nil }
        known.update { $0 = (file, time) }
        return file
    }
}
