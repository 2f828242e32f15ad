import ConvNet

/// MobileNetV2, width 1.0 (Sandler et al., CVPR 2018; thesis section 2.2.3), as the paper has it: what the reference
/// network is made from, and nothing of the file that the engine reads.
enum MobileNetV2 {
    /// The stem with `expanded_conv`, the sixteen inverted residual blocks, and the last 1x1 convolution.
    static let blocks: [Block] = {
        // (expansion factor, output channels, repetitions, stride of the first), table 2 of the paper.
        let groups = [(6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
        var blocks = [
            Block(
                index: 0, inputChannels: Image.channelCount, expandedChannels: 32, outputChannels: 16,
                depthwiseStride: 1, inputStride: 1)
        ]
        var channels = 16
        var stride = 2
        for (expansion, outputChannels, repetitions, groupStride) in groups {
            for repetition in 0..<repetitions {
                let depthwiseStride = repetition == 0 ? groupStride : 1
                blocks.append(
                    Block(
                        index: blocks.count, inputChannels: channels, expandedChannels: channels * expansion,
                        outputChannels: outputChannels, depthwiseStride: depthwiseStride, inputStride: stride))
                channels = outputChannels
                stride *= depthwiseStride
            }
        }
        blocks.append(
            Block(
                index: blocks.count, inputChannels: channels, expandedChannels: 1280, outputChannels: 0,
                depthwiseStride: 1, inputStride: stride))
        return blocks
    }()

    /// Finds the block and stage of a layer by its name.
    static func location(of layer: String) -> Location? {
        for block in blocks {
            for stage in block.stages where block.layerName(of: stage) == layer {
                return Location(block: block.index, stage: stage)
            }
        }
        return nil
    }
}

/// Where a layer lies: after which stage of which block.
struct Location: Sendable, Equatable {
    let block: Int
    let stage: BlockStage
}

/// The places in an inverted residual block at which a unit can be read, in order.
enum BlockStage: Int, Sendable, Comparable {
    /// After the 1x1 expansion and ReLU6 (block 0: after the stem's 3x3 convolution).
    case expand
    /// After the 3x3 depthwise convolution and ReLU6.
    case depthwise
    /// After the linear 1x1 projection.
    case project
    /// After the residual addition.
    case add

    static func < (a: BlockStage, b: BlockStage) -> Bool { a.rawValue < b.rawValue }
}

/// One inverted residual block: expand, depthwise, project, and add where the shapes allow.
///
/// Block 0 is the stem (its 3x3 convolution takes the expansion's place) with `expanded_conv`; the last is
/// `Conv_1`, an expansion alone.
struct Block: Sendable, Equatable {
    let index: Int
    let inputChannels: Int
    let expandedChannels: Int
    /// 0 where nothing follows the expansion.
    let outputChannels: Int
    let depthwiseStride: Int
    /// Image pixels per pixel of the block's input.
    let inputStride: Int

    var isStem: Bool { index == 0 }
    var isHead: Bool { outputChannels == 0 }
    var hasResidual: Bool { !isStem && !isHead && depthwiseStride == 1 && inputChannels == outputChannels }

    var stages: [BlockStage] {
        if isHead { return [.expand] }
        return [.expand, .depthwise, .project] + (hasResidual ? [.add] : [])
    }

    /// The beginning of its layers' names. The stem is named after `expanded_conv`, which is part of it.
    var name: String { isStem ? "expanded_conv" : isHead ? "Conv_1" : "block_\(index)" }

    func layerName(of stage: BlockStage) -> String {
        let prefix = name
        switch stage {
        case .expand: return isStem ? "Conv1_relu" : isHead ? "out_relu" : "\(prefix)_expand_relu"
        case .depthwise: return "\(prefix)_depthwise_relu"
        case .project: return "\(prefix)_project_BN"
        case .add: return "\(prefix)_add"
        }
    }

    func unitCount(of stage: BlockStage) -> Int { stage < .project ? expandedChannels : outputChannels }

    func stride(of stage: BlockStage) -> Int {
        let expanded = isStem ? 2 : inputStride
        return stage == .expand ? expanded : expanded * depthwiseStride
    }
}
