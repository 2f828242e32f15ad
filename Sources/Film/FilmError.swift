import Disk

/// What can go wrong around pictures and films: which file or step, why, and what to do.
public struct FilmError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file or the part of the film.
    public let place: String
    public let reason: String
    /// What helps; empty if the reason already says it.
    public let remedy: String
    /// The disk's error, if there was one.
    public let cause: DiskError?

    public init(place: String, reason: String, remedy: String = "", cause: DiskError? = nil) {
        self.place = place
        self.reason = reason
        self.remedy = remedy
        self.cause = cause
    }

    init(_ error: DiskError) {
        self.init(place: error.path, reason: error.reason, remedy: error.remedy, cause: error)
    }

    /// Runs `body`, which works with files, and turns its errors into errors of this module.
    static func from<Result>(_ body: () throws(DiskError) -> Result) throws(FilmError) -> Result {
        do throws(DiskError) { return try body() } catch { throw FilmError(error) }
    }

    public var description: String { "\(place): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}
