import Testing

@testable import ConvNet

/// The engine against numbers and code that share nothing with it.
@Suite(.enabled(if: Resources.hasWeights, Resources.noWeights))
struct EvaluatorTests {
    /// ../shared/golden/network_*.safetensors: PyTorch in float64 on the same weights; tolerances of METHODS.md.
    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden), arguments: ["network_224", "network_96x160"])
    func `mean activations of every layer meet the golden numbers`(name: String) throws {
        let golden = try SafetensorsFile(path: Resources.goldenPath(name))
        let image = try Self.input(of: golden)
        let network = try Resources.network()
        var compared = 0
        let layers = MobileNetV2.blocks.flatMap { block in block.stages.map { block.layerName(of: $0) } }
        for layer in network.description.layers {
            guard golden.shape(of: "mean_activation/\(layer.name)") != nil else { continue }
            let evaluator = try Evaluator(network: network, layer: layer.name, height: image.height, width: image.width)
            let expected = try golden.tensor(named: "mean_activation/\(layer.name)", shape: [layer.unitCount]).values
            let difference = zip(evaluator.meanActivations(of: image), expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 2e-5, "\(layer.name): \(difference)")
            compared += 1
        }
        #expect(compared == layers.count, "\(compared) of \(layers.count) layers")
    }

    @Test(.enabled(if: Resources.hasGolden, Resources.noGolden), arguments: ["network_224", "network_96x160"])
    func `input gradients meet the golden numbers`(name: String) throws {
        let golden = try SafetensorsFile(path: Resources.goldenPath(name))
        let image = try Self.input(of: golden)
        let network = try Resources.network()
        let gradients = golden.names.filter { $0.hasPrefix("gradient/") }
        #expect(!gradients.isEmpty)
        for name in gradients {
            let parts = name.split(separator: "/").map(String.init)
            let evaluator = try Evaluator(network: network, layer: parts[1], height: image.height, width: image.width)
            var gradient = image
            _ = evaluator.meanActivation(of: image, unit: try #require(Int(parts[2])), gradient: &gradient)
            let comparison = Comparison(
                gradient.pixels.map(Double.init), try golden.tensor(named: name).values.map(Double.init))
            #expect(comparison.relativeError <= 0.02, "\(name): relative L2 error \(comparison.relativeError)")
            #expect(comparison.cosine >= 0.9999, "\(name): cosine \(comparison.cosine)")
        }
    }

    @Test(arguments: NetworkComparisons.gradientCases)
    func `with masks fixed the gradient agrees with double precision`(layer: String, height: Int, width: Int) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: height, width: width)
        let found = try NetworkComparisons.gradient(evaluator, Resources.reference())
        #expect(found.agree, "\(found)")
    }

    @Test(arguments: NetworkComparisons.oddSizes)
    func `activations at odd sizes agree with double precision`(height: Int, width: Int) throws {
        let network = try Resources.network()
        for layer in NetworkComparisons.layersAtOddSizes {
            let evaluator = try Evaluator(network: network, layer: layer, height: height, width: width)
            let found = try NetworkComparisons.meanActivations(evaluator, Resources.reference())
            #expect(found.agree, "\(found)")
        }
    }

    @Test func `taps have the means that the layers' own evaluators find`() throws {
        let found = try NetworkComparisons.taps(of: Resources.network())
        #expect(found.agree, "\(found)")
    }

    @Test func `an evaluator gives the same bits again and after other images`() throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: "block_8_add", height: 48, width: 57)
        let found = NetworkComparisons.repetition(evaluator)
        #expect(found.agree, "\(found)")
    }

    @Test func `what cannot be evaluated is refused by name`() throws {
        let network = try Resources.network()
        let error = #expect(throws: EvaluatorError.self) {
            try Evaluator(network: network, layer: "block_12_ad", height: 64, width: 64)
        }
        #expect("\(error as Any)".contains("block_12_add"), "\(error as Any)")
        #expect(throws: EvaluatorError.imageSize(height: 2049, width: 64)) {
            try Evaluator(network: network, layer: "block_1_project_BN", height: 2049, width: 64)
        }
    }

    private static func input(of golden: SafetensorsFile) throws -> Image {
        let tensor = try golden.tensor(named: "input")
        return Image(height: tensor.shape[0], width: tensor.shape[1], pixels: tensor.values)
    }
}
