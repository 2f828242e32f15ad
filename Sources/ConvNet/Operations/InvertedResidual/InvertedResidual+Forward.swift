/// What a block's forward pass leaves.
enum ForwardExtent {
    /// Its output.
    case whole
    /// The sums over pixels of its last rectified layer.
    case sums
}

extension InvertedResidual {
    /// Runs the block on its input.
    func forward(_ extent: ForwardExtent) {
        if let stem { copyImage(stem.image.pixels, stem.image.input, into: stem.padded.base, stem.geometry) }
        if extent == .sums { for index in sums.floats.indices { sums.floats[index] = 0 } }
        if block.stage == .expand {
            for rows in strips.backwardStrips { takeExpanded(rows, extent) }
            return
        }
        var produced = 0
        for rows in strips.forwardStrips {
            let needed = geometry.inputRows(for: rows)
            let new = max(produced, needed.lowerBound)..<max(produced, needed.upperBound)
            produced = new.upperBound
            let pixels = rows.lowerBound * geometry.outputWidth..<rows.upperBound * geometry.outputWidth
            // Panel by panel, so that the depthwise convolution finds a panel's channels still in the cache.
            for panel in weights.expand.panels {
                produceExpanded(new, capacity: strips.forwardRingRows, panel: panel)
                for channels in weights.expand.blocks(of: panel) { filter(rows, channels: channels) }
            }
            if extent == .whole, block.stage >= .project {
                multiplyStrip(
                    pixels, planePixels: geometry.outputPixels, by: weights.project, bias: weights.projectBias.base,
                    into: memory.output, adding: block.hasResidual ? memory.inputs[0] : nil)
            } else {
                for channels in 0..<block.expandedBlocks {
                    take(pixels, channels: channels, planePixels: geometry.outputPixels, extent)
                }
            }
        }
    }

    /// Expansion, ReLU and mask of some rows and one panel of channels, into the ring.
    private func produceExpanded(_ rows: Range<Int>, capacity: Int, panel: Int) {
        let width = geometry.inputWidth
        forEachRingRun(rows, capacity: capacity) { run, place in
            let origin = (run.lowerBound - place) * width
            expand(
                run, panel: panel, into: LanePlane(base: ring, blockStride: capacity * width, origin: origin))
        }
    }

    /// Expansion, ReLU and mask of some rows and one panel of channels.
    private func expand(_ rows: Range<Int>, panel: Int, into output: LanePlane) {
        switch block.expandActivation {
        case .relu6: expand(rows, panel: panel, into: output, ReLU6.self)
        default: expand(rows, panel: panel, into: output, ReLU.self)
        }
    }

    private func expand<R: Rectifier>(_ rows: Range<Int>, panel: Int, into output: LanePlane, _ rectifier: R.Type) {
        let width = geometry.inputWidth
        let epilogue = RectifyingEpilogue<R>(output: output, bias: weights.expandBias.base, mask: expandMask)
        if let stem {
            multiplyStem(
                stem.padded.base, stem.geometry, kernelWidth: 3, rows: rows, by: weights.expand,
                panels: panel..<panel + 1, epilogue: epilogue)
        } else {
            let pixels = rows.lowerBound * width..<rows.upperBound * width
            let input = LanePlane(base: memory.inputs[0], blockStride: geometry.inputPixels)
            multiply(
                RowOperand.blocked(input, from: pixels.lowerBound), pixels: pixels, by: weights.expand,
                panels: panel..<panel + 1, epilogue: epilogue)
        }
    }

    /// Depthwise convolution, ReLU and mask of some rows and one channel block, from the ring into the strip.
    private func filter(_ rows: Range<Int>, channels: Int) {
        switch block.depthwiseActivation {
        case .relu6: filter(rows, channels: channels, ReLU6.self)
        default: filter(rows, channels: channels, ReLU.self)
        }
    }

    private func filter<R: Rectifier>(_ rows: Range<Int>, channels: Int, _ rectifier: R.Type) {
        let taps =
            UnsafeRawPointer(weights.depthwise.base) + channels * PackedInvertedResidual.depthwiseLanes * laneBytes
        let pixels = rows.lowerBound * geometry.outputWidth..<rows.upperBound * geometry.outputWidth
        let output = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        depthwiseRectified(
            rowRing(
                capacity: strips.forwardRingRows, channels: channels, height: geometry.inputHeight,
                width: geometry.inputWidth),
            geometry, rows: rows, weights: taps, bias: taps.lane(9), into: output, rectifier)
        recordMask(output, mask: depthwiseMask.block(channels), pixels: pixels, rectifier)
    }

    /// Takes the strip's lanes of one channel block: their sums, or themselves as a part of the output.
    private func take(_ pixels: Range<Int>, channels: Int, planePixels: Int, _ extent: ForwardExtent) {
        let lanes = stripPlane(pixels).pointer(block: channels, pixel: pixels.lowerBound)
        switch extent {
        case .sums: sums.base.setLane(channels, to: sums.base.lane(channels) + laneSum(lanes, count: pixels.count))
        case .whole:
            LanePlane(base: memory.output, blockStride: planePixels)
                .pointer(block: channels, pixel: pixels.lowerBound)
                .copyMemory(from: lanes, byteCount: pixels.count * laneBytes)
        }
    }

    /// Expands some rows into the strip and takes them.
    private func takeExpanded(_ rows: Range<Int>, _ extent: ForwardExtent) {
        let pixels = rows.lowerBound * geometry.inputWidth..<rows.upperBound * geometry.inputWidth
        for panel in weights.expand.panels {
            expand(rows, panel: panel, into: stripPlane(pixels))
            for channels in weights.expand.blocks(of: panel) {
                take(pixels, channels: channels, planePixels: geometry.inputPixels, extent)
            }
        }
    }
}
