/// Why a text cannot be what it is to be: a pattern, a time, a shard.
public struct MalformedArgument: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}
