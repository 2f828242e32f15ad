/// Where a block's way back starts from.
enum BackwardSource {
    /// The gradient of its output, in `thin`.
    case output
    /// A constant gradient of each channel of the depthwise layer: lanes, one a channel block.
    case filtered(AlignedBuffer)
    /// A constant gradient of each channel of the expanded layer.
    case expanded(AlignedBuffer)
}

/// What a block's residual connection adds to its input's gradient.
enum ResidualGradient {
    case none
    /// The gradient of the block's output, in `thin`.
    case output
    /// A constant of each channel, one lane a channel block.
    case constant(AlignedBuffer)
}

extension Scratch {
    /// Runs one block backward: the gradient of its input becomes `thin`, the stem's the image's in `pixels`.
    func backward(
        block index: Int, from source: BackwardSource, residual: ResidualGradient, pixels: UnsafeMutableRawPointer
    ) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        var produced = 0
        for rows in plan.backwardStrips {
            if case .expanded(let values) = source {
                fillExpanded(rows, with: values, block: index)
            } else {
                let needed = geometry.outputRows(for: rows)
                let new = max(produced, needed.lowerBound)..<max(produced, needed.upperBound)
                produced = new.upperBound
                for panel in folded.projectTransposed.panels {
                    produceFiltered(new, from: source, panel: panel, block: index)
                    for channels in folded.projectTransposed.blocks(of: panel) {
                        unfilter(rows, channels: channels, block: index)
                    }
                }
            }
            consumeExpanded(rows, residual: residual, block: index, pixels: pixels)
        }
        if !folded.block.isStem { swapThin() }
    }

    /// The expanded layer's gradient of some rows into the strip, where it is a constant behind its mask.
    private func fillExpanded(_ rows: Range<Int>, with values: AlignedBuffer, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let width = plan.geometry.inputWidth
        let pixels = rows.lowerBound * width..<rows.upperBound * width
        for channels in 0..<folded.expandedBlocks {
            fillMasked(
                stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound), with: values.base.lane(channels),
                mask: plan.expandMaskPlane().block(channels), pixels: pixels)
        }
    }

    /// The depthwise layer's gradient of some rows and one panel of channels, masked, into the ring.
    private func produceFiltered(_ rows: Range<Int>, from source: BackwardSource, panel: Int, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let (width, capacity) = (plan.geometry.outputWidth, plan.backwardRingRows)
        let mask = plan.depthwiseMaskPlane()
        forEachRingRun(rows, capacity: capacity) { run, place in
            let pixels = run.lowerBound * width..<run.upperBound * width
            let output = LanePlane(
                base: ring.base, blockStride: capacity * width, origin: pixels.lowerBound - place * width)
            if case .filtered(let values) = source {
                for channels in folded.projectTransposed.blocks(of: panel) {
                    fillMasked(
                        output.pointer(block: channels, pixel: pixels.lowerBound), with: values.base.lane(channels),
                        mask: mask.block(channels), pixels: pixels)
                }
            } else {
                let gradient = LanePlane(base: thin.base, blockStride: plan.geometry.outputPixels)
                multiply(
                    .blocked(gradient, from: pixels.lowerBound), pixels: pixels, by: folded.projectTransposed,
                    panels: panel..<panel + 1, epilogue: MaskingEpilogue(output: output, bias: zeros.base, mask: mask))
            }
        }
    }

    /// The depthwise convolution backward: some rows and one channel block, masked, from the ring into the strip.
    private func unfilter(_ rows: Range<Int>, channels: Int, block index: Int) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        let taps = geometry.stride == 1 ? folded.depthwiseFlipped : folded.depthwise
        let weights = UnsafeRawPointer(taps.base) + channels * FoldedBlock.depthwiseLanes * laneBytes
        let pixels = rows.lowerBound * geometry.inputWidth..<rows.upperBound * geometry.inputWidth
        let output = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        let gradient = rowRing(
            capacity: plan.backwardRingRows, channels: channels, height: geometry.outputHeight,
            width: geometry.outputWidth)
        if geometry.stride == 1 {
            depthwiseTransposedStride1(gradient, geometry, rows: rows, weights: weights, into: output)
        } else {
            depthwiseTransposedStride2(gradient, geometry, rows: rows, weights: weights, into: output)
        }
        applyMask(output, mask: plan.expandMaskPlane().block(channels), pixels: pixels)
    }

    /// The expansion backward: the strip to the other thin tensor, or to the image.
    private func consumeExpanded(
        _ rows: Range<Int>, residual: ResidualGradient, block index: Int, pixels: UnsafeMutableRawPointer
    ) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let width = plan.geometry.inputWidth
        let range = rows.lowerBound * width..<rows.upperBound * width
        if folded.block.isStem {
            stemGradient(
                stripPlane(range), image, rows: rows,
                weights: folded.expandTransposed, zeros: zeros.base, products: stemProducts.base, pixels: pixels)
            return
        }
        var (bias, addsThin) = (zeros, false)
        switch residual {
        case .none: break
        case .output: addsThin = true
        case .constant(let values): bias = values
        }
        multiplyStrip(
            range, planePixels: plan.geometry.inputPixels, by: folded.expandTransposed, bias: bias.base,
            addingThin: addsThin)
    }
}
