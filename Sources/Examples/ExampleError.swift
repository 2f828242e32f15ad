/// Why there is no record of a folder of pictures: what, why, and what to do.
public struct ExampleError: Error, Equatable, Sendable, CustomStringConvertible {
    public let place: String
    public let reason: String
    public let remedy: String

    public var description: String { "\(place): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}
