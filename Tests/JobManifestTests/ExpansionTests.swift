import Testing

@testable import JobManifest

@Suite struct ExpansionTests {
    @Test func `all units of the projection layers are 1,504 reels with folders of their own`() throws {
        let manifest = try read(#"{"name": "nightly", "layer": "projection", "units": "all"}"#)
        let reels = manifest.reels()
        // METHODS: 16 + 2x24 + 3x32 + 4x64 + 3x96 + 3x160 + 320.
        #expect(reels.count == 1504)
        #expect(Set(reels.map(\.folder)).count == 1504)
        #expect(reels.first?.folder == "nightly/expanded_conv_project_BN/0")
        #expect(reels.last?.folder == "nightly/block_16_project_BN/319")
        // One job for each number of units, in the order of the network.
        #expect(manifest.jobs.map(\.layers.count) == [1, 2, 3, 4, 3, 3, 1])
        #expect(manifest.jobs.map(\.units.count) == [16, 24, 32, 64, 96, 160, 320])
    }

    @Test(
        "Layers and units expand in the order in which they are written",
        arguments: [
            (#""layer": "block_12_add", "units": "0-2""#, ["block_12_add/0", "block_12_add/1", "block_12_add/2"]),
            (#""layer": "block_12_add", "units": "95-95""#, ["block_12_add/95"]),
            (#""layer": "block_12_add", "units": [7, 1]"#, ["block_12_add/7", "block_12_add/1"]),
            (
                #""layer": ["block_4_add", "block_12_add"], "units": [3, 1]"#,
                ["block_4_add/3", "block_4_add/1", "block_12_add/3", "block_12_add/1"]
            ),
            (#""layers": "block_4_add", "unit": 6"#, ["block_4_add/6"]),
            (#""layers": ["block_12_add", "block_4_add"], "unit": 6"#, ["block_12_add/6", "block_4_add/6"]),
        ])
    func order(selection: String, folders: [String]) throws {
        let reels = try read("{\"name\": \"n\", \(selection)}").reels()
        #expect(reels.map(\.folder) == folders.map { "n/\($0)" })
    }

    @Test func `several jobs of one file stand side by side`() throws {
        let manifest = try read(
            """
            {"jobs": [{"name": "a", "layer": "block_12_add", "unit": 1}, {"name": "a", "layer": "block_12_add", "unit": 2},
              {"name": "b", "layer": "block_12_add", "unit": 1, "seed": 3}]}
            """)
        #expect(manifest.reels().map(\.folder) == ["a/block_12_add/1", "a/block_12_add/2", "b/block_12_add/1"])
        #expect(manifest.reels().map(\.seed) == [0, 0, 3])
    }

    @Test func `a reel is the job of itself`() throws {
        for reel in try read(#"{"name": "n", "layer": ["block_4_add", "block_12_add"], "units": "0-1"}"#).reels() {
            #expect(reel.job.reels() == [reel])
        }
    }
}
