import Testing

@testable import ConvNet

/// The table of layers that manifests and other programs rely on.
struct ArchitectureTests {
    @Test func `the projection layers have 1504 units`() throws {
        let projections = try #require(MobileNetV2.description.selections.first { $0.name == "projection" }).layers
        #expect(projections == MobileNetV2.description.layers.filter { $0.name.hasSuffix("_project_BN") })
        #expect(projections.count == 17)
        #expect(projections.map(\.unitCount).reduce(0, +) == 1504)
    }

    @Test func `ten blocks have an addition`() {
        #expect(
            MobileNetV2.description.layers.filter { $0.name.hasSuffix("_add") }.map(\.name) == [
                "block_2_add", "block_4_add", "block_5_add", "block_7_add", "block_8_add", "block_9_add",
                "block_11_add",
                "block_12_add", "block_14_add", "block_15_add",
            ])
    }

    @Test func `names are unique and lead back to their place`() {
        #expect(Set(MobileNetV2.description.layers.map(\.name)).count == MobileNetV2.description.layers.count)
        for block in MobileNetV2.blocks {
            for stage in block.stages {
                #expect(
                    MobileNetV2.location(of: block.layerName(of: stage)) == Location(block: block.index, stage: stage))
            }
        }
    }

    @Test(arguments: [
        ("Conv1_relu", 32, 2), ("block_1_expand_relu", 96, 2), ("block_1_project_BN", 24, 4), ("block_12_add", 96, 16),
        ("block_13_project_BN", 160, 32), ("out_relu", 1280, 32),
    ])
    func `units and strides are the paper's`(name: String, units: Int, stride: Int) throws {
        let layer = try #require(MobileNetV2.description.layers.first { $0.name == name })
        #expect(layer.unitCount == units && layer.stride == stride, "\(layer)")
    }

    @Test func `multiply-accumulates are those of the paper`() throws {
        // Sandler et al. 2018, table 4: 300 million for the whole network, the classifier (1.3 million) included.
        let all = try #require(MobileNetV2.description.layer("out_relu")).multiplyAccumulates(height: 224, width: 224)
        #expect(abs(all / 1e6 - 300) < 3, "\(all)")
        #expect(MobileNetV2.description.layer("block_99_add") == nil)
    }

    /// GFLOP of a forward and input gradient, as other engines are compared with.
    @Test func `the benchmark's layers have the operations that are published`() {
        let found = MobileNetV2.description.benchmarkLayers.map {
            4 * $0.multiplyAccumulates(height: 224, width: 224) / 1e9
        }
        for (found, published) in zip(found, [0.409, 0.839, 1.118]) {
            #expect(abs(found - published) < 0.0005, "\(found)")
        }
        #expect(found.count == 3)
    }

    /// What the pages write above the first layer of each.
    @Test func `layers go from edges to objects`() {
        var stages: [String] = []
        for layer in MobileNetV2.description.layers where stages.last != layer.stage { stages.append(layer.stage) }
        #expect(stages == ["edges and colours", "textures", "patterns and parts", "objects"])
        let firsts = stages.map { stage in MobileNetV2.description.layers.first { $0.stage == stage }?.name }
        #expect(firsts == ["Conv1_relu", "block_3_expand_relu", "block_7_expand_relu", "block_13_expand_relu"])
    }

    @Test func `the layers of the perceptual distance stand in the network's order`() {
        let names = MobileNetV2.description.layers.map(\.name)
        let places = MobileNetV2.description.perceptualLayers.compactMap { names.firstIndex(of: $0.name) }
        #expect(places.count == 5 && places == places.sorted(), "\(places)")
    }
}
