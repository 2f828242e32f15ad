import Foundation

extension FormatStyle where Self == Date.ISO8601FormatStyle {
    /// `2026-03-01T02:03:04.567Z`: how times are written into files.
    public static var iso8601WithMilliseconds: Self { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }
}
