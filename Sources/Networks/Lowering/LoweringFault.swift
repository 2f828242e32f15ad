/// Why one node cannot be lowered.
struct LoweringFault: Error, Sendable {
    var reason: String
    var remedy: String = ""

    private static let longestReason = 800

    init(_ reason: String, remedy: String = "") {
        // Lists of a damaged file's attributes may have thousands of numbers.
        self.reason = reason.utf8.count > Self.longestReason ? "\(reason.prefix(Self.longestReason))..." : reason
        self.remedy = remedy
    }
}
