/// Forward and input gradient up to one layer at one image size. Owns its scratch: one per worker.
///
/// Weights are frozen, so the backward way needs them and one bit per ReLU6; no activation is kept. Nothing
/// beyond the target layer runs. A unit of a linear layer is one row of the last projection, so that product
/// collapses to a row both ways.
public final class Evaluator {
    public let height: Int
    public let width: Int
    public let layer: Layer
    let network: Network
    let location: Location
    let scratch: Scratch

    /// - Throws: `EvaluatorError` for an unknown layer or an image smaller than 32 pixels.
    public init(network: Network, layer: String, height: Int, width: Int) throws(EvaluatorError) {
        guard let location = MobileNetV2.location(of: layer), let entry = MobileNetV2.layers.first(where: { $0.name == layer })
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
    }

    /// Spatial mean of one unit's activation (thesis eq. 3.1).
    public func meanActivation(of image: Image, unit: Int) -> Float {
        forwardToMeans(image)
        return mean(unit: unit)
    }

    /// Spatial mean of one unit, and its derivative by the image `[height, width, channel]`, the image in -1...1.
    public func meanActivation(of image: Image, unit: Int, gradient: inout Image) -> Float {
        precondition(gradient.height == height && gradient.width == width, "the gradient has the evaluator's size")
        forwardToMeans(image)
        let value = mean(unit: unit)
        backward(unit: unit)
        gradient.pixels.withUnsafeMutableBytes { scratch.stemBackward(network, into: $0.baseAddress!) }
        return value
    }

    /// Spatial means of every unit of the layer, `[units]`.
    public func meanActivations(of image: Image) -> [Float] {
        forwardToMeans(image)
        return (0..<layer.unitCount).map { mean(unit: $0) }
    }

    /// Outputs of several layers, none beyond this evaluator's, in one forward pass; each `[height, width, channel]`.
    public func outputs(of image: Image, layers names: [String]) throws(EvaluatorError) -> [Tensor] {
        var wanted: [(name: String, location: Location)] = []
        for name in names {
            guard let place = MobileNetV2.location(of: name) else { throw .unknownLayer(name) }
            guard place.block < location.block || (place.block == location.block && place.stage <= location.stage) else {
                throw .beyondTarget(name, target: layer.name)
            }
            wanted.append((name, place))
        }
        var found: [String: Tensor] = [:]
        load(image)
        for index in 0...location.block {
            for stage in network.blocks[index].block.stages where index < location.block || stage <= location.stage {
                scratch.run(stage, network, block: index)
                for (name, place) in wanted where place == Location(block: index, stage: stage) {
                    found[name] = scratch.output(of: stage, network, block: index)
                }
            }
        }
        return names.compactMap { found[$0] }
    }

    /// Runs everything before the target's own linear stage.
    private func forwardToMeans(_ image: Image) {
        load(image)
        for index in 0...location.block {
            for stage in network.blocks[index].block.stages
            where index < location.block || stage <= min(location.stage, .depthwise) {
                scratch.run(stage, network, block: index)
            }
        }
    }

    private func load(_ image: Image) {
        precondition(image.height == height && image.width == width, "the image has the evaluator's size")
        image.pixels.withUnsafeBytes { scratch.load($0.baseAddress!) }
    }

    /// The unit's mean, from what `forwardToMeans` left.
    private func mean(unit: Int) -> Float {
        precondition(unit >= 0 && unit < layer.unitCount, "the unit belongs to the layer")
        switch location.stage {
        case .expand: return scratch.expandedMean(unit: unit, block: location.block)
        case .depthwise: return scratch.filteredMean(unit: unit, block: location.block)
        case .project: return scratch.projectedMean(unit: unit, network, block: location.block)
        case .add:
            return scratch.projectedMean(unit: unit, network, block: location.block)
                + scratch.inputMean(unit: unit, block: location.block)
        }
    }

    /// From the unit's mean back to the stem's output.
    private func backward(unit: Int) {
        let target = location.block
        switch location.stage {
        case .expand: scratch.seedExpanded(unit: unit, network, block: target)
        case .depthwise:
            scratch.seedFiltered(unit: unit, network, block: target)
            scratch.depthwiseBackward(network, block: target)
        case .project, .add:
            scratch.seedProjected(unit: unit, network, block: target)
            scratch.depthwiseBackward(network, block: target)
        }
        guard target > 0 else { return }
        scratch.expandBackward(network, block: target, residual: location.stage == .add ? .unit(unit) : .none)
        for index in stride(from: target - 1, through: 0, by: -1) {
            scratch.projectBackward(network, block: index)
            scratch.depthwiseBackward(network, block: index)
            if index > 0 {
                scratch.expandBackward(network, block: index, residual: network.blocks[index].block.hasResidual ? .gradient : .none)
            }
        }
    }
}

/// What an evaluator cannot be made for.
public enum EvaluatorError: Error, Equatable, CustomStringConvertible {
    case unknownLayer(String)
    case imageSize(height: Int, width: Int)
    case beyondTarget(String, target: String)

    /// Below this the deepest maps have no interior.
    public static let minimumSize = 32
    /// Bounds the scratch of a worker to about 1 GB.
    public static let maximumSize = 2048

    public var description: String {
        switch self {
        case .unknownLayer(let name): return "unknown layer \"\(name)\"; `facetreel layers` lists them"
        case .imageSize(let height, let width):
            return "an image of \(width)x\(height) pixels: each side must be \(EvaluatorError.minimumSize)...\(EvaluatorError.maximumSize)"
        case .beyondTarget(let name, let target): return "layer \(name) lies beyond \(target), where this evaluator stops"
        }
    }
}
