/// Why one node cannot be lowered.
struct LoweringFault: Error, Sendable {
    var reason: String
    var remedy: String = ""

    init(_ reason: String, remedy: String = "") {
        self.reason = reason
        self.remedy = remedy
    }
}
