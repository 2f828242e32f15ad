/// One of several equal parts of a run: every N-th reel, from the I-th on. The parts of `0/N` to `N-1/N` are all reels,
/// none twice.
public struct Shard: Sendable, Equatable {
    /// 0 ..< `count`.
    public let index: Int
    public let count: Int

    /// Why a text is no shard.
    public struct Malformed: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter text: `I/N`, I counted from 0.
    public init(_ text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let index = Int(parts[0]), let count = Int(parts[1])
        else { throw Malformed(description: "expected I/N such as 0/4, found \"\(text)\"") }
        guard count >= 1, index < count else {
            throw Malformed(description: "expected I/N with I from 0 to N - 1, found \"\(text)\"")
        }
        self.index = index
        self.count = count
    }

    /// Its part of the items, in their order. Neighbours, which cost the same, go to different shards.
    public func part<Item>(of items: [Item]) -> [Item] {
        stride(from: index, to: items.count, by: count).map { items[$0] }
    }
}
