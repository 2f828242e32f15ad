/// How far a block runs forward.
enum ForwardExtent {
    /// To its output, in `thin`.
    case whole
    /// To the expansion; its sums over pixels in `sums`.
    case expandSums
    /// To the depthwise convolution; its sums over pixels in `sums`.
    case depthwiseSums
}

extension Scratch {
    /// Copies an image `[height][width][3]` in.
    func load(_ pixels: UnsafeRawPointer) { copyImage(pixels, into: padded.base, image) }

    /// Runs one block on `thin` (the stem: on the image).
    func forward(block index: Int, _ extent: ForwardExtent = .whole) {
        let (folded, plan) = (network.blocks[index], plans[index])
        let geometry = plan.geometry
        if extent != .whole { clearSums() }
        if extent == .expandSums {
            for rows in plan.backwardStrips { sumExpanded(rows, folded, plan) }
            return
        }
        var produced = 0
        for rows in plan.forwardStrips {
            let needed = geometry.inputRows(for: rows)
            let new = max(produced, needed.lowerBound)..<max(produced, needed.upperBound)
            produced = new.upperBound
            let pixels = rows.lowerBound * geometry.outputWidth..<rows.upperBound * geometry.outputWidth
            // Panel by panel, so that the depthwise convolution finds a panel's channels still in the cache.
            for panel in folded.expand.panels {
                produceExpanded(new, capacity: plan.forwardRingRows, panel: panel, folded, plan)
                for channels in folded.expand.blocks(of: panel) { filter(rows, channels: channels, folded, plan) }
            }
            if extent == .whole {
                project(pixels, folded, plan)
            } else {
                for channels in 0..<folded.expandedBlocks {
                    take(pixels, channels: channels, planePixels: geometry.outputPixels)
                }
            }
        }
        if extent == .whole { swapThin() }
    }

    /// Expansion, ReLU6 and mask of some rows and one panel of channels, into the ring.
    private func produceExpanded(
        _ rows: Range<Int>, capacity: Int, panel: Int, _ folded: FoldedBlock, _ plan: BlockPlan
    ) {
        let width = plan.geometry.inputWidth
        forEachRingRun(rows, capacity: capacity) { run, place in
            let origin = (run.lowerBound - place) * width
            expand(
                run, panel: panel, folded, plan,
                into: LanePlane(base: ring.base, blockStride: capacity * width, origin: origin))
        }
    }

    /// Expansion, ReLU6 and mask of some rows and one panel of channels.
    private func expand(
        _ rows: Range<Int>, panel: Int, _ folded: FoldedBlock, _ plan: BlockPlan, into output: LanePlane
    ) {
        let width = plan.geometry.inputWidth
        let epilogue = RectifyingEpilogue(output: output, bias: folded.expandBias.base, mask: plan.expandMaskPlane())
        if folded.block.isStem {
            multiplyStem(
                padded.base, image, rows: rows, by: folded.expand, panels: panel..<panel + 1, epilogue: epilogue)
        } else {
            let pixels = rows.lowerBound * width..<rows.upperBound * width
            let input = LanePlane(base: thin.base, blockStride: plan.geometry.inputPixels)
            multiply(
                .blocked(input, from: pixels.lowerBound), pixels: pixels, by: folded.expand, panels: panel..<panel + 1,
                epilogue: epilogue)
        }
    }

    /// Depthwise convolution, ReLU6 and mask of some rows and one channel block, from the ring into the strip.
    private func filter(_ rows: Range<Int>, channels: Int, _ folded: FoldedBlock, _ plan: BlockPlan) {
        let geometry = plan.geometry
        let weights = UnsafeRawPointer(folded.depthwise.base) + channels * FoldedBlock.depthwiseLanes * laneBytes
        let pixels = rows.lowerBound * geometry.outputWidth..<rows.upperBound * geometry.outputWidth
        let output = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        depthwiseRectified(
            rowRing(
                capacity: plan.forwardRingRows, channels: channels, height: geometry.inputHeight,
                width: geometry.inputWidth),
            geometry, rows: rows, weights: weights, bias: weights.lane(9), into: output)
        recordMask(output, mask: plan.depthwiseMaskPlane().block(channels), pixels: pixels)
    }

