import Networks

extension Evaluator {
    /// The objective's value at an image in -1...1.
    public func value(of objective: Objective, at image: Image) -> Float {
        guard let weights = objective.meanWeights else { return objective.value(of: activations(of: image)) }
        forward(image, wantsMap: false)
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
        forward(image, wantsMap: false)
        let value = mean(weights)
        write(&gradient) { plan.backward(weights, into: $0) }
        return value
    }

    /// Extents of the layer's activations, `[height, width, unit]`.
    public var activationShape: [Int] { Self.extents(plan.shape(of: plan.target)) }

    /// The whole layer's activations `[height, width, unit]`.
    public func activations(of image: Image) -> Tensor {
        var activations = Tensor(zerosOf: activationShape)
        findActivations(of: image, into: &activations)
        return activations
    }

    /// The same, written into a tensor of the shape `activationShape`.
    public func findActivations(of image: Image, into activations: inout Tensor) {
        precondition(activations.shape == activationShape, "the tensor has the layer's shape")
        forward(image, wantsMap: true)
        unblock(plan.lanes(of: plan.target), into: &activations)
    }

    /// Takes a gradient by the layer's activations `[height, width, unit]` back to the image whose activations were found
    /// last.
    public func pullBack(_ cotangent: Tensor, into gradient: inout Image) {
        pullBack(cotangent, adding: [], into: &gradient)
    }

    /// The same, and with it gradients by the activations of some gradient taps.
    public func pullBack(
        _ cotangent: Tensor, adding tapped: [(layer: String, cotangent: Tensor)], into gradient: inout Image
    ) {
        precondition(cotangent.shape == activationShape, "the gradient has the layer's shape")
        write(&gradient) { pixels in
            plan.backward(into: pixels) { plan in
                block(cotangent, into: plan.gradientLanes(of: plan.target))
                for (name, cotangent) in tapped {
                    let value = gradientValue(of: name)
                    precondition(cotangent.shape == Self.extents(plan.shape(of: value)), "it has the tap's shape")
                    block(cotangent, into: plan.gradientLanes(of: value))
                }
            }
        }
    }

    private func mean(_ weights: [Objective.UnitWeight]) -> Float {
        if weights.count == 1, weights[0].weight == 1 { return plan.mean(unit: weights[0].unit, hasMap: false) }
        return Float(
            weights.reduce(0.0) { $0 + Double($1.weight) * Double(plan.mean(unit: $1.unit, hasMap: false)) })
    }
}

// MARK: - Blocked and plain layout

extension Evaluator {
    /// Copies `[channel block][pixel][16]` to `[pixel, channel]`.
    func unblock(_ lanes: UnsafeRawPointer, into tensor: inout Tensor) {
        let channels = tensor.shape[2]
        let pixels = tensor.shape[0] * tensor.shape[1]
        let source = lanes.assumingMemoryBound(to: Float.self)
        tensor.values.withUnsafeMutableBufferPointer { values in
            for first in stride(from: 0, to: channels, by: laneWidth) {
                let width = min(laneWidth, channels - first)
                for pixel in 0..<pixels {
                    let (from, to) = (first * pixels + pixel * laneWidth, pixel * channels + first)
                    for channel in 0..<width { values[to + channel] = source[from + channel] }
                }
            }
        }
    }

    /// Copies `[pixel, channel]` to `[channel block][pixel][16]`, channels beyond the tensor's zero.
    func block(_ tensor: Tensor, into lanes: UnsafeMutableRawPointer) {
        let channels = tensor.shape[2]
        let pixels = tensor.shape[0] * tensor.shape[1]
        let target = lanes.assumingMemoryBound(to: Float.self)
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
