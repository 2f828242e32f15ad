/// How far a collection is.
public enum ExampleProgress: Sendable, Equatable {
    /// Files whose digests are known.
    case listed(Int, of: Int)
    /// Files that are looked at, and how many an earlier run had done.
    case read(Int, of: Int, before: Int)
}
