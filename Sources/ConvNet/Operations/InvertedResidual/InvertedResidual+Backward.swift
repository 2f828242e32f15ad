/// Where a block's way back starts from.
enum BackwardSource {
    /// The gradient of its projected output.
    case output
    /// The gradient of its last rectified layer, in `seed`: the same at every pixel.
    case seed
    /// The gradient of its last rectified layer, which is its output.
    case map
}

/// What a block's residual connection adds to its input's gradient.
enum ResidualGradient {
    case none
    /// The gradient of the block's output.
    case output
    /// A constant for each channel, in `constant`.
    case constant
}

extension InvertedResidual {
    /// Runs the block backward. The gradient of its input goes where the planner wants it; for the stem, that of the
    /// image into its pixels.
    func backward(from source: BackwardSource, residual: ResidualGradient) {
        if let input = memory.inputGradients.first, input.adds, residual == .output, let base = input.base {
            // Rare: the block's input has readers elsewhere. Their sum is there, the residual joins it.
            for lane in 0..<inputs[0].laneCount {
                base.setLane(lane, to: base.lane(lane) + memory.gradient.lane(lane))
            }
        }
        var produced = 0
        for rows in strips.backwardStrips {
            if block.stage == .expand {
                fillExpanded(rows, from: source)
            } else {
                let needed = geometry.outputRows(for: rows)
                let new = max(produced, needed.lowerBound)..<max(produced, needed.upperBound)
                produced = new.upperBound
                if source == .output {
                    for panel in weights.projectTransposed.panels {
                        produceFiltered(new, panel: panel)
                        for channels in weights.projectTransposed.blocks(of: panel) { unfilter(rows, channels) }
                    }
                } else {
                    for channels in 0..<block.expandedBlocks {
                        fillFiltered(new, from: source, channels)
                        unfilter(rows, channels)
                    }
                }
            }
            consumeExpanded(rows, residual: residual)
        }
    }

    /// Writes the expanded layer's gradient of some rows into the strip, if the way back starts at that layer.
    private func fillExpanded(_ rows: Range<Int>, from source: BackwardSource) {
        let pixels = rows.lowerBound * geometry.inputWidth..<rows.upperBound * geometry.inputWidth
        for channels in 0..<block.expandedBlocks {
            fill(
                stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound), from: source, channels,
                mask: expandMask, pixels: pixels, planePixels: geometry.inputPixels)
        }
    }

    /// Writes the gradient that the way back starts from into `lanes`, masked: some pixels of one channel block.
    private func fill(
        _ lanes: UnsafeMutableRawPointer, from source: BackwardSource, _ channels: Int, mask: MaskPlane,
        pixels: Range<Int>, planePixels: Int
    ) {
        if source == .seed {
            fillMasked(lanes, with: seed.base.lane(channels), mask: mask.block(channels), pixels: pixels)
        } else {
            let plane = LanePlane(base: memory.gradient, blockStride: planePixels)
            lanes.copyMemory(
                from: plane.pointer(block: channels, pixel: pixels.lowerBound), byteCount: pixels.count * laneBytes)
            applyMask(lanes, mask: mask.block(channels), pixels: pixels)
        }
    }

    /// The depthwise layer's gradient in the ring, while it holds some rows.
    private func ringPlane(_ pixels: Range<Int>, place: Int) -> LanePlane {
        let (width, capacity) = (geometry.outputWidth, strips.backwardRingRows)
        return LanePlane(base: ring, blockStride: capacity * width, origin: pixels.lowerBound - place * width)
    }

    /// Writes the depthwise layer's gradient into the ring, masked: some rows of one panel of channels.
    private func produceFiltered(_ rows: Range<Int>, panel: Int) {
        let width = geometry.outputWidth
        forEachRingRun(rows, capacity: strips.backwardRingRows) { run, place in
            let pixels = run.lowerBound * width..<run.upperBound * width
            let gradient = LanePlane(base: memory.gradient, blockStride: geometry.outputPixels)
            multiply(
                RowOperand.blocked(gradient, from: pixels.lowerBound), pixels: pixels, by: weights.projectTransposed,
                panels: panel..<panel + 1,
                epilogue: MaskingEpilogue(
                    output: ringPlane(pixels, place: place), bias: zeros.base, mask: depthwiseMask))
        }
    }

    /// The same where the way back starts at that layer: some rows of one channel block.
    private func fillFiltered(_ rows: Range<Int>, from source: BackwardSource, _ channels: Int) {
        let width = geometry.outputWidth
        forEachRingRun(rows, capacity: strips.backwardRingRows) { run, place in
            let pixels = run.lowerBound * width..<run.upperBound * width
            fill(
                ringPlane(pixels, place: place).pointer(block: channels, pixel: pixels.lowerBound), from: source,
                channels, mask: depthwiseMask, pixels: pixels, planePixels: geometry.outputPixels)
        }
    }

    /// The depthwise convolution backward: some rows and one channel block, masked, from the ring into the strip.
    private func unfilter(_ rows: Range<Int>, _ channels: Int) {
        let taps = geometry.stride == 1 ? weights.depthwiseFlipped : weights.depthwise
        let lanes = UnsafeRawPointer(taps.base) + channels * PackedInvertedResidual.depthwiseLanes * laneBytes
        let pixels = rows.lowerBound * geometry.inputWidth..<rows.upperBound * geometry.inputWidth
        let output = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        let gradient = rowRing(
            capacity: strips.backwardRingRows, channels: channels, height: geometry.outputHeight,
            width: geometry.outputWidth)
        if geometry.stride == 1 {
            depthwiseTransposedStride1(gradient, geometry, rows: rows, weights: lanes, into: output)
        } else {
            depthwiseTransposedStride2(gradient, geometry, rows: rows, weights: lanes, into: output)
        }
        applyMask(output, mask: expandMask.block(channels), pixels: pixels)
    }

    /// The expansion backward: the strip to the input's gradient, or to the image.
    private func consumeExpanded(_ rows: Range<Int>, residual: ResidualGradient) {
        let width = geometry.inputWidth
        let range = rows.lowerBound * width..<rows.upperBound * width
        if let stem {
            stemGradient(
                stripPlane(range), stem.geometry, rows: rows, weights: weights.expandTransposed, zeros: zeros.base,
                products: stem.products.base, pixels: stem.image.gradient)
            return
        }
        let input = memory.inputGradients[0]
        guard let base = input.base else { return }
        multiplyStrip(
            range, planePixels: geometry.inputPixels, by: weights.expandTransposed,
            bias: residual == .constant ? constant.base : zeros.base, into: base,
            adding: input.adds ? base : residual == .output ? memory.gradient : nil)
    }
}
