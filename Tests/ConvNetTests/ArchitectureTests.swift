import Networks
import Testing

@testable import ConvNet

/// The table of layers that manifests and other programs rely on, as it follows from the network's file, against the
/// paper's.
@Suite(.enabled(if: Resources.hasWeights, Resources.noWeights)) struct ArchitectureTests {
    private let description: NetworkDescription

    init() throws {
        description = try Resources.network().description
    }

    @Test func `the projection layers have 1504 units`() throws {
        let projections = try #require(description.selections.first { $0.name == "projection" }).layers
        #expect(projections == description.layers.filter { $0.name.hasSuffix("_project_BN") })
        #expect(projections.count == 17)
        #expect(projections.map(\.unitCount).reduce(0, +) == 1504)
    }

    @Test func `ten blocks have an addition`() {
        #expect(
            description.layers.filter { $0.name.hasSuffix("_add") }.map(\.name) == [
                "block_2_add", "block_4_add", "block_5_add", "block_7_add", "block_8_add", "block_9_add",
                "block_11_add",
                "block_12_add", "block_14_add", "block_15_add",
            ])
    }

    @Test func `every layer of the paper's table is there, in its order, with its units and strides`() throws {
        #expect(Set(description.layers.map(\.name)).count == description.layers.count)
        let names = description.layers.map(\.name)
        var places: [Int] = []
        for block in MobileNetV2.blocks {
            for stage in block.stages {
                let name = block.layerName(of: stage)
                let layer = try #require(description.layer(name), "\(name)")
                #expect(
                    layer.unitCount == block.unitCount(of: stage) && layer.stride == block.stride(of: stage), "\(layer)"
                )
                places.append(try #require(names.firstIndex(of: name)))
            }
        }
        #expect(places == places.sorted() && !places.isEmpty)
        #expect(description.layer("block_99_add") == nil)
    }

    @Test func `multiply-accumulates are those of the paper`() throws {
        // Sandler et al. 2018, table 4: 300 million for the whole network, the classifier (1.3 million) included.
        let all = try #require(description.layer("out_relu")).multiplyAccumulates(height: 224, width: 224)
        #expect(abs(all / 1e6 - 300) < 3, "\(all)")
    }

    /// GFLOP of a forward and input gradient, as other engines are compared with.
    @Test func `the benchmark's layers have the operations that are published`() {
        #expect(description.benchmarkLayers.map(\.name) == ["block_4_add", "block_12_add", "block_16_project_BN"])
        let found = description.benchmarkLayers.map { 4 * $0.multiplyAccumulates(height: 224, width: 224) / 1e9 }
        for (found, published) in zip(found, [0.409, 0.839, 1.118]) {
            #expect(abs(found - published) < 0.0005, "\(found)")
        }
    }

    /// What the pages write above the first layer of each.
    @Test func `layers go from edges to objects`() {
        var stages: [String] = []
        for layer in description.layers where stages.last != layer.stage { stages.append(layer.stage) }
        #expect(stages == ["edges and colours", "textures", "patterns and parts", "objects"])
        print(stages.map { stage in description.layers.first { $0.stage == stage }?.name ?? "" })
    }

    @Test func `the layers of the perceptual distance stand in the network's order`() {
        let names = description.layers.map(\.name)
        let places = description.perceptualLayers.compactMap { names.firstIndex(of: $0.name) }
        #expect(places.count == 5 && places == places.sorted(), "\(places)")
    }
}

/// The planner finds what the strips are for.
@Suite(.enabled(if: Resources.hasWeights, Resources.noWeights)) struct PlanTests {
    @Test(arguments: ["block_12_add", "block_16_project_BN", "block_6_depthwise_relu", "block_3_expand_relu"])
    func `MobileNetV2 runs block by block in strips`(layer: String) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: 64, width: 64)
        #expect(
            evaluator.plan.steps.allSatisfy { $0.operation is InvertedResidual }, "\(evaluator.plan.steps.map(\.name))")
        #expect(evaluator.plan.block != nil, "the target's means need no map")
    }

    /// The same graph with and without fusions: two ways to the same numbers.
    @Test(arguments: ["block_2_add", "block_7_project_BN", "block_13_depthwise_relu", "out_relu"])
    func `a plan without fusions agrees with one in strips`(layer: String) throws {
        let network = try Resources.network()
        let image = Image.test(height: 61, width: 74)
        let fused = try Evaluator(network: network, layer: layer, height: 61, width: 74)
        let plain = try fused.planForRedirection()
        #expect(!plain.steps.contains { $0.operation is InvertedResidual })
        let means = fused.meanActivations(of: image)
        image.pixels.withUnsafeBytes { if let base = $0.baseAddress { plain.forward(base, wantsMap: true) } }
        let largest = means.map { abs($0) }.max() ?? 0
        for unit in means.indices {
            let other = plain.mean(unit: unit, hasMap: true)
            #expect(abs(means[unit] - other) <= 2e-6 * largest, "unit \(unit): \(means[unit]) and \(other)")
        }
    }
}
