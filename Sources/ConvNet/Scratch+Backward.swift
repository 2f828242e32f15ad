/// Where a block's way back starts from.
enum BackwardSource {
    /// The gradient of its output, in `thin`.
    case output
    /// A constant gradient for each channel of the depthwise layer: one lane for each channel block.
    case filtered(AlignedBuffer)
    /// A constant gradient of each channel of the expanded layer.
    case expanded(AlignedBuffer)
    /// The gradient of the whole depthwise layer: lanes `[channel block][pixel]`.
    case filteredMap(AlignedBuffer)
    /// The gradient of the whole expanded layer.
    case expandedMap(AlignedBuffer)

    /// Whether it starts at the expanded layer, so that the depthwise convolution is not needed.
    var isExpanded: Bool {
        switch self {
        case .expanded, .expandedMap: true
        case .output, .filtered, .filteredMap: false
        }
    }
}

/// What a block's residual connection adds to its input's gradient.
enum ResidualGradient {
    case none
    /// The gradient of the block's output, in `thin`.
    case output
    /// A constant for each channel: one lane for each channel block.
    case constant(AlignedBuffer)
}

extension Scratch {
    /// Runs one block backward. The gradient of its input becomes `thin`; for the stem, that of the image goes into
    /// `pixels`.
    func backward(
        block index: Int, from source: BackwardSource, residual: ResidualGradient, pixels: UnsafeMutableRawPointer
    ) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        var produced = 0
        for rows in plan.backwardStrips {
            if source.isExpanded {
                fillExpanded(rows, from: source, folded, plan)
            } else {
                let needed = geometry.outputRows(for: rows)
                let new = max(produced, needed.lowerBound)..<max(produced, needed.upperBound)
                produced = new.upperBound
                for panel in folded.projectTransposed.panels {
                    produceFiltered(new, from: source, panel: panel, folded, plan)
                    for channels in folded.projectTransposed.blocks(of: panel) {
                        unfilter(rows, channels: channels, folded, plan)
                    }
                }
            }
            consumeExpanded(rows, residual: residual, folded, plan, pixels: pixels)
        }
        if !folded.block.isStem { swapThin() }
    }

    /// Writes the expanded layer's gradient of some rows into the strip, if the way back starts at that layer.
    private func fillExpanded(_ rows: Range<Int>, from source: BackwardSource, _ folded: FoldedBlock, _ plan: BlockPlan)
    {
        let width = plan.geometry.inputWidth
        let pixels = rows.lowerBound * width..<rows.upperBound * width
        for channels in 0..<folded.expandedBlocks {
            fill(
                stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound), from: source, channels: channels,
                mask: plan.expandMaskPlane(), pixels: pixels, planePixels: plan.geometry.inputPixels)
        }
    }

    /// Writes the gradient that the way back starts from into `lanes`, masked: some pixels of one channel block.
    private func fill(
        _ lanes: UnsafeMutableRawPointer, from source: BackwardSource, channels: Int, mask: MaskPlane,
        pixels: Range<Int>, planePixels: Int
    ) {
        switch source {
        case .output: break
        case .filtered(let values), .expanded(let values):
            fillMasked(lanes, with: values.base.lane(channels), mask: mask.block(channels), pixels: pixels)
        case .filteredMap(let map), .expandedMap(let map):
            let plane = LanePlane(base: map.base, blockStride: planePixels)
            lanes.copyMemory(
                from: plane.pointer(block: channels, pixel: pixels.lowerBound), byteCount: pixels.count * laneBytes)
            applyMask(lanes, mask: mask.block(channels), pixels: pixels)
        }
    }

    /// Writes the depthwise layer's gradient into the ring, masked: some rows of one panel of channels.
    private func produceFiltered(
        _ rows: Range<Int>, from source: BackwardSource, panel: Int, _ folded: FoldedBlock, _ plan: BlockPlan
    ) {
        let (width, capacity) = (plan.geometry.outputWidth, plan.backwardRingRows)
        let mask = plan.depthwiseMaskPlane()
        forEachRingRun(rows, capacity: capacity) { run, place in
            let pixels = run.lowerBound * width..<run.upperBound * width
            let output = LanePlane(
                base: ring.base, blockStride: capacity * width, origin: pixels.lowerBound - place * width)
            if case .output = source {
                let gradient = LanePlane(base: thin.base, blockStride: plan.geometry.outputPixels)
                multiply(
                    .blocked(gradient, from: pixels.lowerBound), pixels: pixels, by: folded.projectTransposed,
                    panels: panel..<panel + 1, epilogue: MaskingEpilogue(output: output, bias: zeros.base, mask: mask))
            } else {
                for channels in folded.projectTransposed.blocks(of: panel) {
                    fill(
                        output.pointer(block: channels, pixel: pixels.lowerBound), from: source, channels: channels,
                        mask: mask, pixels: pixels, planePixels: plan.geometry.outputPixels)
                }
            }
        }
    }

    /// The depthwise convolution backward: some rows and one channel block, masked, from the ring into the strip.
    private func unfilter(_ rows: Range<Int>, channels: Int, _ folded: FoldedBlock, _ plan: BlockPlan) {
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
        _ rows: Range<Int>, residual: ResidualGradient, _ folded: FoldedBlock, _ plan: BlockPlan,
        pixels: UnsafeMutableRawPointer
    ) {
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
