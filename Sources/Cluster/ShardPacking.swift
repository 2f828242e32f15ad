/// Packs items into shards of one capacity, the smallest in which they all find room (MULTIFIT; Coffman, Garey and
/// Johnson 1978). The heaviest shard is at most 13/11 of the best possible.
struct ShardPacking {
    private let count: Int
    /// The items, by falling cost.
    private let order: [Int]
    /// Each cost with the number of items that have it: most items of a batch are of few kinds.
    private var kinds: [(cost: Int, items: Int)] = []
    private let lowest: Int

    /// With more work, the packing would take seconds. Then there are so many items for each shard, or so few, that it
    /// would gain nothing.
    private static let largestWork = 1_000_000

    /// - Parameter order: the items by falling cost.
    init(_ costs: [Int], _ order: [Int], _ count: Int) {
        self.count = count
        self.order = order
        let (mean, rest) = costs.reduce(0, +).quotientAndRemainder(dividingBy: count)
        lowest = max(rest == 0 ? mean : mean + 1, order.first.map { costs[$0] } ?? 0)
        for item in order {
            if kinds.last?.cost == costs[item] {
                kinds[kinds.count - 1].items += 1
            } else {
                kinds.append((costs[item], 1))
            }
        }
    }

    /// The shard of each item; nil if the heaviest one would not be below `heaviest`.
    func shards(lighterThan heaviest: Int) -> [Int]? {
        guard kinds.count * count <= Self.largestWork, lowest < heaviest else { return nil }
        var (low, high) = (lowest, heaviest - 1)
        guard var best = packed(into: high) else { return nil }
        while low < high {
            let middle = low + (high - low) / 2
            if let found = packed(into: middle) {
                (best, high) = (found, middle)
            } else {
                low = middle + 1
            }
        }
        return placed(best)
    }

    /// How many items of each kind each shard has, shard by shard; nil where not all find room.
    private func packed(into capacity: Int) -> [[Int]]? {
        var left = kinds.map(\.items)
        var rest = order.count
        var shards: [[Int]] = []
        while rest > 0 {
            guard shards.count < count else { return nil }
            var room = capacity
            let shard = kinds.indices.map { kind in
                let items = min(left[kind], room / kinds[kind].cost)
                room -= items * kinds[kind].cost
                left[kind] -= items
                rest -= items
                return items
            }
            shards.append(shard)
        }
        return shards
    }

    private func placed(_ packed: [[Int]]) -> [Int] {
        var shards = [Int](repeating: 0, count: order.count)
        var next = order.startIndex
        for kind in kinds.indices {
            for (shard, items) in packed.enumerated() {
                for _ in 0..<items[kind] {
                    shards[order[next]] = shard
                    next += 1
                }
            }
        }
        return shards
    }
}
