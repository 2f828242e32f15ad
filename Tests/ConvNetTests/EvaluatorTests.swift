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
        for layer in MobileNetV2.layers {
            guard golden.shape(of: "mean_activation/\(layer.name)") != nil else { continue }
            let evaluator = try Evaluator(network: network, layer: layer.name, height: image.height, width: image.width)
            let expected = try golden.tensor(named: "mean_activation/\(layer.name)", shape: [layer.unitCount]).values
            let difference = zip(evaluator.meanActivations(of: image), expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 2e-5, "\(layer.name): \(difference)")
            compared += 1
        }
        #expect(compared == MobileNetV2.layers.count)
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

    @Test(arguments: [
        ("block_12_add", 57, 75), ("block_16_project_BN", 65, 33), ("block_6_depthwise_relu", 45, 51),
        ("block_3_expand_relu", 39, 64), ("Conv1_relu", 41, 37), ("out_relu", 64, 65),
        ("expanded_conv_project_BN", 32, 47), ("block_2_add", 224, 224),
    ])
    func `with masks fixed the gradient agrees with double precision`(layer: String, height: Int, width: Int) throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: layer, height: height, width: width)
        let image = Resources.testImage(height: height, width: width)
        // The most active unit: surely alive.
        let means = evaluator.meanActivations(of: image)
        let unit = try #require(means.indices.max { means[$0] < means[$1] })
        var gradient = image
        _ = evaluator.meanActivation(of: image, unit: unit, gradient: &gradient)
        let reference = ReferenceNetwork(file: try SafetensorsFile(path: Resources.weightsPath))
        let expected = try reference.gradient(of: unit, masksOf: evaluator)
        let largest = expected.map { abs($0) }.max() ?? 0
        let difference = zip(gradient.pixels, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(largest > 0, "the unit is alive")
        #expect(difference <= 2e-6 * largest, "\(layer) at \(width)x\(height): \(difference / largest) of the largest")
    }

    @Test(arguments: [(57, 75), (65, 33), (32, 32)])
    func `activations at odd sizes agree with double precision`(height: Int, width: Int) throws {
        let image = Resources.testImage(height: height, width: width)
        let reference = ReferenceNetwork(file: try SafetensorsFile(path: Resources.weightsPath))
        let network = try Resources.network()
        for layer in ["block_1_project_BN", "block_5_add", "block_9_expand_relu", "block_14_project_BN"] {
            let evaluator = try Evaluator(network: network, layer: layer, height: height, width: width)
            let expected = try reference.output(of: image, at: evaluator.location)
            let means = evaluator.meanActivations(of: image)
            let difference = means.indices.map { abs(Double(means[$0]) - expected.mean(of: $0)) }.max() ?? .infinity
            #expect(difference <= 2e-5, "\(layer): \(difference)")
        }
    }

    @Test func `taps have the means that the layers' own evaluators find`() throws {
        let network = try Resources.network()
        let image = Resources.testImage(height: 50, width: 66)
        let deep = try Evaluator(network: network, layer: "block_12_add", height: 50, width: 66)
        let names = [
            "expanded_conv_project_BN", "block_2_project_BN", "block_2_add", "block_6_project_BN",
            "block_12_project_BN", "block_12_add",
        ]
        for (name, tensor) in zip(names, try deep.outputs(of: image, layers: names)) {
            let own = try Evaluator(network: network, layer: name, height: 50, width: 66)
            let channels = tensor.shape[2]
            let pixels = tensor.shape[0] * tensor.shape[1]
            var sums = [Double](repeating: 0, count: channels)
            for (index, value) in tensor.values.enumerated() { sums[index % channels] += Double(value) }
            let difference =
                zip(own.meanActivations(of: image), sums).map { abs(Double($0) - $1 / Double(pixels)) }.max()
                ?? .infinity
            #expect(difference <= 2e-5, "\(name): \(difference)")
        }
    }

    @Test func `an evaluator gives the same bits again and after other images`() throws {
        let evaluator = try Evaluator(network: Resources.network(), layer: "block_8_add", height: 48, width: 57)
        let image = Resources.testImage(height: 48, width: 57)
        var (first, second) = (image, image)
        let value = evaluator.meanActivation(of: image, unit: 31, gradient: &first)
        var other = image
        for index in other.pixels.indices { other.pixels[index] *= -1 }
        _ = evaluator.meanActivation(of: other, unit: 2, gradient: &second)
        #expect(second != first)
        #expect(evaluator.meanActivation(of: image, unit: 31, gradient: &second) == value)
        #expect(second == first)
        #expect(evaluator.meanActivation(of: image, unit: 31) == value)
    }

    @Test func `what cannot be evaluated is refused by name`() throws {
        let network = try Resources.network()
        #expect(throws: EvaluatorError.unknownLayer("block_99_add")) {
            try Evaluator(network: network, layer: "block_99_add", height: 64, width: 64)
        }
        #expect(throws: EvaluatorError.imageSize(height: 31, width: 64)) {
            try Evaluator(network: network, layer: "block_1_project_BN", height: 31, width: 64)
        }
    }

    private static func input(of golden: SafetensorsFile) throws -> Image {
        let tensor = try golden.tensor(named: "input")
        return Image(height: tensor.shape[0], width: tensor.shape[1], pixels: tensor.values)
    }
}

/// How far a vector is from the expected one.
struct Comparison {
    let relativeError: Double
    let cosine: Double

    init(_ actual: [Double], _ expected: [Double]) {
        let difference = zip(actual, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let squares = expected.reduce(0) { $0 + $1 * $1 }
        let own = actual.reduce(0) { $0 + $1 * $1 }
        let product = zip(actual, expected).reduce(0) { $0 + $1.0 * $1.1 }
        relativeError = (difference / squares).squareRoot()
        cosine = product / (squares * own).squareRoot()
    }
}
