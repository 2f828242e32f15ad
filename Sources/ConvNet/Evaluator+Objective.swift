import Networks

extension Evaluator {
    /// The objective's value at an image in -1...1.
    public func value(of objective: Objective, at image: Image) -> Float {
        guard let weights = objective.meanWeights else { return objective.value(of: activations(of: image)) }
        forwardToSums(image)
        return mean(weights)
    }

    /// The value, and its derivative by the image `[height, width, channel]`.
    ///
    /// Units and directions need only the means of units and cost least; the other objectives need the whole layer.
    public func value(of objective: Objective, at image: Image, gradient: inout Image) -> Float {
        guard let weights = objective.meanWeights else {
            let activations = activations(of: image)
            var cotangent = Tensor(zerosOf: activations.shape)
            let value = objective.addGradient(at: activations, to: &cotangent)
            pullBack(cotangent, into: &gradient)
            return value
        }
        forwardToSums(image)
        let value = mean(weights)
        write(&gradient) { backward(weights, pixels: $0) }
        return value
    }

    /// Extents of the layer's activations, `[height, width, unit]`.
    public var activationShape: [Int] {
        let geometry = scratch.plans[location.block].geometry
        return location.stage == .expand
            ? [geometry.inputHeight, geometry.inputWidth, layer.unitCount]
            : [geometry.outputHeight, geometry.outputWidth, layer.unitCount]
    }

    /// The whole layer's activations `[height, width, unit]`.
    public func activations(of image: Image) -> Tensor {
        var activations = Tensor(zerosOf: activationShape)
        findActivations(of: image, into: &activations)
        return activations
    }

    /// The same, written into a tensor of the shape `activationShape`.
    public func findActivations(of image: Image, into activations: inout Tensor) {
        precondition(activations.shape == activationShape, "the tensor has the layer's shape")
        if location.stage < .project {
            scratch.rectified = layerMap
            forwardToSums(image)
            scratch.rectified = nil
            unblock(layerMap, minus: nil, into: &activations)
        } else {
            load(image)
            for index in 0...location.block { scratch.forward(block: index) }
            let hasInput = location.stage == .project && network.blocks[location.block].block.hasResidual
            unblock(scratch.thin, minus: hasInput ? scratch.thinOther : nil, into: &activations)
        }
    }

    /// Takes a gradient by the layer's activations `[height, width, unit]` back to the image that was evaluated last.
    public func pullBack(_ cotangent: Tensor, into gradient: inout Image) {
        precondition(cotangent.shape == activationShape, "the gradient has the layer's shape")
        let isLinear = location.stage >= .project
        block(cotangent, into: isLinear ? scratch.thin : layerMap)
        write(&gradient) { pixels in
            switch location.stage {
            case .expand: backward(from: .expandedMap(layerMap), residual: .none, pixels: pixels)
            case .depthwise: backward(from: .filteredMap(layerMap), residual: .none, pixels: pixels)
            case .project: backward(from: .output, residual: .none, pixels: pixels)
            case .add: backward(from: .output, residual: .output, pixels: pixels)
            }
        }
    }

    private func mean(_ weights: [Objective.UnitWeight]) -> Float {
        if weights.count == 1, weights[0].weight == 1 { return mean(unit: weights[0].unit) }
        return Float(weights.reduce(0.0) { $0 + Double($1.weight) * Double(mean(unit: $1.unit)) })
    }

    /// Gives `body` the memory of a gradient, which must have the evaluator's size.
    func write(_ gradient: inout Image, _ body: (UnsafeMutableRawPointer) -> Void) {
        precondition(gradient.height == height && gradient.width == width, "the gradient has the evaluator's size")
        gradient.pixels.withUnsafeMutableBytes { if let base = $0.baseAddress { body(base) } }
    }
}

// MARK: - Blocked and plain layout

extension Evaluator {
    /// Copies `[channel block][pixel][16]`, minus `other` if there is one, to `[pixel, channel]`.
    func unblock(_ source: AlignedBuffer, minus other: AlignedBuffer?, into tensor: inout Tensor) {
        let channels = tensor.shape[2]
        let pixels = tensor.shape[0] * tensor.shape[1]
        let (source, other) = (source.floats, other?.floats)
        tensor.values.withUnsafeMutableBufferPointer { values in
            for first in stride(from: 0, to: channels, by: laneWidth) {
                let width = min(laneWidth, channels - first)
                for pixel in 0..<pixels {
                    let (from, to) = (first * pixels + pixel * laneWidth, pixel * channels + first)
                    for channel in 0..<width { values[to + channel] = source[from + channel] }
                    guard let other else { continue }
                    for channel in 0..<width { values[to + channel] -= other[from + channel] }
                }
            }
        }
    }

    /// Copies `[pixel, channel]` to `[channel block][pixel][16]`, channels beyond the tensor's zero.
    func block(_ tensor: Tensor, into target: AlignedBuffer) {
        let channels = tensor.shape[2]
        let pixels = tensor.shape[0] * tensor.shape[1]
        let target = target.floats
        tensor.values.withUnsafeBufferPointer { values in
            for first in stride(from: 0, to: channels, by: laneWidth) {
                let width = min(laneWidth, channels - first)
                for pixel in 0..<pixels {
                    let (to, from) = (first * pixels + pixel * laneWidth, pixel * channels + first)
                    for channel in 0..<width { target[to + channel] = values[from + channel] }
                    for channel in width..<laneWidth { target[to + channel] = 0 }
                }
            }
        }
    }
}
