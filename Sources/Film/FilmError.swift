import Foundation

/// What can go wrong around pictures and films: which file or step, why, and what to do.
public struct FilmError: SystemError, Equatable, Sendable, CustomStringConvertible {
    /// The file or the part of the film.
    public let place: String
    public let reason: String
    /// What helps; empty where the reason says it.
    public let remedy: String
    public let errorNumber: Int32?

    public init(place: String, reason: String, remedy: String = "", errorNumber: Int32? = nil) {
        self.place = place
        self.reason = reason
        self.remedy = remedy
        self.errorNumber = errorNumber
    }

    /// With the system's words for what `errno` holds.
    init(place: String, systemReason: String, remedy: String = "") {
        let number = errno
        self.init(
            place: place, reason: "\(systemReason): \(String(cString: strerror(number)))", remedy: remedy,
            errorNumber: number)
    }

    public var description: String { "\(place): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}
