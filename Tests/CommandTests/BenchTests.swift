import Foundation
import Testing

/// What scripts read of `facetreel bench --json`.
@Suite(.enabled(if: Command.hasWeights, "Weights/mobilenet_v2.onnx is absent: run `make weights`"))
struct BenchTests {
    @Test func `bench reports every figure by its name`() throws {
        let outcome = try Command.run(
            "bench", "--json", "--profile", "--rounds", "1", "--jobs", "2", in: Scratch())
        #expect(outcome.status == 0, "\(outcome)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome)")
        #expect(report["fmaPeakGFLOPS"] as? Double ?? 0 > 0)

        let depths = try #require(report["depths"] as? [[String: Any]])
        let configurations = Set(
            depths.map { "\($0["layer"] ?? "?") \($0["batch"] ?? "?") \($0["workers"] ?? "?")" })
        let expected = ["block_4_add", "block_12_add", "block_16_project_BN"].flatMap { layer in
            [1, 10].flatMap { batch in [1, 2].map { "\(layer) \(batch) \($0)" } }
        }
        #expect(configurations == Set(expected))
        for depth in depths {
            for key in ["millisecondsPerImageMinimum", "millisecondsPerImageMedian", "gflops", "percentOfPeak"] {
                #expect(depth[key] as? Double ?? 0 > 0, "\(key) of \(depth)")
            }
        }

        let step = try #require(report["standardStep"] as? [String: Any])
        #expect(step["millisecondsPerPivot"] as? Double ?? 0 > 0)
        let share = try #require(step["outsideNetworkShare"] as? Double)
        #expect(share > 0 && share < 1, "\(share)")

        let profile = try #require(report["profile"] as? [[String: Any]])
        let added = [2, 4, 5, 7, 8, 9, 11, 12, 14, 15]
        let blocks = (1...16).map { "block_\($0)_\(added.contains($0) ? "add" : "project_BN")" }
        #expect(profile.map { $0["layer"] as? String } == ["expanded_conv_project_BN"] + blocks)
        for block in profile {
            #expect(block["forwardMilliseconds"] as? Double ?? 0 > 0, "\(block)")
            #expect(block["backwardMilliseconds"] as? Double ?? 0 > 0, "\(block)")
        }
    }

    @Test func `bench profiles only when asked`() throws {
        let outcome = try Command.run(
            "bench", "--json", "--rounds", "1", "--jobs", "1", in: Scratch())
        #expect(outcome.status == 0 && !outcome.output.contains("profile"), "\(outcome)")
    }
}
