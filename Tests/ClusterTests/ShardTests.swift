import ConvNet
import Foundation
import JobManifest
import Testing

@testable import Cluster
@testable import Measurement
@testable import Pipeline
@testable import PipelineSupport

@Suite struct ShardTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let nightly = Result {
        try ManifestSet(
            paths: [root.appending(path: "Jobs/nightly/projection-layers.json").path], networks: Rendering.networks
        ).reels
    }

    private static func workUnits(_ reels: [Reel]) -> [Int] {
        CostForecast.workUnits(reels, describing: { Rendering.describe($0) })
    }

    @Test(arguments: [
        "", "1", "1/", "/2", "2/2", "-1/2", "0/0", "1/2/3", "a/b", "0 /2", "0/99999999999999999999", "0/1000001",
    ])
    func `what is no shard is refused`(text: String) {
        #expect(throws: MalformedArgument.self) { try Shard(text) }
    }

    @Test func `the shards of a run hold every reel once, in the order of the run`() throws {
        let items = Array(0..<17)
        let costs = items.map { 1 + $0 % 5 }
        for count in [1, 2, 5, 17, 40] {
            let parts = try (0..<count).map { try Shard("\($0)/\(count)").part(of: items, costs: costs) }
            #expect(parts.flatMap(\.self).sorted() == items)
            #expect(parts.allSatisfy { $0 == $0.sorted() })
        }
        #expect(try Shard("0/3").part(of: [Int](), costs: []) == [])
    }

    /// No division of costs can have a lightest heaviest shard below this: not below the mean, and where there are more
    /// than `k` times as many reels as shards some shard has `k` + 1 of the `k` * count + 1 costliest. With `k` = 0:
    /// not below the costliest reel.
    private func leastPossible(_ costs: [Int], _ count: Int) -> Double {
        let sorted = costs.sorted(by: >)
        var bound = Double(sorted.reduce(0, +)) / Double(count)
        for k in 0... {
            let places = k * count + 1
            guard places <= sorted.count else { break }
            bound = max(bound, Double(sorted[places - k - 1..<places].reduce(0, +)))
        }
        return bound
    }

    /// The heaviest of 1 to 512 shards of a whole night is within 10 % of the mean: a night's films are alike enough for
    /// it. Where they were not, no division could do better than `leastPossible`, which is what the first two hold to.
    @Test func `the shards of a whole night cost about the same`() throws {
        let reels = try Self.nightly.get()
        let costs = Self.workUnits(reels)
        #expect(reels.count == 1504)
        #expect(Set(costs).count > 10, "layers differ: \(Set(costs).sorted())")
        var (ofPossible, ofMean) = (0.0, 0.0)
        for count in 1...512 {
            let shards = Shard.shards(costs: costs, count: count)
            #expect(shards.count == reels.count && shards.allSatisfy { (0..<count).contains($0) }, "\(count)")
            var loads = [Int](repeating: 0, count: count)
            for (shard, cost) in zip(shards, costs) { loads[shard] += cost }
            let heaviest = Double(loads.max() ?? 0)
            let mean = Double(costs.reduce(0, +)) / Double(count)
            ofPossible = max(ofPossible, heaviest / leastPossible(costs, count))
            ofMean = max(ofMean, heaviest / mean)
            #expect(heaviest <= 1.1 * leastPossible(costs, count), "\(count) shards: \(heaviest) of \(mean)")
            #expect(heaviest <= mean + Double(costs.max() ?? 0), "\(count): Graham's bound")
            #expect(heaviest <= 1.1 * mean, "\(count) shards: \(heaviest / mean) of the mean")
        }
        print("heaviest shard at most \(ofMean) of the mean, \(ofPossible) of the least possible")
    }

    @Test func `with more shards than reels, each reel has a shard to itself`() throws {
        let costs = Self.workUnits(try Self.nightly.get())
        for count in [costs.count, costs.count + 1, 10_000] {
            let shards = Shard.shards(costs: costs, count: count)
            #expect(Set(shards).count == costs.count, "each has a shard to itself")
        }
    }

    /// Reels of one name differ in cost a hundredfold: by count, one shard would have all of the costly ones.
    @Test func `costly reels are spread evenly, though they come at regular places`() {
        let costs = (0..<120).map { $0 % 4 == 0 ? 1000 : 10 }
        let loads = (0..<4).map { shard in
            zip(Shard.shards(costs: costs, count: 4), costs).filter { $0.0 == shard }.map(\.1).reduce(0, +)
        }
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 1000, "\(loads)")
    }

    /// Whoever computes it, and whatever was measured: costs rest on the manifest alone.
    @Test func `the division into shards depends on the reels alone`() throws {
        let reels = try Self.nightly.get()
        let first = Shard.shards(costs: Self.workUnits(reels), count: 64)
        #expect(first == Shard.shards(costs: Self.workUnits(reels), count: 64))
        // In another order the reels of a kind change places, and nothing else.
        let backwards = Shard.shards(costs: Self.workUnits(reels.reversed()), count: 64)
        func loads(_ shards: [Int], _ costs: [Int]) -> [Int] {
            var loads = [Int](repeating: 0, count: 64)
            for (shard, cost) in zip(shards, costs) { loads[shard] += cost }
            return loads
        }
        #expect(
            loads(first, Self.workUnits(reels)) == loads(backwards, Self.workUnits(reels.reversed())))
    }
}
