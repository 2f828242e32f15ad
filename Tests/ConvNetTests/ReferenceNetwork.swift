import Networks

@testable import ConvNet

/// A map `[channel][y][x]` in double precision.
struct ReferenceMap {
    let channels: Int
    let height: Int
    let width: Int
    var values: [Double]

    init(channels: Int, height: Int, width: Int) {
        (self.channels, self.height, self.width) = (channels, height, width)
        values = [Double](repeating: 0, count: channels * height * width)
    }

    subscript(channel: Int, y: Int, x: Int) -> Double {
        get { values[(channel * height + y) * width + x] }
        set { values[(channel * height + y) * width + x] = newValue }
    }

    /// Mean over a channel's map.
    func mean(of channel: Int) -> Double {
        values[channel * height * width..<(channel + 1) * height * width].reduce(0, +) / Double(height * width)
    }
}

/// MobileNetV2 written for reading: scalar loops in double precision, straight from the constants of its file, BatchNorm
/// as its own step, nothing shared with the engine.
///
/// The gradient takes the ReLU6 masks as given (from the engine): with them fixed the network is linear, so that
/// two implementations must agree to rounding and no mask that flips between precisions blurs the comparison.
struct ReferenceNetwork {
    let model: ONNXModel

    /// A convolution with its BatchNorm as scale and shift.
    struct Convolution {
        var weights: [Double]
        var scale: [Double]
        var shift: [Double]
        let size: Int
        let stride: Int
        /// One input channel per output channel.
        let isDepthwise: Bool
    }

    /// A convolution and its BatchNorm, by their layers' names.
    func convolution(_ name: String, _ norm: String, size: Int, stride: Int = 1, isDepthwise: Bool = false)
        throws(NetworkError) -> Convolution
    {
        func values(_ name: String) throws(NetworkError) -> [Double] {
            guard let tensor = model.initializers[name] else {
                throw NetworkError(file: model.path, place: name, reason: "is missing")
            }
            return try tensor.floats().map(Double.init)
        }
        let (gamma, beta) = (try values("\(norm)/gamma"), try values("\(norm)/beta"))
        let (mean, variance) = (try values("\(norm)/moving_mean"), try values("\(norm)/moving_variance"))
        let scale = gamma.indices.map { gamma[$0] / (variance[$0] + 1e-5).squareRoot() }
        return Convolution(
            weights: try values("\(name)/kernel"), scale: scale,
            shift: scale.indices.map { beta[$0] - mean[$0] * scale[$0] },
            size: size, stride: stride, isDepthwise: isDepthwise)
    }

    /// The convolutions of a block: expand, depthwise, project, as far as it has them.
    func convolutions(of block: Block) throws(NetworkError) -> [Convolution] {
        if block.isHead { return [try convolution("Conv_1", "Conv_1_bn", size: 1)] }
        let name = block.name
        let first =
            block.isStem
            ? try convolution("Conv1", "bn_Conv1", size: 3, stride: 2)
            : try convolution("\(name)_expand", "\(name)_expand_BN", size: 1)
        return [
            first,
            try convolution(
                "\(name)_depthwise", "\(name)_depthwise_BN", size: 3, stride: block.depthwiseStride,
                isDepthwise: true),
            try convolution("\(name)_project", "\(name)_project_BN", size: 1),
        ]
    }

    static func forward(_ convolution: Convolution, _ input: ReferenceMap) -> ReferenceMap {
        let stride = convolution.stride
        var output = ReferenceMap(
            channels: convolution.scale.count, height: (input.height + stride - 1) / stride,
            width: (input.width + stride - 1) / stride)
        forEachTap(convolution, input, output) { outputIndex, inputIndex, weight in
            output.values[outputIndex] += weight * input.values[inputIndex]
        }
        let pixels = output.height * output.width
        for index in output.values.indices {
            output.values[index] =
                output.values[index] * convolution.scale[index / pixels] + convolution.shift[index / pixels]
        }
        return output
    }

    /// Gradient by the input, for a gradient by the output.
    static func backward(_ convolution: Convolution, _ gradient: ReferenceMap, input shape: ReferenceMap)
        -> ReferenceMap
    {
        var result = ReferenceMap(channels: shape.channels, height: shape.height, width: shape.width)
        let pixels = gradient.height * gradient.width
        forEachTap(convolution, shape, gradient) { outputIndex, inputIndex, weight in
            result.values[inputIndex] += weight * convolution.scale[outputIndex / pixels] * gradient.values[outputIndex]
        }
        return result
    }

    /// Calls `body(output index, input index, weight)` for every product of the convolution (PyTorch's padding).
    private static func forEachTap(
        _ convolution: Convolution, _ input: ReferenceMap, _ output: ReferenceMap, _ body: (Int, Int, Double) -> Void
    ) {
        let (size, stride, padding) = (convolution.size, convolution.stride, convolution.size / 2)
        let inputs = convolution.isDepthwise ? 1 : input.channels
        for out in 0..<output.channels {
            for within in 0..<inputs {
                let channel = convolution.isDepthwise ? out : within
                for row in 0..<size {
                    for column in 0..<size {
                        let weight = convolution.weights[((out * inputs + within) * size + row) * size + column]
                        for y in 0..<output.height {
                            let sourceY = y * stride + row - padding
                            if sourceY < 0 || sourceY >= input.height { continue }
                            for x in 0..<output.width {
                                let sourceX = x * stride + column - padding
                                if sourceX < 0 || sourceX >= input.width { continue }
                                body(
                                    (out * output.height + y) * output.width + x,
                                    (channel * input.height + sourceY) * input.width + sourceX, weight)
                            }
                        }
                    }
                }
            }
        }
    }

