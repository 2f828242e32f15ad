import Networks

/// MobileNetV2 as others than the engine know it, from its table: for tests that need no file.
public enum StandardNetwork {
    /// Expansion, channels, blocks and first stride of each group (Sandler et al. 2018, table 2).
    private static let groups = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]

    public static let description: NetworkDescription = {
        var layers: [Layer] = []
        var work: [Layer.Work] = []
        var (stride, field, inputs) = (2, 3, 32)
        func add(_ name: String, _ units: Int, perPixel: Int) {
            work.append(Layer.Work(stride: stride, perPixel: Double(perPixel)))
            layers.append(Layer(name: name, unitCount: units, stride: stride, receptiveField: field, work: work))
        }
        add("Conv1_relu", 32, perPixel: 9 * 3 * 32)
        var number = 0
        for (expansion, channels, count, first) in groups {
            for index in 0..<count {
                let (name, units) = (number == 0 ? "expanded_conv" : "block_\(number)", expansion * inputs)
                if expansion > 1 { add("\(name)_expand_relu", units, perPixel: inputs * units) }
                field += 2 * stride
                if index == 0 { stride *= first }
                add("\(name)_depthwise_relu", units, perPixel: 9 * units)
                add("\(name)_project_BN", channels, perPixel: units * channels)
                if index > 0 { add("\(name)_add", channels, perPixel: 0) }
                (inputs, number) = (channels, number + 1)
            }
        }
        add("out_relu", 1280, perPixel: inputs * 1280)
        return NetworkDescription(
            name: "MobileNetV2", layers: layers,
            selections: [
                NetworkDescription.Selection(
                    name: "projection", layers: layers.filter { NamePattern("*_project_BN").matches($0.name) })
            ],
            perceptualLayers: [
                "expanded_conv_project_BN", "block_2_add", "block_5_add", "block_9_add", "block_12_add",
            ],
            benchmarkLayers: ["block_4_add", "block_12_add", "block_16_project_BN"], standardLayer: "block_12_add")
    }()
}
