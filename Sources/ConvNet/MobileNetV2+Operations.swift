extension MobileNetV2 {
    /// Multiply-accumulates of the forward pass up to and with a layer, for an image of `height` x `width`; nil for a
    /// layer that there is not. A gradient costs about twice as many more.
    public static func multiplyAccumulates(to layer: String, height: Int, width: Int) -> Double? {
        guard let target = location(of: layer) else { return nil }
        return blocks[...target.block].reduce(0) { sum, block in
            sum
                + block.stages.filter { block.index < target.block || $0 <= target.stage }.reduce(0) {
                    $0 + block.multiplyAccumulates(of: $1, height: height, width: width)
                }
        }
    }
}

extension Block {
    /// Of one stage of the block, for an image of that size.
    fileprivate func multiplyAccumulates(of stage: Stage, height: Int, width: Int) -> Double {
        func pixels(_ stride: Int) -> Double {
            Double((height + stride - 1) / stride) * Double((width + stride - 1) / stride)
        }
        let weightsPerPixel =
            switch stage {
            case .expand: (isStem ? 9 * inputChannels : inputChannels) * expandedChannels
            case .depthwise: 9 * expandedChannels
            case .project: expandedChannels * outputChannels
            case .add: 0
            }
        return pixels(self.stride(of: stage)) * Double(weightsPerPixel)
    }
}
