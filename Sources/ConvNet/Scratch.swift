/// One worker's memory for one image size and depth. Never shared, never grown.
///
/// All tensors are blocked (see `Lane`). Forward they hold activations, backward gradients.
final class Scratch {
    let network: Network
    let image: PaddedImageGeometry
    let plans: [BlockPlan]
    let padded: AlignedBuffer
    /// Rows between a block's first matrix product and its depthwise convolution.
    let ring: AlignedBuffer
    /// Rows between the depthwise convolution and the second matrix product.
    let strip: AlignedBuffer
    /// The input of the present block; its output once the block has run.
    private(set) var thin: AlignedBuffer
    /// After a block has run: its input.
    private(set) var thinOther: AlignedBuffer
    /// Zero lanes: a row as wide as the widest map, a bias as long as the widest tensor's.
    let zeros: AlignedBuffer
    /// The sums over pixels of the target block's last rectified layer: one lane for each channel block.
    let sums: AlignedBuffer
    /// The whole last rectified layer of the target block, if an objective asks for it; otherwise nil.
    var rectified: AlignedBuffer?
    /// Bias of the target's backward expansion: its residual's constant gradient.
    let constant: AlignedBuffer
    let stemProducts: AlignedBuffer

    init(network: Network, through last: Int, height: Int, width: Int) {
        self.network = network
        image = PaddedImageGeometry(
            height: height, width: width, paddingTop: network.paddingBefore(size: height, stride: 2),
            paddingLeft: network.paddingBefore(size: width, stride: 2))
        var plans: [BlockPlan] = []
        var (rows, columns) = (image.outputHeight, image.outputWidth)
        var (ringCount, stripCount, thinCount, blocks) = (0, 0, 0, 0)
        for folded in network.blocks[...last] {
            let stride = folded.block.depthwiseStride
            let plan = BlockPlan(
                geometry: DepthwiseGeometry(
                    inputHeight: rows, inputWidth: columns, stride: stride,
                    paddingTop: network.paddingBefore(size: rows, stride: stride),
                    paddingLeft: network.paddingBefore(size: columns, stride: stride)),
                channelBlocks: folded.expandedBlocks)
            let geometry = plan.geometry
            let channels = folded.expandedBlocks * laneWidth
            ringCount = max(
                ringCount, max(plan.forwardRingRows * columns, plan.backwardRingRows * geometry.outputWidth) * channels)
            let forwardRows = plan.forwardStrips.map { $0.count }.max() ?? 0
            let backwardRows = plan.backwardStrips.map { $0.count }.max() ?? 0
            let stripPixels = max(forwardRows * geometry.outputWidth, backwardRows * columns)
            stripCount = max(stripCount, BlockPlan.stripStride(pixels: stripPixels) * channels)
            thinCount = max(
                thinCount, geometry.outputPixels * blockCount(folded.block.outputChannels) * laneWidth,
                folded.block.isStem ? 0 : geometry.inputPixels * blockCount(folded.block.inputChannels) * laneWidth)
            blocks = max(blocks, folded.expandedBlocks)
            plans.append(plan)
            (rows, columns) = (geometry.outputHeight, geometry.outputWidth)
        }
        self.plans = plans
        padded = AlignedBuffer(count: image.count)
        fillPaddedImage(padded.base, image, color: network.borderColor)
        ring = AlignedBuffer(count: ringCount)
        strip = AlignedBuffer(count: stripCount)
        thin = AlignedBuffer(count: thinCount)
        thinOther = AlignedBuffer(count: thinCount)
        let widestThin = (MobileNetV2.blocks.map { max($0.inputChannels, $0.outputChannels) }.max() ?? 0) + laneWidth
        zeros = AlignedBuffer(count: max(image.outputWidth * laneWidth, blocks * laneWidth, widestThin))
        sums = AlignedBuffer(count: blocks * laneWidth)
        constant = AlignedBuffer(count: widestThin)
        stemProducts = AlignedBuffer(count: stemProductLanes(width: image.outputWidth) * laneWidth)
    }

    /// What was the block's output becomes the next one's input.
    func swapThin() { (thin, thinOther) = (thinOther, thin) }
}