    static func rectified6(_ map: ReferenceMap) -> ReferenceMap {
        var map = map
        for index in map.values.indices { map.values[index] = min(max(map.values[index], 0), 6) }
        return map
    }

    /// ImageNet's normalisation of an image in -1...1.
    static func normalized(_ image: Image) -> ReferenceMap {
        var map = ReferenceMap(channels: 3, height: image.height, width: image.width)
        for y in 0..<image.height {
            for x in 0..<image.width {
                for channel in 0..<3 {
                    let value = Double(image.pixels[(y * image.width + x) * 3 + channel])
                    map[channel, y, x] = ((value + 1) / 2 - mean[channel]) / standardDeviation[channel]
                }
            }
        }
        return map
    }

    static let mean = [0.485, 0.456, 0.406]
    static let standardDeviation = [0.229, 0.224, 0.225]

    /// The map of a layer.
    func output(of image: Image, at location: Location) throws(NetworkError) -> ReferenceMap {
        var map = ReferenceNetwork.normalized(image)
        for block in MobileNetV2.blocks[...location.block] {
            let input = map
            for (stage, convolution) in zip([BlockStage.expand, .depthwise, .project], try convolutions(of: block)) {
                map = ReferenceNetwork.forward(convolution, map)
                if stage < .project { map = ReferenceNetwork.rectified6(map) }
                if block.index == location.block, stage == location.stage { return map }
            }
            if block.hasResidual { for index in map.values.indices { map.values[index] += input.values[index] } }
        }
        return map
    }

    /// Gradient of one unit's mean by the image `[height, width, channel]`, with the masks that `evaluator` left.
    func gradient(of unit: Int, masksOf evaluator: Evaluator) throws(NetworkError) -> [Double] {
        try gradient(masksOf: evaluator) { gradient in
            let pixels = gradient.height * gradient.width
            for pixel in 0..<pixels { gradient.values[unit * pixels + pixel] = 1 / Double(pixels) }
        }
    }

    /// Takes a gradient by the layer's activations, which `fill` writes, back to the image.
    func gradient(masksOf evaluator: Evaluator, fill: (inout ReferenceMap) -> Void) throws(NetworkError) -> [Double] {
        let location = try evaluator.location()
        let passes = evaluator.masks()
        // Shapes only: the gradient of a network with fixed masks needs no activations.
        var shapes: [[ReferenceMap]] = []
        var shape = ReferenceMap(channels: 3, height: evaluator.height, width: evaluator.width)
        for block in MobileNetV2.blocks[...location.block] {
            func halved(_ size: Int, _ stride: Int) -> Int { (size + stride - 1) / stride }
            let first = block.isStem ? 2 : 1
            let (height, width) = (halved(shape.height, first), halved(shape.width, first))
            let (rows, columns) = (halved(height, block.depthwiseStride), halved(width, block.depthwiseStride))
            shapes.append([
                shape, ReferenceMap(channels: block.expandedChannels, height: height, width: width),
                ReferenceMap(channels: block.expandedChannels, height: rows, width: columns),
            ])
            shape = ReferenceMap(channels: block.outputChannels, height: rows, width: columns)
        }
        var gradient = ReferenceMap(channels: 0, height: 0, width: 0)
        for block in MobileNetV2.blocks[...location.block].reversed() {
            let convolutions = try convolutions(of: block)
            let last = block.index == location.block ? min(location.stage, .project) : .project
            if block.index == location.block {
                gradient = last == .project ? shape : shapes[block.index][last.rawValue + 1]
                fill(&gradient)
            }
            let outputGradient = gradient
            for stage in stride(from: last.rawValue, through: 0, by: -1) {
                if stage < BlockStage.project.rawValue {
                    ReferenceNetwork.apply(passes[block.index][stage], to: &gradient)
                }
                gradient = ReferenceNetwork.backward(convolutions[stage], gradient, input: shapes[block.index][stage])
            }
            if block.hasResidual, block.index < location.block || location.stage == .add {
                for index in gradient.values.indices { gradient.values[index] += outputGradient.values[index] }
            }
        }
        return ReferenceNetwork.imageGradient(gradient)
    }

    private static func apply(_ mask: MaskPlane, to gradient: inout ReferenceMap) {
        let pixels = gradient.height * gradient.width
        for channel in 0..<gradient.channels {
            for pixel in 0..<pixels {
                let bits = mask.block(channel / laneWidth).maskWord(pixel / maskPixels)[channel % laneWidth]
                if bits >> UInt32(pixel % maskPixels) & 1 == 0 { gradient.values[channel * pixels + pixel] = 0 }
            }
        }
    }

    private static func imageGradient(_ gradient: ReferenceMap) -> [Double] {
        var result = [Double](repeating: 0, count: gradient.values.count)
        let pixels = gradient.height * gradient.width
        for channel in 0..<3 {
            for pixel in 0..<pixels {
                result[pixel * 3 + channel] =
                    gradient.values[channel * pixels + pixel] * 0.5 / standardDeviation[channel]
            }
        }
        return result
    }
}

extension Evaluator {
    /// Where its layer lies in the paper's table.
    func location() throws(NetworkError) -> Location {
        guard let location = MobileNetV2.location(of: layer.name) else {
            throw NetworkError(file: network.model.path, place: layer.name, reason: "is no layer of the table")
        }
        return location
    }

    /// The masks that the engine left, block by block: of the expansion and of the depthwise convolution.
    func masks() -> [[MaskPlane]] {
        plan.steps.compactMap { step in
            switch step.operation {
            case let block as InvertedResidual: [block.expandMask, block.depthwiseMask]
            case let head as PointwiseConvolution: [head.mask]
            default: nil
            }
        }
    }
}
