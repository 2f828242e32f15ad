import Networks

extension Evaluator {
    /// A gradient for an objective whose own gradient is zero: a layer of ReLU6 that lets nothing through is
    /// *redirected* (lucid's `redirected_relu6_grad`). Where its input is below 0, it passes a gradient that would
    /// raise the input; where it is above 6, one that would lower it. So an image can be led away from where a unit is
    /// dead.
    ///
    /// Only the rectified layers of the target's own block can be blocked as a whole: behind them, a projection spreads
    /// the gradient over all channels. On linear layers this is the plain gradient. It is slow: whole layers, scalar
    /// code.
    public func redirectedGradient(of objective: Objective, at image: Image, into gradient: inout Image) {
        let index = location.block
        guard location.stage < .project else {
            _ = value(of: objective, at: image, gradient: &gradient)
            return
        }
        let (plan, units) = (scratch.plans[index], layer.unitCount)
        let geometry = plan.geometry
        var expanded = Tensor(zerosOf: [geometry.inputHeight, geometry.inputWidth, units])
        let whole = AlignedBuffer(count: blockCount(units) * laneWidth * geometry.inputPixels)
        load(image)
        for index in 0..<index { scratch.forward(block: index) }
        scratch.rectified = whole
        scratch.forward(block: index, .expandSums)
        scratch.rectified = nil
        unblock(whole, minus: nil, into: &expanded)

        // This also sets the masks to what they are without redirection.
        let activations = activations(of: image)
        var cotangent = Tensor(zerosOf: activations.shape)
        objective.addGradient(at: activations, to: &cotangent)
        if location.stage == .expand {
            redirect(expanded, cotangent, plan.expandMaskPlane())
        } else {
            let passed = redirect(activations, cotangent, plan.depthwiseMaskPlane())
            redirect(expanded, depthwiseAdjoint(passed), plan.expandMaskPlane())
        }
        pullBack(cotangent, into: &gradient)
    }

    /// The part of a gradient that a rectified layer passes. If it passes nothing at all, it is redirected, and so is
    /// its mask.
    /// - Parameter activations: the layer's, 0 where its input was 0 or less and 6 where it was 6 or more.
    @discardableResult
    private func redirect(_ activations: Tensor, _ gradient: Tensor, _ mask: MaskPlane) -> Tensor {
        let units = activations.shape[2]
        func passes(_ index: Int, redirected: Bool) -> Bool {
            let (value, slope) = (activations.values[index], gradient.values[index])
            if value <= 0 { return redirected && slope > 0 }
            if value >= 6 { return redirected && slope < 0 }
            return true
        }
        let isBlocked = gradient.values.indices.allSatisfy {
            gradient.values[$0] == 0 || !passes($0, redirected: false)
        }
        var passed = gradient
        for index in passed.values.indices where !passes(index, redirected: isBlocked) { passed.values[index] = 0 }
        guard isBlocked else { return passed }
        for (index, value) in passed.values.enumerated() where value != 0 {
            mask.open(channel: index % units, pixel: index / units)
        }
        return passed
    }

    /// Turns a gradient by the target block's filtered layer into one by its expanded layer; both before their masks.
    private func depthwiseAdjoint(_ gradient: Tensor) -> Tensor {
        let geometry = scratch.plans[location.block].geometry
        let (taps, units) = (network.blocks[location.block].depthwise.floats, layer.unitCount)
        var result = Tensor(zerosOf: [geometry.inputHeight, geometry.inputWidth, units])
        for (index, slope) in gradient.values.enumerated() where slope != 0 {
            let (pixel, unit) = (index / units, index % units)
            let first = unit / laneWidth * FoldedBlock.depthwiseLanes * laneWidth + unit % laneWidth
            let top = pixel / geometry.outputWidth * geometry.stride - geometry.paddingTop
            let left = pixel % geometry.outputWidth * geometry.stride - geometry.paddingLeft
            for row in max(0, -top)..<min(3, geometry.inputHeight - top) {
                for column in max(0, -left)..<min(3, geometry.inputWidth - left) {
                    let place = ((top + row) * geometry.inputWidth + left + column) * units + unit
                    result.values[place] += slope * taps[first + (row * 3 + column) * laneWidth]
                }
            }
        }
        return result
    }
}

extension MaskPlane {
    /// Lets the gradient of one value through.
    func open(channel: Int, pixel: Int) {
        let words = block(channel / laneWidth)
        var word = words.maskWord(pixel / maskPixels)
        word[channel % laneWidth] |= 1 << UInt32(pixel % maskPixels)
        words.setMaskWord(pixel / maskPixels, to: word)
    }
}
