import Foundation

/// What can go wrong around pictures and films: which file or step, why, and what to do.
public struct FilmError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file or the part of the film.
    public let place: String
    public let reason: String
    /// What helps; empty where the reason says it.
    public let remedy: String

    public init(place: String, reason: String, remedy: String = "") {
        self.place = place
        self.reason = reason
        self.remedy = remedy
    }

    /// With the system's words for what `errno` holds.
    init(place: String, systemReason: String, remedy: String = "") {
        self.init(place: place, reason: "\(systemReason): \(String(cString: strerror(errno)))", remedy: remedy)
    }

    public var description: String { "\(place): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}
