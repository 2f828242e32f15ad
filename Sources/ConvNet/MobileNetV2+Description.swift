import Networks

extension MobileNetV2 {
    /// What code other than the engine needs to know of it.
    public static let description: NetworkDescription = {
        var layers: [Layer] = []
        var projections: [Layer] = []
        var work: [Layer.Work] = []
        var receptiveField = 1
        for block in blocks {
            for stage in block.stages {
                // The network is a chain: a layer needs all before it.
                work.append(Layer.Work(stride: block.stride(of: stage), perPixel: block.multiplyAccumulates(of: stage)))
                if stage == .depthwise {
                    receptiveField += 2 * block.stride(of: .expand)
                } else if stage == .expand, block.isStem {
                    receptiveField = 3
                }
                let layer = Layer(
                    name: block.layerName(of: stage), unitCount: block.unitCount(of: stage),
                    stride: block.stride(of: stage), receptiveField: receptiveField, work: work)
                layers.append(layer)
                if stage == .project { projections.append(layer) }
            }
        }
        return NetworkDescription(
            name: "MobileNetV2", layers: layers,
            selections: [NetworkDescription.Selection(name: "projection", layers: projections)],
            // torchvision's features[1, 3, 6, 10, 13].
            perceptualLayers: [
                "expanded_conv_project_BN", "block_2_add", "block_5_add", "block_9_add", "block_12_add",
            ],
            // Measured on the machine that the engine was written on: one core with AVX-512.
            calibrationLayers: [
                ("block_1_project_BN", forward: 0.75, gradient: 1.45),
                ("block_4_add", forward: 1.2, gradient: 2.5),
                ("block_8_add", forward: 1.6, gradient: 3.4),
                ("block_12_add", forward: 2.2, gradient: 4.7),
                ("block_16_project_BN", forward: 2.9, gradient: 6.2),
            ],
            benchmarkLayers: ["block_4_add", "block_12_add", "block_16_project_BN"], standardLayer: "block_12_add")
    }()
}

extension Block {
    /// Multiply-accumulates for each pixel of the stage's output.
    fileprivate func multiplyAccumulates(of stage: BlockStage) -> Int {
        switch stage {
        case .expand: (isStem ? 9 * inputChannels : inputChannels) * expandedChannels
        case .depthwise: 9 * expandedChannels
        case .project: expandedChannels * outputChannels
        case .add: 0
        }
    }
}
