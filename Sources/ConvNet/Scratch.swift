/// One worker's memory for one image size, and the steps that run on it.
///
/// Buffers are blocked (see `Lane`): `expanded` and `filtered` hold what stands before and after a depthwise
/// convolution, first activations, on the way back gradients; `thin` and `thinNext` the block's input and output.
final class Scratch {
    /// Sizes and masks of one block.
    struct Plan {
        let geometry: DepthwiseGeometry
        let expandMask: AlignedBuffer
        let depthwiseMask: AlignedBuffer

        /// Pixels at the block's expanded and output resolution.
        var inputPixels: Int { geometry.inputPixels }
        var outputPixels: Int { geometry.outputPixels }
    }

    let image: PaddedImageGeometry
    let plans: [Plan]
    let padded: AlignedBuffer
    let expanded: AlignedBuffer
    let filtered: AlignedBuffer
    private(set) var thin: AlignedBuffer
    private var thinNext: AlignedBuffer
    /// Zero lanes: a row as wide as the widest depthwise input, a bias as long as the widest thin tensor's.
    private let zeros: AlignedBuffer
    /// Bias of the backward expansion: the residual's constant gradient.
    private let constant: AlignedBuffer
    private let stemProducts: AlignedBuffer
    private let stemRow: AlignedBuffer

    init(network: Network, through last: Int, height: Int, width: Int) {
        image = PaddedImageGeometry(
            height: height, width: width, paddingTop: network.paddingBefore(size: height, stride: 2),
            paddingLeft: network.paddingBefore(size: width, stride: 2))
        var plans: [Plan] = []
        var (rows, columns) = (image.outputHeight, image.outputWidth)
        var (expandedCount, filteredCount, thinCount) = (0, 0, 0)
        for folded in network.blocks[...last] {
            let stride = folded.block.depthwiseStride
            let geometry = DepthwiseGeometry(
                inputHeight: rows, inputWidth: columns, stride: stride,
                paddingTop: network.paddingBefore(size: rows, stride: stride),
                paddingLeft: network.paddingBefore(size: columns, stride: stride))
            let words = folded.expandedBlocks * laneWidth
            plans.append(
                Plan(
                    geometry: geometry, expandMask: AlignedBuffer(count: maskWordCount(geometry.inputPixels) * words),
                    depthwiseMask: AlignedBuffer(count: maskWordCount(geometry.outputPixels) * words)))
            expandedCount = max(expandedCount, geometry.inputPixels * words)
            filteredCount = max(filteredCount, geometry.outputPixels * words)
            thinCount = max(
                thinCount, geometry.outputPixels * blockCount(folded.block.outputChannels) * laneWidth,
                folded.block.isStem ? 0 : geometry.inputPixels * blockCount(folded.block.inputChannels) * laneWidth)
            (rows, columns) = (geometry.outputHeight, geometry.outputWidth)
        }
        self.plans = plans
        let widest = 320  // channels of the widest thin tensor
        padded = AlignedBuffer(count: image.count)
        fillPaddedImage(padded.base, image, colour: network.borderColour)
        expanded = AlignedBuffer(count: expandedCount)
        filtered = AlignedBuffer(count: filteredCount)
        thin = AlignedBuffer(count: thinCount)
        thinNext = AlignedBuffer(count: thinCount)
        zeros = AlignedBuffer(count: max(image.outputWidth * laneWidth, widest))
        constant = AlignedBuffer(count: widest)
        stemProducts = AlignedBuffer(count: 2 * 3 * image.outputWidth * laneWidth)
        stemRow = AlignedBuffer(count: (width + 3) * 3 + 2 * laneWidth)
    }

    func load(_ pixels: UnsafeRawPointer) { copyImage(pixels, into: padded.base, image) }

    private func swapThin() { (thin, thinNext) = (thinNext, thin) }
}

// MARK: - Forward

extension Scratch {
    /// Runs one stage of one block on what the previous stage left.
    func run(_ stage: Stage, _ network: Network, block index: Int) {
        switch stage {
        case .expand: expandForward(network, block: index)
        case .depthwise: depthwiseForward(network, block: index)
        case .project: projectForward(network, block: index)
        case .add: break  // the projection's epilogue added it
        }
    }

    private func expandForward(_ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let epilogue = RectifyingEpilogue(
            output: expanded.base, pixels: plan.inputPixels, bias: folded.expandBias.base,
            mask: plan.expandMask.base, maskWords: maskWordCount(plan.inputPixels))
        if folded.block.isStem {
            multiplyStem(padded.base, image, by: folded.expand, epilogue: epilogue)
        } else {
            multiply(.blocked(thin.base, pixels: plan.inputPixels), count: plan.inputPixels, by: folded.expand, epilogue: epilogue)
        }
    }

