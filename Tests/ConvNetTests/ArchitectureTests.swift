import Testing

@testable import ConvNet

/// The table of layers that manifests and other programs rely on.
struct ArchitectureTests {
    @Test func `the projection layers have 1504 units`() {
        let projections = MobileNetV2.layers.filter { $0.name.hasSuffix("_project_BN") }
        #expect(projections.count == 17)
        #expect(projections.map(\.unitCount).reduce(0, +) == 1504)
    }

    @Test func `ten blocks have an addition`() {
        #expect(
            MobileNetV2.layers.filter { $0.name.hasSuffix("_add") }.map(\.name) == [
                "block_2_add", "block_4_add", "block_5_add", "block_7_add", "block_8_add", "block_9_add",
                "block_11_add",
                "block_12_add", "block_14_add", "block_15_add",
            ])
    }

    @Test func `names are unique and lead back to their place`() {
        #expect(Set(MobileNetV2.layers.map(\.name)).count == MobileNetV2.layers.count)
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
        let layer = try #require(MobileNetV2.layers.first { $0.name == name })
        #expect(layer.unitCount == units && layer.stride == stride, "\(layer)")
    }
}
