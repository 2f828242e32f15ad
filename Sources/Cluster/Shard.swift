import Pipeline

/// One of several parts of a run, which cost about the same. The parts `0/N` to `N-1/N` contain each reel exactly once.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
    /// 0 ..< `count`.
    public let index: Int
    public let count: Int

    /// A larger count is a mistake: it is more tasks than any scheduler takes in one array.
    public static let largestCount = 1_000_000

    /// - Parameter text: `I/N`, I counted from 0.
    public init(_ text: String) throws(MalformedArgument) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let index = Int(parts[0]), let count = Int(parts[1])
        else { throw MalformedArgument(description: "expected I/N such as 0/4, found \"\(text)\"") }
        guard count >= 1, index < count else {
            throw MalformedArgument(description: "expected I/N with I from 0 to N - 1, found \"\(text)\"")
        }
        guard count <= Self.largestCount else {
            throw MalformedArgument(description: "expected I/N with N up to \(Self.largestCount), found \"\(text)\"")
        }
        self.index = index
        self.count = count
    }

    public var description: String { "\(index)/\(count)" }

    /// The items of this shard, in their order.
    ///
    /// - Parameter costs: the cost of each item, in any unit, at least 1. All shards must be computed from the same
    ///   costs.
    public func part<Item>(of items: [Item], costs: [Int]) -> [Item] {
        zip(items, Self.shards(costs: costs, count: count)).filter { $0.1 == index }.map(\.0)
    }

    /// The shard of each item: that of `longestFirst`, or that of `ShardPacking` if it makes the heaviest shard lighter
    /// (with three to five items for each shard, by up to 8 %).
    ///
    /// All numbers are whole, and ties are broken by place, so that every machine gets the same result.
    static func shards(costs: [Int], count: Int) -> [Int] {
        precondition(count >= 1 && costs.allSatisfy { $0 >= 1 }, "there is a shard, and every item costs something")
        let order = costs.indices.sorted { (-costs[$0], $0) < (-costs[$1], $1) }
        let (shards, heaviest) = longestFirst(costs, order, count)
        return ShardPacking(costs, order, count).shards(lighterThan: heaviest) ?? shards
    }

    /// The costliest first, each to the shard with the least to do so far (longest processing time first; Graham 1969).
    /// No shard costs more than the mean and one item.
    /// - Complexity: O(*n* log `count`).
    private static func longestFirst(_ costs: [Int], _ order: [Int], _ count: Int) -> (shards: [Int], heaviest: Int) {
        var loads = LeastLoaded(count: count)
        var shards = [Int](repeating: 0, count: costs.count)
        var heaviest = 0
        for item in order {
            let (shard, load) = loads.add(costs[item])
            shards[item] = shard
            heaviest = max(heaviest, load)
        }
        return (shards, heaviest)
    }
}

/// The shards by what they have to do so far, as a binary heap.
private struct LeastLoaded {
    private var heap: [(load: Int, shard: Int)]

    init(count: Int) {
        // In ascending order, and therefore a heap.
        heap = (0..<count).map { (0, $0) }
    }

    /// Adds `cost` to the shard with the least to do (the first one, if there are several), and returns this shard and
    /// its new load.
    mutating func add(_ cost: Int) -> (shard: Int, load: Int) {
        heap[0].load += cost
        let changed = heap[0]
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != place else { return (changed.shard, changed.load) }
            heap.swapAt(place, least)
            place = least
        }
    }
}