    private func depthwiseForward(_ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let words = maskWordCount(plan.outputPixels)
        for block in 0..<folded.expandedBlocks {
            let weights = UnsafeRawPointer(folded.depthwise.base) + block * FoldedBlock.depthwiseLanes * laneBytes
            var epilogue = RectifyingPixelEpilogue(
                output: filtered.base + block * plan.outputPixels * laneBytes,
                mask: plan.depthwiseMask.base + block * words * laneBytes)
            depthwise(
                expanded.base + block * plan.inputPixels * laneBytes, plan.geometry, weights: weights,
                bias: weights.lane(9), zeros: zeros.base, epilogue: &epilogue)
        }
    }

    private func projectForward(_ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        multiplyThin(
            filtered, pixels: plan.outputPixels, by: folded.project, bias: folded.projectBias,
            addingThin: folded.block.hasResidual)
    }

    /// Copies a stage's output out of the blocked layout. `.project` of a block with a residual is recomputed
    /// by the caller never: its own output is the sum minus the block's input, still held in `thinNext`.
    func output(of stage: Stage, _ network: Network, block index: Int) -> Tensor {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        let isExpand = stage == .expand
        let buffer = isExpand ? expanded : stage == .depthwise ? filtered : thin
        let pixels = isExpand ? plan.inputPixels : plan.outputPixels
        let channels = folded.block.unitCount(of: stage)
        let subtractsInput = stage == .project && folded.block.hasResidual
        var values = [Float](repeating: 0, count: pixels * channels)
        let (source, input) = (buffer.floats, thinNext.floats)
        for channel in 0..<channels {
            let base = channel / laneWidth * pixels * laneWidth + channel % laneWidth
            for pixel in 0..<pixels {
                let place = base + pixel * laneWidth
                values[pixel * channels + channel] = source[place] - (subtractsInput ? input[place] : 0)
            }
        }
        let (height, width) = isExpand
            ? (geometry.inputHeight, geometry.inputWidth) : (geometry.outputHeight, geometry.outputWidth)
        return Tensor(shape: [height, width, channels], values: values)
    }
}

// MARK: - A unit's mean

extension Scratch {
    func expandedMean(unit: Int, block index: Int) -> Float {
        mean(of: expanded, channel: unit, pixels: plans[index].inputPixels)
    }

    func filteredMean(unit: Int, block index: Int) -> Float {
        mean(of: filtered, channel: unit, pixels: plans[index].outputPixels)
    }

    /// The block's input, still in `thin` while its projection has not run.
    func inputMean(unit: Int, block index: Int) -> Float {
        mean(of: thin, channel: unit, pixels: plans[index].inputPixels)
    }

    /// The projection is linear: the mean of its output is its row times the mean of its input.
    func projectedMean(unit: Int, _ network: Network, block index: Int) -> Float {
        let (folded, plan) = (network.blocks[index], plans[index])
        let row = folded.projectRows.base + unit * folded.expandedBlocks * laneBytes
        var sum = 0.0
        for block in 0..<folded.expandedBlocks {
            let products = row.lane(block) * planeSum(filtered.base + block * plan.outputPixels * laneBytes, pixels: plan.outputPixels)
            for channel in 0..<laneWidth { sum += Double(products[channel]) }
        }
        return Float(sum / Double(plan.outputPixels) + Double(folded.projectBias.floats[unit]))
    }

    private func mean(of buffer: AlignedBuffer, channel: Int, pixels: Int) -> Float {
        planeSum(buffer.base + channel / laneWidth * pixels * laneBytes, pixels: pixels)[channel % laneWidth] / Float(pixels)
    }
}

// MARK: - Backward

extension Scratch {
    /// What a block's residual connection brings to its input's gradient.
    enum ResidualGradient {
        case none
        /// The target unit's own: 1 / pixels everywhere.
        case unit(Int)
        /// The gradient of the block's output, in `thin`.
        case gradient
    }

    /// Gradient of one unit's mean at the output of the expansion, masked.
    func seedExpanded(unit: Int, _ network: Network, block index: Int) {
        let plan = plans[index]
        seed(expanded, unit: unit, mask: plan.expandMask, pixels: plan.inputPixels, blocks: network.blocks[index].expandedBlocks)
    }

