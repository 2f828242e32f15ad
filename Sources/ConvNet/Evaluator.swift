import Networks

/// Runs the network up to one layer at one image size, and takes gradients back to the image. Owns its scratch: one per
/// worker.
///
/// Weights are frozen, so the way back needs only them and one bit per ReLU6; no activation is kept. Nothing beyond the
/// target layer runs. A unit of a linear layer is one row of the last projection, so in both directions that matrix
/// product becomes one with a single row.
public final class Evaluator {
    public let height: Int
    public let width: Int
    public let layer: Layer
    let network: Network
    let location: Location
    let scratch: Scratch
    /// Called after every block that has run, forward or backward, so that blocks can be timed; nil costs nothing.
    var onBlock: ((_ block: Int, _ isForward: Bool) -> Void)?
    /// Constant gradient of the target block's rectified layer, one lane a channel block.
    private let seed: AlignedBuffer
    /// The whole target layer if it is rectified: forward its activations, backward their gradient. Made at its first
    /// use.
    private(set) lazy var layerMap = AlignedBuffer(
        count: activationShape[0] * activationShape[1] * blockCount(layer.unitCount) * laneWidth)

    /// - Throws: `EvaluatorError` for an unknown layer or an image size out of range.
    public init(network: Network, layer: String, height: Int, width: Int) throws(EvaluatorError) {
        guard let location = MobileNetV2.location(of: layer),
            let entry = network.description.layer(layer)
        else { throw .unknownLayer(layer) }
        guard min(height, width) >= EvaluatorError.minimumSize, max(height, width) <= EvaluatorError.maximumSize else {
            throw .imageSize(height: height, width: width)
        }
        self.network = network
        self.location = location
        self.layer = entry
        self.height = height
        self.width = width
        scratch = Scratch(network: network, through: location.block, height: height, width: width)
        seed = AlignedBuffer(count: network.blocks[location.block].expandedBlocks * laneWidth)
    }

    /// Spatial means of every unit of the layer, `[units]`.
    public func meanActivations(of image: Image) -> [Float] {
        forwardToSums(image)
        return (0..<layer.unitCount).map { mean(unit: $0) }
    }

    /// The outputs of several linear layers in one forward pass, each `[height, width, channel]`. None of the layers
    /// may lie beyond this evaluator's.
    ///
    /// Only linear layers (`_project_BN`, `_add`) are possible: the others exist only in strips.
    public func outputs(of image: Image, layers names: [String]) throws(EvaluatorError) -> [Tensor] {
        var wanted: [(name: String, location: Location)] = []
        for name in names {
            guard let place = MobileNetV2.location(of: name) else { throw .unknownLayer(name) }
            guard place.stage >= .project else { throw .notLinear(name) }
            guard place.block < location.block || (place.block == location.block && place.stage <= location.stage)
            else {
                throw .beyondTarget(name, target: layer.name)
            }
            wanted.append((name, place))
        }
        var found: [String: Tensor] = [:]
        load(image)
        for index in 0...(wanted.map { $0.location.block }.max() ?? 0) {
            scratch.forward(block: index)
            for (name, place) in wanted where place.block == index {
                found[name] = output(
                    subtractingInput: place.stage == .project && network.blocks[index].block.hasResidual, block: index)
            }
        }
        return names.compactMap { found[$0] }
    }

    func load(_ image: Image) {
        precondition(image.height == height && image.width == width, "the image has the evaluator's size")
        EvaluationMeter.current?.count()
        image.pixels.withUnsafeBytes { if let base = $0.baseAddress { scratch.load(base) } }
    }

    /// Runs everything before the target's own linear stage and leaves sums over pixels.
    func forwardToSums(_ image: Image) {
        load(image)
        for index in 0..<location.block {
            scratch.forward(block: index)
            onBlock?(index, true)
        }
        scratch.forward(block: location.block, location.stage == .expand ? .expandSums : .depthwiseSums)
        onBlock?(location.block, true)
    }

    /// The unit's mean, from what `forwardToSums` left.
    func mean(unit: Int) -> Float {
        precondition(unit >= 0 && unit < layer.unitCount, "the unit belongs to the layer")
        let (folded, geometry) = (network.blocks[location.block], scratch.plans[location.block].geometry)
        switch location.stage {
        case .expand: return scratch.sums.floats[unit] / Float(geometry.inputPixels)
        case .depthwise: return scratch.sums.floats[unit] / Float(geometry.outputPixels)
        case .project, .add:
            // The projection is linear: the mean of its output is its row times the mean of its input.
            let row = folded.projectRows.base + unit * folded.expandedBlocks * laneBytes
            var sum = 0.0
            for block in 0..<folded.expandedBlocks {
                let products = row.lane(block) * scratch.sums.base.lane(block)
                for channel in 0..<laneWidth { sum += Double(products[channel]) }
            }
            let projected = sum / Double(geometry.outputPixels) + Double(folded.projectBias.floats[unit])
            return Float(projected + (location.stage == .add ? inputMean(unit: unit) : 0))
        }
    }

    /// Mean of one channel of the target block's input, still in `thin`.
    private func inputMean(unit: Int) -> Double {
        let pixels = scratch.plans[location.block].geometry.inputPixels
        let lanes = scratch.thin.base + unit / laneWidth * pixels * laneBytes
        return Double(laneSum(lanes, count: pixels)[unit % laneWidth]) / Double(pixels)
    }

    /// Takes the gradient of a weighted sum of some units' means back to the image.
    func backward(_ weights: [Objective.UnitWeight], pixels: UnsafeMutableRawPointer) {
        let (folded, geometry) = (network.blocks[location.block], scratch.plans[location.block].geometry)
        for index in seed.floats.indices { seed.floats[index] = 0 }
        for index in scratch.constant.floats.indices { scratch.constant.floats[index] = 0 }
        let count = Float(location.stage == .expand ? geometry.inputPixels : geometry.outputPixels)
        for (unit, weight) in weights.map({ ($0.unit, $0.weight) }) {
            guard location.stage >= .project else {
                seed.floats[unit] += weight / count
                continue
            }
            let row = folded.projectRows.base + unit * folded.expandedBlocks * laneBytes
            let scale = Lane(repeating: weight / count)
            for block in 0..<folded.expandedBlocks {
                seed.base.setLane(block, to: seed.base.lane(block) + row.lane(block) * scale)
            }
            if location.stage == .add { scratch.constant.floats[unit] += weight / count }
        }
        backward(
            from: location.stage == .expand ? .expanded(seed) : .filtered(seed),
            residual: location.stage == .add ? .constant(scratch.constant) : .none, pixels: pixels)
    }

    /// Takes the gradient of the target block back to the image.
    func backward(from source: BackwardSource, residual: ResidualGradient, pixels: UnsafeMutableRawPointer) {
        scratch.backward(block: location.block, from: source, residual: residual, pixels: pixels)
        onBlock?(location.block, false)
        for index in (0..<location.block).reversed() {
            scratch.backward(
                block: index, from: .output, residual: network.blocks[index].block.hasResidual ? .output : .none,
                pixels: pixels)
            onBlock?(index, false)
        }
    }

    /// The output of a block. If asked for, the block's input, which is still in `thinOther`, is subtracted.
    private func output(subtractingInput: Bool, block index: Int) -> Tensor {
        let geometry = scratch.plans[index].geometry
        let channels = network.blocks[index].block.outputChannels
        var output = Tensor(zerosOf: [geometry.outputHeight, geometry.outputWidth, channels])
        unblock(scratch.thin, minus: subtractingInput ? scratch.thinOther : nil, into: &output)
        return output
    }
}