    /// Projection of the strip, with the residual where the block has one, into the other thin tensor.
    private func project(_ pixels: Range<Int>, _ folded: FoldedBlock, _ plan: BlockPlan) {
        multiplyStrip(
            pixels, planePixels: plan.geometry.outputPixels, by: folded.project, bias: folded.projectBias.base,
            addingThin: folded.block.hasResidual)
    }

    /// `thinOther = strip * weights + bias (+ thin)` for the strip's pixels.
    func multiplyStrip(
        _ pixels: Range<Int>, planePixels: Int, by weights: PackedMatrix, bias: UnsafeRawPointer, addingThin: Bool
    ) {
        let rows = RowOperand.blocked(stripPlane(pixels), from: pixels.lowerBound)
        let output = LanePlane(base: thinOther.base, blockStride: planePixels)
        if addingThin {
            let residual = LanePlane(base: thin.base, blockStride: planePixels)
            multiply(
                rows, pixels: pixels, by: weights, panels: weights.panels,
                epilogue: ResidualEpilogue(output: output, bias: bias, residual: residual))
        } else {
            multiply(
                rows, pixels: pixels, by: weights, panels: weights.panels,
                epilogue: LinearEpilogue(output: output, bias: bias))
        }
    }

    /// The strip while it holds `pixels`.
    func stripPlane(_ pixels: Range<Int>) -> LanePlane {
        LanePlane(
            base: strip.base, blockStride: BlockPlan.stripStride(pixels: pixels.count), origin: pixels.lowerBound)
    }

    /// Cuts rows into runs where a ring of `capacity` rows begins anew; `body` also gets each run's first place in the
    /// ring.
    @inline(__always)
    func forEachRingRun(_ rows: Range<Int>, capacity: Int, _ body: (_ run: Range<Int>, _ place: Int) -> Void) {
        if rows.isEmpty { return }
        let place = rows.lowerBound % capacity
        let end = min(rows.upperBound, rows.lowerBound + capacity - place)
        body(rows.lowerBound..<end, place)
        if end < rows.upperBound { body(end..<rows.upperBound, 0) }
    }

    /// One channel block of the ring.
    func rowRing(capacity: Int, channels: Int, height: Int, width: Int) -> RowRing {
        RowRing(
            base: ring.base + channels * capacity * width * laneBytes, capacity: capacity, height: height,
            rowBytes: width * laneBytes, zeros: zeros.base)
    }
}

// MARK: - Sums over pixels

extension Scratch {
    private func clearSums() { for index in sums.floats.indices { sums.floats[index] = 0 } }

    /// Adds up the strip's lanes of one channel block, and also copies them if the whole layer is wanted.
    private func take(_ pixels: Range<Int>, channels: Int, planePixels: Int) {
        let lanes = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        sums.base.setLane(channels, to: sums.base.lane(channels) + laneSum(lanes, count: pixels.count))
        guard let rectified else { return }
        LanePlane(base: rectified.base, blockStride: planePixels).pointer(block: channels, pixel: pixels.lowerBound)
            .copyMemory(from: lanes, byteCount: pixels.count * laneBytes)
    }

    /// Expands some rows into the strip and adds them up.
    private func sumExpanded(_ rows: Range<Int>, _ folded: FoldedBlock, _ plan: BlockPlan) {
        let geometry = plan.geometry
        let pixels = rows.lowerBound * geometry.inputWidth..<rows.upperBound * geometry.inputWidth
        for panel in folded.expand.panels {
            expand(rows, panel: panel, folded, plan, into: stripPlane(pixels))
            for channels in folded.expand.blocks(of: panel) {
                take(pixels, channels: channels, planePixels: geometry.inputPixels)
            }
        }
    }
}