    /// Gradient of one unit's mean at the output of the depthwise convolution, masked.
    func seedFiltered(unit: Int, _ network: Network, block index: Int) {
        let plan = plans[index]
        seed(filtered, unit: unit, mask: plan.depthwiseMask, pixels: plan.outputPixels, blocks: network.blocks[index].expandedBlocks)
    }

    private func seed(_ buffer: AlignedBuffer, unit: Int, mask: AlignedBuffer, pixels: Int, blocks: Int) {
        for block in 0..<blocks {
            var value = Lane.zero
            if block == unit / laneWidth { value[unit % laneWidth] = 1 / Float(pixels) }
            fillMasked(
                buffer.base + block * pixels * laneBytes, with: value,
                mask: mask.base + block * maskWordCount(pixels) * laneBytes, pixels: pixels)
        }
    }

    /// Gradient of one projected unit's mean at the output of the depthwise convolution: its row, masked.
    func seedProjected(unit: Int, _ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let row = folded.projectRows.base + unit * folded.expandedBlocks * laneBytes
        let pixels = plan.outputPixels
        for block in 0..<folded.expandedBlocks {
            fillMasked(
                filtered.base + block * pixels * laneBytes, with: row.lane(block) / Lane(repeating: Float(pixels)),
                mask: plan.depthwiseMask.base + block * maskWordCount(pixels) * laneBytes, pixels: pixels)
        }
    }

    /// From the block's output gradient in `thin` to the gradient in `filtered`, masked.
    func projectBackward(_ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        multiply(
            .blocked(thin.base, pixels: plan.outputPixels), count: plan.outputPixels, by: folded.projectTransposed,
            epilogue: MaskingEpilogue(
                output: filtered.base, pixels: plan.outputPixels, mask: plan.depthwiseMask.base,
                maskWords: maskWordCount(plan.outputPixels)))
    }

    /// From the gradient in `filtered` to the one in `expanded`, masked.
    func depthwiseBackward(_ network: Network, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        let taps = geometry.stride == 1 ? folded.depthwiseFlipped : folded.depthwise
        let words = maskWordCount(plan.inputPixels)
        for block in 0..<folded.expandedBlocks {
            let weights = UnsafeRawPointer(taps.base) + block * FoldedBlock.depthwiseLanes * laneBytes
            let gradient = filtered.base + block * plan.outputPixels * laneBytes
            var epilogue = MaskingPixelEpilogue(
                output: expanded.base + block * plan.inputPixels * laneBytes,
                mask: plan.expandMask.base + block * words * laneBytes)
            if geometry.stride == 1 {
                depthwise(gradient, geometry, weights: weights, bias: Lane.zero, zeros: zeros.base, epilogue: &epilogue)
            } else {
                depthwiseTransposedStride2(gradient, geometry, weights: weights, zeros: zeros.base, epilogue: &epilogue)
            }
        }
    }

    /// From the gradient in `expanded` to the block's input gradient, which becomes `thin`.
    func expandBackward(_ network: Network, block index: Int, residual: ResidualGradient) {
        let (folded, plan) = (network.blocks[index], plans[index])
        var (bias, addsThin) = (zeros, false)
        switch residual {
        case .none: break
        case .gradient: addsThin = true
        case .unit(let unit):
            for channel in constant.floats.indices { constant.floats[channel] = 0 }
            constant.floats[unit] = 1 / Float(plan.outputPixels)
            bias = constant
        }
        multiplyThin(expanded, pixels: plan.inputPixels, by: folded.expandTransposed, bias: bias, addingThin: addsThin)
    }

    /// `thin = source * weights + bias (+ thin)`.
    private func multiplyThin(
        _ source: AlignedBuffer, pixels: Int, by weights: PackedMatrix, bias: AlignedBuffer, addingThin: Bool
    ) {
        let rows = RowOperand.blocked(source.base, pixels: pixels)
        if addingThin {
            let epilogue = ResidualEpilogue(output: thinNext.base, pixels: pixels, bias: bias.base, residual: thin.base)
            multiply(rows, count: pixels, by: weights, epilogue: epilogue)
        } else {
            let epilogue = LinearEpilogue(output: thinNext.base, pixels: pixels, bias: bias.base)
            multiply(rows, count: pixels, by: weights, epilogue: epilogue)
        }
        swapThin()
    }

    /// From the stem's output gradient in `expanded` to the image's, `[height][width][3]`.
    func stemBackward(_ network: Network, into pixels: UnsafeMutableRawPointer) {
        stemGradient(
            expanded.base, image, weights: network.blocks[0].expandTransposed, zeros: zeros.base, products: stemProducts.base,
            row: stemRow.base, pixels: pixels)
    }
}
