import Foundation

/// What standard error is connected to, and how it wants to be written to.
public struct Terminal: Sendable, Equatable {
    /// A terminal on which the cursor can be moved.
    public var isInteractive: Bool
    /// Colours are wanted (https://no-color.org).
    public var usesColor: Bool
    public var width: Int
    public var height: Int

    public static func standardError() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        var size = winsize()
        let isTerminal = isatty(STDERR_FILENO) == 1
        let isMeasured = isTerminal && ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return Terminal(
            environment: environment, isTerminal: isTerminal,
            size: isMeasured ? (Int(size.ws_col), Int(size.ws_row)) : (0, 0))
    }

    /// - Parameter size: columns and rows, 0 where unknown.
    init(environment: [String: String], isTerminal: Bool, size: (columns: Int, rows: Int)) {
        isInteractive = isTerminal && environment["TERM"] != "dumb" && environment["TERM"]?.isEmpty == false
        usesColor = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
        let columns = size.columns > 0 ? size.columns : environment["COLUMNS"].flatMap { Int($0) } ?? 80
        width = min(max(columns, 20), 400)
        height = size.rows > 0 ? size.rows : 24
    }
}
